import type { CaseScore } from './score.ts';
import type { Interval } from './statistics/interval.ts';
import { meanOf } from './statistics/interval.ts';
import { wilson } from './statistics/proportions.ts';
import { bootstrapMean, quantile } from './statistics/resampling.ts';

/** One metric over all cases of a run. Errors and what could not be measured are counted, never averaged in. */
export interface MetricSummary {
  readonly metric: string;
  readonly n: number;
  readonly notMeasurable: number;
  readonly errors: number;
  /** Null when nothing was measured. */
  readonly mean: number | null;
  /** Of the mean, at 95 %: Wilson's for yes/no scores, the BCa bootstrap's for graded ones. */
  readonly interval: (Interval & { readonly method: 'wilson' | 'bootstrap' }) | null;
  readonly p50: number | null;
  readonly p95: number | null;
}

/** Enough for two digits of an end, and quick inside a request. */
const RESAMPLES = 4_000;

export function summarise(scores: readonly CaseScore[]): readonly MetricSummary[] {
  const metrics = [...new Set(scores.map((score) => score.metric))];
  return metrics.map((metric) => {
    const own = scores.filter((score) => score.metric === metric).map(({ score }) => score);
    const values = own.flatMap((score) => (score.kind === 'value' ? [score.value] : []));
    const sorted = values.toSorted((a, b) => a - b);
    const counted = {
      metric,
      n: values.length,
      notMeasurable: own.filter((score) => score.kind === 'not-measurable').length,
      errors: own.filter((score) => score.kind === 'error').length,
    };
    if (values.length === 0) return { ...counted, mean: null, interval: null, p50: null, p95: null };
    return {
      ...counted,
      mean: meanOf(values),
      interval: intervalOf(values),
      p50: quantile(sorted, 0.5),
      p95: quantile(sorted, 0.95),
    };
  });
}

function intervalOf(values: readonly number[]): MetricSummary['interval'] {
  if (values.every((value) => value === 0 || value === 1)) {
    const successes = values.filter((value) => value === 1).length;
    return { method: 'wilson', ...wilson(successes, values.length) };
  }
  return { method: 'bootstrap', ...bootstrapMean(values, { resamples: RESAMPLES }) };
}
