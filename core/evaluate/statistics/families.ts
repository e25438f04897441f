import { checkSample, meanOf } from './interval.ts';

function checkProbabilities(p: readonly number[]): void {
  const bad = p.find((value) => !(value >= 0 && value <= 1));
  if (bad !== undefined) throw new RangeError(`Cannot use ${bad} as a p-value: it is not within [0, 1]`);
}

/** Adjusted p-values in the order given: Holm's step-down (1979), which holds the family-wise error. */
export function holm(p: readonly number[]): readonly number[] {
  checkProbabilities(p);
  const adjusted = [...p];
  let largest = 0;
  const ascending = p.map((value, index) => ({ value, index })).sort((a, b) => a.value - b.value);
  for (const [rank, { value, index }] of ascending.entries()) {
    largest = Math.max(largest, Math.min(1, value * (p.length - rank)));
    adjusted[index] = largest;
  }
  return adjusted;
}

/** Adjusted p-values in the order given: Benjamini and Hochberg (1995), which holds the false discovery rate. */
export function benjaminiHochberg(p: readonly number[]): readonly number[] {
  checkProbabilities(p);
  const adjusted = [...p];
  let smallest = 1;
  const descending = p.map((value, index) => ({ value, index })).sort((a, b) => b.value - a.value);
  for (const [rank, { value, index }] of descending.entries()) {
    smallest = Math.min(smallest, (value * p.length) / (p.length - rank));
    adjusted[index] = smallest;
  }
  return adjusted;
}

/**
 * The mean with a standard error that knows that scores of one cluster (a document, a conversation) go
 * together (Miller, arXiv 2411.00640, section 2.2; no small-sample correction).
 */
export function clusteredError(
  scores: readonly number[],
  clusters: readonly (string | number)[],
): { readonly mean: number; readonly standardError: number } {
  checkSample('scores', scores);
  if (scores.length !== clusters.length) {
    throw new RangeError(`Cannot cluster ${scores.length} scores by ${clusters.length} names`);
  }
  const mean = meanOf(scores);
  const sums = new Map<string | number, number>();
  for (const [index, score] of scores.entries()) {
    const cluster = clusters[index] ?? index;
    sums.set(cluster, (sums.get(cluster) ?? 0) + score - mean);
  }
  const squares = [...sums.values()].reduce((total, sum) => total + sum * sum, 0);
  return { mean, standardError: Math.sqrt(squares) / scores.length };
}
