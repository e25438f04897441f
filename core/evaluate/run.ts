import { type Clock, DAY, MINUTE } from '../clock.ts';
import { Failure, invalid, notFound } from '../failure.ts';
import {
  type CaseId,
  type DatasetId,
  type EvaluationId,
  type KeyId,
  newId,
  type PromptId,
  type Random,
  type TenantId,
  type TraceId,
  type VectorStoreId,
} from '../identifier.ts';
import { type Catalogue, type ChatEntry, findModel } from '../models/catalogue.ts';
import type { Page, PageRange } from '../page.ts';
import { type PipelineDependencies, pipelineOf } from '../pipeline.ts';
import type { PromptLibrary, PromptReference } from '../prompts/library.ts';
import type { PromptVersion } from '../prompts/prompt.ts';
import type { Scope } from '../scope.ts';
import type { Money } from '../telemetry/money.ts';
import type { DatasetRepository, EvaluationCase } from './dataset.ts';
import type { AnswerMetric } from './metrics/answers.ts';
import { definitionsOf } from './provenance.ts';
import type { CaseScore, Score } from './score.ts';

/**
 * One prompt version over one dataset. Cases are answered from a queue that delivers each at least once.
 *
 *  EVL-1 A case has at most one result that counts: the first answer stays, and only an error is replaced.
 *  EVL-2 A delivery of a case that has its answer costs nothing.
 *  EVL-3 A run is completed when every case has a result; a message that died leaves an error, never a gap.
 *  EVL-4 A run names the model and the pipeline of all its answers, and no pipeline where they came through several.
 *  EVL-5 A run names what its metrics meant when they scored, not what they mean to the code that reads it later.
 */
export interface EvaluationRun {
  readonly id: EvaluationId;
  readonly tenantId: TenantId;
  /** Whose budget pays for it. */
  readonly keyId: KeyId;
  readonly datasetId: DatasetId;
  readonly promptId: PromptId;
  readonly promptVersion: number;
  /** By its name in the catalogue; null where the catalogue has no such model. */
  readonly model: string | null;
  /** Fingerprint (`core/pipeline.ts`); null where none holds for all answers. */
  readonly pipeline: string | null;
  readonly vectorStoreIds: readonly VectorStoreId[];
  readonly metrics: readonly AnswerMetric[];
  /** What each metric means in all of its scores; null for one that was redefined in between (EVL-5). */
  readonly definitions: Readonly<Record<string, string | null>>;
  readonly total: number;
  readonly status: 'running' | 'completed';
  readonly createdAt: number;
  readonly completedAt: number | null;
}

export interface CountedRun extends EvaluationRun {
  readonly counts: { readonly done: number; readonly errors: number };
}

export interface CaseResult {
  readonly tenantId: TenantId;
  readonly runId: EvaluationId;
  readonly caseId: CaseId;
  readonly traceId: TraceId | null;
  readonly answer: string | null;
  readonly scores: Readonly<Record<string, Score>>;
  readonly milliseconds: number | null;
  readonly cost: Money;
  readonly error: string | null;
  readonly createdAt: number;
}

export interface EvaluationRepository {
  create(run: EvaluationRun): Promise<void>;
  find(tenantId: TenantId, id: EvaluationId): Promise<CountedRun | null>;
  list(tenantId: TenantId, range: PageRange): Promise<Page<CountedRun>>;
  results(tenantId: TenantId, runId: EvaluationId, range: PageRange): Promise<Page<CaseResult>>;
  scores(tenantId: TenantId, runId: EvaluationId): Promise<readonly CaseScore[]>;
  /** Whether the case has a result that is not an error. */
  answered(tenantId: TenantId, runId: EvaluationId, caseId: CaseId): Promise<boolean>;
  /** The run's answers came through more than one pipeline: it names none from now on (EVL-4). */
  forgetPipeline(tenantId: TenantId, runId: EvaluationId): Promise<void>;
  /** Scores of this metric were made by more than one definition: the run names none from now on (EVL-5). */
  forgetDefinition(tenantId: TenantId, runId: EvaluationId, metric: AnswerMetric): Promise<void>;
  /** Open runs of all tenants in which nothing has happened since `before`. */
  stalled(before: number): Promise<readonly EvaluationRun[]>;
  /** Keeps EVL-1, and completes the run when it was the last. */
  record(result: CaseResult): Promise<void>;
}

/** At least once, in any order; only ids travel. */
export interface EvaluationQueue {
  send(
    messages: readonly { tenantId: TenantId; runId: EvaluationId; caseId: CaseId }[],
    delaySeconds?: number,
  ): Promise<void>;
}

export interface StartDependencies extends PipelineDependencies {
  readonly catalogue: Catalogue;
  readonly datasets: DatasetRepository;
  readonly evaluations: EvaluationRepository;
  readonly evaluationQueue: EvaluationQueue;
  readonly prompts: PromptLibrary;
  readonly clock: Clock;
  readonly random: Random;
}

export interface NewRun {
  readonly datasetId: DatasetId;
  readonly prompt: PromptReference | null;
  readonly vectorStoreIds: readonly VectorStoreId[];
  readonly metrics: readonly AnswerMetric[];
}

/** The most that a queue takes at once. */
const CASES_A_PAGE = 100;

/** A case takes seconds; after so long without a result its message is taken for lost. */
const STALLED_AFTER = 5 * MINUTE;
/** Then the cases that still have no result become errors. */
const GIVEN_UP_AFTER = DAY;

/** Writes the run and puts its cases on the queue. The caller has checked that the stores are the tenant's. */
export async function startRun(
  deps: StartDependencies,
  scope: Scope,
  wanted: NewRun,
): Promise<EvaluationRun> {
  const dataset = await deps.datasets.find(scope.tenantId, wanted.datasetId);
  if (dataset === null) throw notFound('dataset', wanted.datasetId, 'dataset');
  if (new Set(wanted.metrics).size < wanted.metrics.length)
    throw invalid('metrics', 'A metric is listed twice.');
  const prompt = await deps.prompts.resolve(scope.tenantId, wanted.prompt).catch(underPromptVersion);
  const run: EvaluationRun = {
    id: newId('eval', deps.random),
    tenantId: scope.tenantId,
    keyId: scope.keyId,
    datasetId: dataset.id,
    promptId: prompt.promptId,
    promptVersion: prompt.version,
    ...(await modelAndPipeline(deps, prompt)),
    vectorStoreIds: wanted.vectorStoreIds,
    metrics: wanted.metrics,
    definitions: definitionsOf(wanted.metrics),
    total: dataset.size,
    status: 'running',
    createdAt: deps.clock(),
    completedAt: null,
  };
  await deps.evaluations.create(run);
  await sendCases(deps, run);
  return run;
}

/** What answers now. A model that is not in the catalogue is each case's error, and no reason not to start. */
async function modelAndPipeline(
  deps: Pick<StartDependencies, 'catalogue'> & PipelineDependencies,
  prompt: Pick<PromptVersion, 'model'>,
): Promise<Pick<EvaluationRun, 'model' | 'pipeline'>> {
  let chat: ChatEntry;
  try {
    chat = findModel(deps.catalogue, prompt.model, 'chat');
  } catch (error) {
    if (error instanceof Failure) return { model: null, pipeline: null };
    throw error;
  }
  return { model: chat.name, pipeline: (await pipelineOf(deps, chat)).fingerprint };
}

/** Here one field names both the prompt and its version. */
function underPromptVersion(error: unknown): never {
  if (!(error instanceof Failure)) throw error;
  throw new Failure(error.code, error.message, { ...error.details, param: 'prompt_version' });
}

/** All cases, also those that have a result: with EVL-2 that costs one look at the row. */
async function sendCases(
  deps: Pick<StartDependencies, 'datasets' | 'evaluationQueue'>,
  run: EvaluationRun,
): Promise<void> {
  let waiting: { tenantId: TenantId; runId: EvaluationId; caseId: CaseId }[] = [];
  for await (const caseId of caseIds(deps, run)) {
    waiting.push({ tenantId: run.tenantId, runId: run.id, caseId });
    if (waiting.length < CASES_A_PAGE) continue;
    await deps.evaluationQueue.send(waiting);
    waiting = [];
  }
  if (waiting.length > 0) await deps.evaluationQueue.send(waiting);
}

async function* caseIds(
  deps: Pick<StartDependencies, 'datasets'>,
  run: EvaluationRun,
): AsyncGenerator<CaseId> {
  let after: string | null = null;
  do {
    const range: PageRange = { limit: CASES_A_PAGE, after };
    const page: Page<EvaluationCase> = await deps.datasets.cases(run.tenantId, run.datasetId, range);
    for (const { id } of page.data) yield id;
    after = page.next;
  } while (after !== null);
}

/** Called from time to time: sends the open cases of stalled runs again, and ends the runs that are a day old. */
export async function resumeRuns(
  deps: Pick<StartDependencies, 'datasets' | 'evaluations' | 'evaluationQueue' | 'clock'>,
  abandon: (
    message: { tenantId: TenantId; runId: EvaluationId; caseId: CaseId },
    reason: string,
  ) => Promise<void>,
): Promise<void> {
  const now = deps.clock();
  for (const run of await deps.evaluations.stalled(now - STALLED_AFTER)) {
    if (run.createdAt > now - GIVEN_UP_AFTER) await sendCases(deps, run);
    else {
      for await (const caseId of caseIds(deps, run)) {
        await abandon({ tenantId: run.tenantId, runId: run.id, caseId }, 'No result within a day.');
      }
    }
  }
}
