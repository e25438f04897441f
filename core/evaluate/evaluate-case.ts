import type { Key, KeyRepository } from '../access/key.ts';
import { Meter, type MeterDependencies, type MeteredWork } from '../access/meter.ts';
import { wholeAnswer } from '../answer/answer.ts';
import { type PrepareDependencies, prepareAnswer } from '../answer/prepare.ts';
import type { Citation } from '../answer/request.ts';
import { Failure } from '../failure.ts';
import type { CaseId, EvaluationId, TenantId, TraceId } from '../identifier.ts';
import { parsedText } from '../ingest/block.ts';
import type { FileContents } from '../ingest/file.ts';
import { textMessage } from '../models/conversation.ts';
import { inDollars, noMoney } from '../telemetry/money.ts';
import type { Trace } from '../telemetry/trace.ts';
import type { DatasetRepository, EvaluationCase } from './dataset.ts';
import { type Answered, answerMetrics } from './metrics/answers.ts';
import { redefined } from './provenance.ts';
import type { EvaluationRepository, EvaluationRun } from './run.ts';
import { failed } from './score.ts';

export interface CaseDependencies extends PrepareDependencies, MeterDependencies {
  readonly datasets: DatasetRepository;
  readonly evaluations: EvaluationRepository;
  readonly contents: Pick<FileContents, 'readBlocks'>;
  readonly keys: Pick<KeyRepository, 'find'>;
}

export interface CaseMessage {
  readonly tenantId: TenantId;
  readonly runId: EvaluationId;
  readonly caseId: CaseId;
}

/**
 * Answers one case as a caller would have it answered, on the budget of the key that started the run, scores
 * it and writes the result. Safe to repeat (EVL-1, EVL-2).
 * @throws Failure whatever stood in the way; nothing was written then.
 */
export async function evaluateCase(
  deps: CaseDependencies,
  message: CaseMessage,
  trace: Trace,
): Promise<void> {
  const open = await openCase(deps, message);
  if (open === null) return;
  const { run, asked } = open;
  trace.root.set({ 'selvedge.evaluation': run.id, 'selvedge.case': asked.id });
  const meter = new Meter(deps, { trace, account: await keyOf(deps, run), route: 'queue:evaluation' });
  let failure: unknown;
  try {
    const { text, answered } = await answerCase(deps, run, asked, { work: meter.work, trace });
    if (run.pipeline !== null && trace.pipeline !== run.pipeline) {
      await deps.evaluations.forgetPipeline(run.tenantId, run.id);
    }
    for (const metric of redefined(run.definitions)) {
      await deps.evaluations.forgetDefinition(run.tenantId, run.id, metric);
    }
    await deps.evaluations.record({
      ...message,
      traceId: trace.traceId,
      answer: text,
      scores: Object.fromEntries(run.metrics.map((name) => [name, answerMetrics[name](asked, answered)])),
      milliseconds: answered.milliseconds,
      cost: trace.totals.cost,
      error: null,
      createdAt: deps.clock(),
    });
  } catch (error) {
    failure = error;
    throw error;
  } finally {
    await meter.end({ error: failure });
  }
}

/** The result of a case that will not be tried again: an error, so that the run can end (EVL-3). */
export async function abandonCase(
  deps: Pick<CaseDependencies, 'evaluations' | 'datasets' | 'clock'>,
  message: CaseMessage,
  reason: string,
  traceId: TraceId | null = null,
): Promise<void> {
  const open = await openCase(deps, message);
  if (open === null) return;
  await deps.evaluations.record({
    ...message,
    traceId,
    answer: null,
    scores: Object.fromEntries(open.run.metrics.map((name) => [name, failed(reason)])),
    milliseconds: null,
    cost: noMoney,
    error: reason,
    createdAt: deps.clock(),
  });
}

/** Null when there is nothing to do: the run is gone, or the case has its answer. */
async function openCase(
  deps: Pick<CaseDependencies, 'evaluations' | 'datasets'>,
  { tenantId, runId, caseId }: CaseMessage,
): Promise<{ readonly run: EvaluationRun; readonly asked: EvaluationCase } | null> {
  const run = await deps.evaluations.find(tenantId, runId);
  if (run === null || (await deps.evaluations.answered(tenantId, runId, caseId))) return null;
  const asked = await deps.datasets.case(tenantId, run.datasetId, caseId);
  return asked === null ? null : { run, asked };
}

async function answerCase(
  deps: CaseDependencies,
  run: EvaluationRun,
  { question }: EvaluationCase,
  { work, trace }: { readonly work: MeteredWork; readonly trace: Trace },
): Promise<{ readonly text: string; readonly answered: Answered }> {
  // A store that is gone would look like documents that do not say: an error, not a silent 0.
  const { events } = await prepareAnswer(deps, work, {
    messages: [textMessage('user', question)],
    prompt: { id: run.promptId, version: run.promptVersion },
    documents: { vectorStoreIds: run.vectorStoreIds },
  });
  const began = deps.clock();
  const { text, citations } = await wholeAnswer(events);
  const milliseconds = deps.clock() - began;
  const checked = await checkCitations(deps, run.tenantId, citations);
  const dollars = inDollars(trace.totals.cost);
  return { text, answered: { text, citations: checked, milliseconds, dollars } };
}

async function keyOf(deps: CaseDependencies, run: EvaluationRun): Promise<Key> {
  const key = await deps.keys.find(run.tenantId, run.keyId);
  if (key === null) throw new Failure('forbidden', 'The key that started this evaluation was revoked.');
  return key;
}

/** Whether each quote stands in its document at its offsets, read from where the document is kept. */
async function checkCitations(
  deps: Pick<CaseDependencies, 'contents'>,
  tenantId: TenantId,
  citations: readonly Citation[],
): Promise<readonly boolean[]> {
  const texts = new Map<string, string>();
  for (const id of new Set(citations.map((citation) => citation.fileId))) {
    texts.set(id, parsedText((await deps.contents.readBlocks(tenantId, id)) ?? []));
  }
  return citations.map(
    ({ fileId, start, end, quote }) => quote !== '' && texts.get(fileId)?.slice(start, end) === quote,
  );
}
