import type { Fusion } from '../models/calibration.ts';
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

/** Candidates that each side is asked for: the most that Vectorize answers. */
export const CANDIDATES = 100;

/**
 * Merges the two sides' lists by a convex combination of min–max normalised scores, best first; ties fall by id,
 * so that the same lists always give the same order. What a side does not list counts as the worst on its list.
 *
 * Why not reciprocal ranks: they throw away by how much one passage beats the next, and lost to the better side
 * on five of six collections (Bruch et al., arXiv 2210.11934, find the same).
 */
export function fuse(
  dense: readonly Candidate[],
  sparse: readonly Candidate[],
  weights: Weights,
): readonly Fused[] {
  const sum = weights.embedding + weights.text;
  const similarities = new Map(dense.map(({ passageId, score }) => [passageId, score]));
  const relevances = new Map(sparse.map(({ passageId, score }) => [passageId, score]));
  const near = scaled(dense, Math.min(...scoresOf(dense)));
  const worded = scaled(sparse, sparseFloor(sparse));
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

/**
 * How much each side has to say about this question, as weights for `fuse`.
 *
 * The dense side counts by the range of its cosines: where all hundred passages are about as near (a question in
 * a language that the model does not know), their order is noise. The sparse side counts by how far its best
 * match stands out from the list, in standard deviations, squared: a rare word that one passage has is strong
 * evidence, common words that all have are none. A fixed share of .3 for the sparse side does as well on most
 * English text, loses .016 on web passages, and half of the ranking on Chinese (docs/decisions/041-fusion.md).
 */
export function fusionWeights(
  dense: readonly Candidate[],
  sparse: readonly Candidate[],
  fusion: Fusion,
): Weights {
  if (fusion.kind === 'fixed') {
    const embedding = dense.length === 0 ? 0 : sparse.length === 0 ? 1 : fusion.embeddingShare;
    return { embedding, text: 1 - embedding };
  }
  const range = dense.length === 0 ? 0 : Math.max(...scoresOf(dense)) - Math.min(...scoresOf(dense));
  const text = fusion.cosineASquaredDeviation * prominence(sparse) ** 2;
  return range + text === 0 ? { embedding: 1, text: 1 } : { embedding: range, text };
}

/** Standard deviations between the best score and the mean of the list, with 0 for all that was not listed. */
function prominence(sparse: readonly Candidate[]): number {
  if (sparse.length === 0) return 0;
  const scores = scoresOf(sparse);
  const count = Math.max(CANDIDATES, scores.length);
  const mean = scores.reduce((sum, score) => sum + score, 0) / count;
  const squares = scores.reduce((sum, score) => sum + (score - mean) ** 2, 0);
  const deviation = Math.sqrt((squares + (count - scores.length) * mean ** 2) / count);
  return deviation === 0 ? 0 : (Math.max(...scores) - mean) / deviation;
}

const scoresOf = (candidates: readonly Candidate[]): readonly number[] =>
  candidates.map(({ score }) => score);

/** A list that did not fill up holds every match; whatever else there is scores 0. */
const sparseFloor = (sparse: readonly Candidate[]): number =>
  sparse.length < CANDIDATES ? Math.min(0, ...scoresOf(sparse)) : Math.min(...scoresOf(sparse));

/** Scores moved to 0…1 between `low` and the list's best; a list of equals is all 1, each as good as its best. */
function scaled(candidates: readonly Candidate[], low: number): ReadonlyMap<string, number> {
  const range = Math.max(...scoresOf(candidates)) - low;
  return new Map(
    candidates.map(({ passageId, score }) => [passageId, range === 0 ? 1 : (score - low) / range]),
  );
}

/** Can change an answer: part of the pipeline's fingerprint (core/pipeline.ts). */
export const fusionConstants = { CANDIDATES };
