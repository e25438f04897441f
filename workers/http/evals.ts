import { Hono } from 'hono';
import {
  Evaluation,
  EvaluationList,
  EvaluationReport,
  type EvaluationResult,
  type MetricSummary,
  ScoreLines,
  StartEvaluationRequest,
} from '../../contract/evals.ts';
import * as examples from '../../contract/examples/evaluations.ts';
import { onePage } from '../../contract/examples/ids.ts';
import { Paging } from '../../contract/paging.ts';
import { isQuality } from '../../core/evaluate/metrics/answers.ts';
import { headerLine } from '../../core/evaluate/provenance.ts';
import { type CaseResult, type CountedRun, startRun } from '../../core/evaluate/run.ts';
import { type CaseScore, scoreLine } from '../../core/evaluate/score.ts';
import { type MetricSummary as MeasuredMetric, summarise } from '../../core/evaluate/summary.ts';
import { invalid, notFound } from '../../core/failure.ts';
import { asId, type EvaluationId, type PromptId, type VectorStoreId } from '../../core/identifier.ts';
import { openVectorStore } from '../../core/ingest/vector-store.ts';
import { promptVersionName } from '../../core/prompts/prompt.ts';
import { inDollars } from '../../core/telemetry/money.ts';
import { needs } from './authentication.ts';
import type { Context, Routes } from './context.ts';
import { operation } from './operation.ts';
import { isoTime, rangeOf, serializePage } from './paging.ts';
import { jsonBody, queryString } from './validation.ts';

function promptOf(name: string | undefined) {
  if (name === undefined) return null;
  const [id = name, version] = name.split('@');
  return { id: asId<PromptId>(id), ...(version === undefined ? {} : { version: Number(version) }) };
}

const promptNameOf = ({ promptId, promptVersion }: CountedRun): string =>
  promptVersionName({ promptId, version: promptVersion });

const serializeEvaluation = (run: CountedRun): Evaluation => ({
  id: run.id,
  dataset: run.datasetId,
  prompt_version: promptNameOf(run),
  model: run.model,
  pipeline: run.pipeline,
  vector_store_ids: run.vectorStoreIds,
  metrics: run.metrics,
  status: run.status,
  counts: { total: run.total, ...run.counts },
  created_at: isoTime(run.createdAt),
  completed_at: run.completedAt === null ? null : isoTime(run.completedAt),
});

const serializeResult = (result: CaseResult): EvaluationResult => ({
  case: result.caseId,
  trace_id: result.traceId,
  answer: result.answer,
  scores: result.scores,
  milliseconds: result.milliseconds,
  cost_usd: inDollars(result.cost),
  error: result.error,
});

const serializeSummary = ({ notMeasurable, ...summary }: MeasuredMetric): MetricSummary => ({
  ...summary,
  not_measurable: notMeasurable,
});

async function find(c: Context, id: EvaluationId): Promise<CountedRun> {
  const run = await c.var.services.evaluations.find(c.var.scope.tenantId, id);
  if (run === null) throw notFound('evaluation', id);
  return run;
}

const scoresOf = (c: Context, run: CountedRun): Promise<readonly CaseScore[]> =>
  c.var.services.evaluations.scores(c.var.scope.tenantId, run.id);

async function headerOf(c: Context, run: CountedRun): Promise<string> {
  const dataset = await c.var.services.datasets.find(run.tenantId, run.datasetId);
  if (dataset === null) throw notFound('dataset', run.datasetId);
  const line = headerLine({
    dataset: dataset.hash,
    prompt: promptNameOf(run),
    model: run.model,
    pipeline: run.pipeline,
    metrics: run.definitions,
  });
  return `${line}\n`;
}

const tag = 'evaluations';

export const evals = new Hono<Routes>()
  .post(
    '/',
    needs('evals'),
    operation({
      summary: 'Evaluate a prompt version on a dataset, in the background',
      description:
        'Without `prompt_version`: the production version of `default`. The cost is charged to the key of this call.',
      tag,
      request: examples.startEvaluationRequest,
      answers: {
        201: {
          schema: Evaluation,
          example: {
            ...examples.evaluation,
            status: 'running',
            counts: { total: 2, done: 0, errors: 0 },
            completed_at: null,
          },
        },
      },
    }),
    jsonBody(StartEvaluationRequest),
    async (c) => {
      const { services, scope } = c.var;
      const wanted = c.req.valid('json');
      const vectorStoreIds = wanted.vector_store_ids.map(asId<VectorStoreId>);
      for (const [place, id] of vectorStoreIds.entries()) {
        const param = `vector_store_ids[${place}]`;
        if (vectorStoreIds.indexOf(id) < place)
          throw invalid(param, `The vector store '${id}' is listed twice.`);
        await openVectorStore(services, scope.tenantId, id, param);
      }
      const run = await startRun(services, scope, {
        datasetId: asId(wanted.dataset),
        prompt: promptOf(wanted.prompt_version),
        vectorStoreIds,
        metrics: wanted.metrics,
      });
      return c.json(serializeEvaluation({ ...run, counts: { done: 0, errors: 0 } }), 201);
    },
  )
  .get(
    '/',
    needs('read'),
    operation({
      summary: 'List evaluations, newest first',
      tag,
      answers: { 200: { schema: EvaluationList, example: onePage(examples.evaluation) } },
    }),
    queryString(Paging),
    async (c) => {
      const range = rangeOf(c.req.valid('query'));
      return c.json(
        serializePage(
          await c.var.services.evaluations.list(c.var.scope.tenantId, range),
          serializeEvaluation,
        ),
      );
    },
  )
  .get(
    '/:id',
    needs('read'),
    operation({
      summary: 'Read an evaluation: each metric with its interval, and a page of results',
      tag,
      answers: { 200: { schema: EvaluationReport, example: examples.evaluationReport } },
    }),
    queryString(Paging),
    async (c) => {
      const run = await find(c, asId(c.req.param('id')));
      const range = rangeOf(c.req.valid('query'));
      const results = await c.var.services.evaluations.results(c.var.scope.tenantId, run.id, range);
      const summaries = summarise(await scoresOf(c, run));
      return c.json({
        ...serializeEvaluation(run),
        summary: summaries.map(serializeSummary),
        results: serializePage(results, serializeResult),
      });
    },
  )
  .get(
    '/:id/scores',
    needs('read'),
    operation({
      summary: 'Read the scores as JSON Lines, as the gate reads them',
      description:
        'The first line says what was run; then come the scores, only of metrics where higher is better.',
      tag,
      answers: {
        200: { schema: ScoreLines, example: examples.scoreLines, type: 'application/jsonl' },
      },
    }),
    async (c) => {
      const run = await find(c, asId(c.req.param('id')));
      const [scores, header] = [await scoresOf(c, run), await headerOf(c, run)];
      const lines = scores.filter(({ metric }) => isQuality(metric)).map((score) => `${scoreLine(score)}\n`);
      return c.body([header, ...lines].join(''), 200, { 'content-type': 'application/jsonl' });
    },
  );
