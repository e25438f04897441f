/** What a metric says of one case. Nothing to score is its own outcome: never NaN, never a silent 0 or 1. */
export type Score =
  | { readonly kind: 'value'; readonly value: number }
  | { readonly kind: 'not-measurable'; readonly reason: string }
  | { readonly kind: 'error'; readonly message: string };

/** Throws on a value that is not a finite number: a bug in a metric must not become a score. */
export function value(number: number): Score {
  if (!Number.isFinite(number)) throw new RangeError(`Cannot use ${number} as a score`);
  return { kind: 'value', value: number };
}

export const notMeasurable = (reason: string): Extract<Score, { kind: 'not-measurable' }> => ({
  kind: 'not-measurable',
  reason,
});

export const failed = (message: string): Score => ({ kind: 'error', message });

/** One line of a result file: what one metric says of one case. */
export interface CaseScore {
  readonly case: string;
  readonly metric: string;
  readonly score: Score;
}

/** A line of a result file: a number where there is one, `error` where it failed, else why there is none. */
export function scoreLine({ case: id, metric, score }: CaseScore): string {
  if (score.kind === 'value') return JSON.stringify({ case: id, metric, score: score.value });
  if (score.kind === 'error') return JSON.stringify({ case: id, metric, error: score.message });
  return JSON.stringify({ case: id, metric, score });
}
