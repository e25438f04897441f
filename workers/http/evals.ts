import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import { type AnswerMetric, answerMetricNames, isQuality } from '../../core/evaluate/metrics/answers.ts';
import { type CaseResult, type CountedRun, startRun } from '../../core/evaluate/run.ts';
import { type CaseScore, scoreLine } from '../../core/evaluate/score.ts';
import { type MetricSummary, summarise } from '../../core/evaluate/summary.ts';
import { invalid, notFound } from '../../core/failure.ts';
import { openVectorStore } from '../../core/ingest/vector-store.ts';
import { promptVersionName } from '../../core/prompts/prompt.ts';
import { inDollars } from '../../core/telemetry/money.ts';
import { needs } from './authentication.ts';
import type { Context, Routes } from './context.ts';
import { paging, rangeOf, shownPage } from './paging.ts';
import { jsonBody, queryString } from './validation.ts';

const MAX_STORES = 10;

const newRun = z.strictObject({
  dataset: z.string().min(1),
  prompt_version: z
    .string()
    .regex(
      /^[a-z0-9][a-z0-9_-]{0,63}(@[1-9][0-9]{0,8})?$/,
      'expected a prompt, or one version of it: default@3',
    )
    .optional(),
  vector_store_ids: z.array(z.string().min(1)).min(1).max(MAX_STORES),
  metrics: z
    .array(z.enum(answerMetricNames as [AnswerMetric, ...AnswerMetric[]]))
    .min(1)
    .default([...answerMetricNames]),
});

function promptOf(name: string | undefined) {
  if (name === undefined) return null;
  const [id = name, version] = name.split('@');
  return version === undefined ? { id } : { id, version: Number(version) };
}

const shown = (run: CountedRun) => ({
  id: run.id,
  dataset: run.datasetId,
  prompt_version: promptVersionName({ promptId: run.promptId, version: run.promptVersion }),
  vector_store_ids: run.vectorStoreIds,
  metrics: run.metrics,
  status: run.status,
  counts: { total: run.total, ...run.counts },
  created_at: new Date(run.createdAt).toISOString(),
  completed_at: run.completedAt === null ? null : new Date(run.completedAt).toISOString(),
});

const shownResult = (result: CaseResult) => ({
  case: result.caseId,
  trace_id: result.traceId,
  answer: result.answer,
  scores: result.scores,
  milliseconds: result.milliseconds,
  cost_usd: inDollars(result.cost),
  error: result.error,
});

const shownSummary = ({ metric, n, notMeasurable, errors, mean, interval, p50, p95 }: MetricSummary) => ({
  metric,
  n,
  not_measurable: notMeasurable,
  errors,
  mean,
  interval,
  p50,
  p95,
});

async function find(c: Context, id: string): Promise<CountedRun> {
  const run = await c.var.services.evaluations.find(c.var.scope.tenantId, id);
  if (run === null) throw notFound('evaluation', id);
  return run;
}

const scoresOf = (c: Context, run: CountedRun): Promise<readonly CaseScore[]> =>
  c.var.services.evaluations.scores(c.var.scope.tenantId, run.id);

export const evals = new Hono<Routes>()
  .post(
    '/',
    needs('evals'),
    describeRoute({
      summary: 'Run a prompt version over a dataset, from a queue',
      description:
        'Without `prompt_version`: the production version of `default`. The key of this call pays.',
      tags: ['evaluations'],
    }),
    jsonBody(newRun),
    async (c) => {
      const { services, scope } = c.var;
      const wanted = c.req.valid('json');
      for (const [place, id] of wanted.vector_store_ids.entries()) {
        const param = `vector_store_ids[${place}]`;
        if (wanted.vector_store_ids.indexOf(id) < place)
          throw invalid(param, `The store '${id}' is named twice.`);
        await openVectorStore(services, scope.tenantId, id, param);
      }
      const run = await startRun(services, scope, {
        datasetId: wanted.dataset,
        prompt: promptOf(wanted.prompt_version),
        vectorStoreIds: wanted.vector_store_ids,
        metrics: wanted.metrics,
      });
      return c.json(shown({ ...run, counts: { done: 0, errors: 0 } }), 201);
    },
  )
  .get(
    '/',
    needs('read'),
    describeRoute({ summary: 'Evaluations, newest first', tags: ['evaluations'] }),
    queryString(paging),
    async (c) => {
      const range = rangeOf(c.req.valid('query'));
      return c.json(shownPage(await c.var.services.evaluations.list(c.var.scope.tenantId, range), shown));
    },
  )
  .get(
    '/:id',
    needs('read'),
    describeRoute({
      summary: 'An evaluation: each metric with its interval, and a page of results',
      tags: ['evaluations'],
    }),
    queryString(paging),
    async (c) => {
      const run = await find(c, c.req.param('id'));
      const range = rangeOf(c.req.valid('query'));
      const results = await c.var.services.evaluations.results(c.var.scope.tenantId, run.id, range);
      const summaries = summarise(await scoresOf(c, run));
      return c.json({
        ...shown(run),
        summary: summaries.map(shownSummary),
        results: shownPage(results, shownResult),
      });
    },
  )
  .get(
    '/:id/scores',
    needs('read'),
    describeRoute({
      summary: 'The scores of which more is better as JSON Lines, as the gate reads them',
      tags: ['evaluations'],
    }),
    async (c) => {
      const scores = await scoresOf(c, await find(c, c.req.param('id')));
      const lines = scores.filter(({ metric }) => isQuality(metric)).map((score) => `${scoreLine(score)}\n`);
      return c.body(lines.join(''), 200, { 'content-type': 'application/jsonl' });
    },
  );
