import { z } from 'zod';
import { Dollars, pageOf, Time } from './paging.ts';

export const AnswerMetric = z.enum([
  'gold_answer',
  'citation_valid',
  'abstained_rightly',
  'latency_ms',
  'cost_usd',
]);
export type AnswerMetric = z.infer<typeof AnswerMetric>;

/** A value, "not measurable" with its reason, or an error: never NaN, never a silent 0. */
export const Score = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('value'), value: z.number() }),
  z.object({ kind: z.literal('not-measurable'), reason: z.string() }),
  z.object({ kind: z.literal('error'), message: z.string() }),
]);
export type Score = z.infer<typeof Score>;

const MAX_STORES = 10;

export const StartEvaluationRequest = z
  .strictObject({
    dataset: z.string().min(1),
    /** A prompt (its production version), or one version of it: `default@3`. Left out, `default`. */
    prompt_version: z
      .string()
      .regex(
        /^[a-z0-9][a-z0-9_-]{0,63}(@[1-9][0-9]{0,8})?$/,
        'expected a prompt, or one version of it: default@3',
      )
      .optional(),
    vector_store_ids: z.array(z.string().min(1)).min(1).max(MAX_STORES),
    metrics: z
      .array(AnswerMetric)
      .min(1)
      .default([...AnswerMetric.options]),
  })
  .meta({ id: 'StartEvaluationRequest' });
export type StartEvaluationRequest = z.infer<typeof StartEvaluationRequest>;

const fields = {
  id: z.string(),
  dataset: z.string(),
  prompt_version: z.string(),
  /** What answered, by its name in the catalogue; null where the catalogue has no such model. */
  model: z.string().nullable(),
  /** Fingerprint of all else that can change an answer; null where the answers came through more than one pipeline. */
  pipeline: z.string().nullable(),
  vector_store_ids: z.array(z.string()).readonly(),
  metrics: z.array(z.string()).readonly(),
  status: z.enum(['running', 'completed']),
  counts: z.object({ total: z.int(), done: z.int(), errors: z.int() }),
  created_at: Time,
  completed_at: Time.nullable(),
};

export const Evaluation = z.object(fields).meta({ id: 'Evaluation' });
export type Evaluation = z.infer<typeof Evaluation>;

export const EvaluationList = pageOf(Evaluation).meta({ id: 'EvaluationList' });

export const EvaluationResult = z
  .object({
    case: z.string(),
    trace_id: z.string().nullable(),
    answer: z.string().nullable(),
    scores: z.record(z.string(), Score).readonly(),
    milliseconds: z.number().nullable(),
    cost_usd: Dollars,
    error: z.string().nullable(),
  })
  .meta({ id: 'EvaluationResult' });
export type EvaluationResult = z.infer<typeof EvaluationResult>;

export const MetricSummary = z
  .object({
    metric: z.string(),
    n: z.int(),
    not_measurable: z.int(),
    errors: z.int(),
    mean: z.number().nullable(),
    /** Of the mean, at 95 %. */
    interval: z
      .object({ method: z.enum(['wilson', 'bootstrap']), low: z.number(), high: z.number() })
      .nullable(),
    p50: z.number().nullable(),
    p95: z.number().nullable(),
  })
  .meta({ id: 'MetricSummary' });
export type MetricSummary = z.infer<typeof MetricSummary>;

export const EvaluationReport = z
  .object({ ...fields, summary: z.array(MetricSummary), results: pageOf(EvaluationResult) })
  .meta({ id: 'EvaluationReport' });
export type EvaluationReport = z.infer<typeof EvaluationReport>;

/** One line of `GET /api/evals/{id}/scores`, as the gate reads it. */
export const ScoreLine = z.union([
  z.object({ case: z.string(), metric: z.string(), score: z.union([z.number(), Score]) }),
  z.object({ case: z.string(), metric: z.string(), error: z.string() }),
]);

/** The first line of `GET /api/evals/{id}/scores`: what the run was, and so what the gate may compare it with. */
export const RunLine = z.object({
  run: z.object({
    /** SHA-256 of the cases. */
    dataset: z.string(),
    prompt: z.string().nullable(),
    model: z.string().nullable(),
    pipeline: z.string().nullable(),
    /** The definition of each metric. */
    metrics: z.record(z.string(), z.string()),
  }),
});
export type RunLine = z.infer<typeof RunLine>;

/** A `RunLine`, then one `ScoreLine` a line. */
export const ScoreLines = z
  .string()
  .meta({ description: 'JSON Lines: `{"run": {…}}` says what was run, then one score of one case a line.' });
