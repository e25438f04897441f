import type { Candidate } from './indexes.ts';

/** Shares of the two sides in the fused score; only their ratio counts. */
export interface Weights {
  readonly embedding: number;
  readonly text: number;
}

export interface Fused {
  readonly passageId: string;
  /** Cosine similarity; null where the dense side did not list the passage. */
  readonly dense: number | null;
  /** BM25, higher is better; null where the sparse side did not list the passage. */
  readonly sparse: number | null;
  /** 0…1, relative to this question's candidates: it orders them, and says nothing of whether the best is good. */
  readonly fused: number;
}

/**
 * Merges the two sides' lists by a convex combination of min–max normalised scores, best first; ties fall by id,
 * so that the same lists always give the same order. What a side does not list counts as the worst on its list.
 *
 * Why not reciprocal ranks: they throw away by how much one passage beats the next, and lost to the better side
 * on five of six collections (docs/decisions/041-fusion.md; Bruch et al., arXiv 2210.11934, find the same).
 */
export function fuse(
  dense: readonly Candidate[],
  sparse: readonly Candidate[],
  weights: Weights,
): readonly Fused[] {
  const sum = weights.embedding + weights.text;
  const similarities = new Map(dense.map(({ passageId, score }) => [passageId, score]));
  const relevances = new Map(sparse.map(({ passageId, score }) => [passageId, score]));
  const near = minMax(dense);
  const worded = minMax(sparse);
  return [...new Set([...similarities.keys(), ...relevances.keys()])]
    .map((passageId) => ({
      passageId,
      dense: similarities.get(passageId) ?? null,
      sparse: relevances.get(passageId) ?? null,
      fused:
        (weights.embedding * (near.get(passageId) ?? 0) + weights.text * (worded.get(passageId) ?? 0)) / sum,
    }))
    .sort(
      (a, b) => b.fused - a.fused || (a.passageId < b.passageId ? -1 : Number(a.passageId !== b.passageId)),
    );
}

/** Scores moved to 0…1 within their list; a list of equals is all 1, since each is as good as its best. */
function minMax(candidates: readonly Candidate[]): ReadonlyMap<string, number> {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const { score } of candidates) {
    low = Math.min(low, score);
    high = Math.max(high, score);
  }
  const range = high - low;
  return new Map(
    candidates.map(({ passageId, score }) => [passageId, range === 0 ? 1 : (score - low) / range]),
  );
}
