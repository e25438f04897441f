import { canonicalJson } from '../canonical-json.ts';
import { type AnswerMetric, answerMetricNames, isQuality, metricDefinitions } from './metrics/answers.ts';

/**
 * What a run was: the first line of a result file, `{"run": {…}}`, so that the gate compares only what can be compared.
 *
 *  GAT-6 Runs over different datasets, or scored by different definitions of a metric, are not compared. A changed
 *     prompt, model or pipeline is what is being compared: it is reported, and allowed.
 */
export interface Provenance {
  /** SHA-256 of the cases (`core/evaluate/dataset.ts`). */
  readonly dataset: string;
  /** `default@3`. Null, here and below: not recorded. */
  readonly prompt: string | null;
  /** Its name in the catalogue. */
  readonly model: string | null;
  /** Fingerprint of all else that can change an answer (`core/pipeline.ts`). */
  readonly pipeline: string | null;
  /** What each metric means: any JSON value, equal for equal definitions. */
  readonly metrics: Readonly<Record<string, unknown>>;
}

export const headerLine = (run: Provenance): string => JSON.stringify({ run });

/** The definitions of those of the metrics that a result file holds. */
export const definitionsOf = (metrics: readonly AnswerMetric[]): Readonly<Record<string, string>> =>
  Object.fromEntries(metrics.filter(isQuality).map((metric) => [metric, metricDefinitions[metric]]));

/** Of these definitions, the metrics that mean something else now. */
export const redefined = (definitions: Readonly<Record<string, string | null>>): readonly AnswerMetric[] =>
  answerMetricNames.filter((metric) => {
    const before = definitions[metric];
    return typeof before === 'string' && before !== metricDefinitions[metric];
  });

const comparable = ['prompt', 'model', 'pipeline'] as const;

/** What the candidate has changed; a null stands for what a run did not record. */
export type Changes = Partial<
  Readonly<Record<(typeof comparable)[number], { readonly from: string | null; readonly to: string | null }>>
>;

/** @throws Error saying which of the two runs' datasets or metrics differ (GAT-6). */
export function compareRuns(baseline: Provenance, candidate: Provenance): Changes {
  if (baseline.dataset !== candidate.dataset) {
    throw new Error(
      `The runs are over different datasets: ${baseline.dataset} (baseline) and ${candidate.dataset} (candidate). Run both over the same cases.`,
    );
  }
  for (const [metric, definition] of Object.entries(baseline.metrics)) {
    if (!Object.hasOwn(candidate.metrics, metric)) continue;
    const [before, after] = [definition, candidate.metrics[metric]].map(canonicalJson);
    if (before !== after) {
      throw new Error(
        `The metric '${metric}' is defined differently: ${before} (baseline) and ${after} (candidate). Score both runs by the same definition.`,
      );
    }
  }
  return Object.fromEntries(
    comparable
      .filter((what) => baseline[what] !== candidate[what])
      .map((what) => [what, { from: baseline[what], to: candidate[what] }]),
  );
}
