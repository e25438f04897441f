/**
 * What the scores of one embedding model together with one reranker mean. Cosines of another model spread otherwise, and
 * a cross-encoder's .5 is another's .9, so these numbers belong to the pair and to nothing else.
 *
 *  MOD-9 A pair that nobody has measured never borrows another pair's numbers for what depends on them: fusion takes a
 *     fixed share, relevance looks at shared words alone, and traces and `/api/models` say `fallback`.
 */
export interface Calibration {
  /** Catalogue names. */
  readonly embedding: string;
  readonly rerank: string;
  /** The models that answered under these names when it was measured; null for one that the deployment configured. */
  readonly measuredWith: { readonly embedding: string; readonly rerank: string } | null;
  readonly fusion: Fusion;
  /** Share of the cross-encoder in the final score, 0…1. */
  readonly rerankShare: number;
  readonly relevance: RelevanceModels;
  /** The likelihood below which an answer declines, 0…1. */
  readonly thresholds: Readonly<Record<AnswerMode, number>>;
}

/** What a model's own sentences are worth: shown after checking, or not at all (the documents are quoted). */
export type AnswerMode = 'quote' | 'generate';

/** Where calibrations are kept: in the catalogue. */
export interface Calibrated {
  /** The operator's own; the built-in ones stand beside them. */
  readonly calibrations?: readonly Calibration[];
}

/** How the two sides of a search are weighed against each other where the question says nothing of it. */
export type Fusion =
  /** By what each side has to say: what one squared standard deviation of BM25 is worth in cosine. */
  | { readonly kind: 'evidence'; readonly cosineASquaredDeviation: number }
  /** Always the same: the dense side's share, 0…1. */
  | { readonly kind: 'fixed'; readonly embeddingShare: number };

/** A model of the log-odds that the evidence holds the answer: intercept and one weight a signal. */
export interface RelevanceWeights {
  readonly intercept: number;
  readonly passage: number;
  readonly sentence: number;
  readonly lead: number;
  readonly coverage: number;
  readonly cosine: number;
}

export interface RelevanceModels {
  readonly full: RelevanceWeights;
  readonly withoutReranker: RelevanceWeights;
  /** Without vectors and without a reranker: it holds for every pair. */
  readonly wordsAlone: RelevanceWeights;
}

const wordsAlone: RelevanceWeights = {
  intercept: -5.63,
  passage: 0,
  sentence: 0,
  lead: 0,
  coverage: 9.39,
  cosine: 0,
};

/**
 * Quotes are shown as they are, so their evidence must be good; a capable model says itself when its passages hold
 * nothing, and summaries are asked in words that no passage has.
 */
const thresholds: Readonly<Record<AnswerMode, number>> = { quote: 0.2, generate: 0.05 };

/**
 * Fusion: chosen once for all of eight collections (docs/decisions/041-fusion.md). Relevance: logistic regressions on 300
 * questions of xquad-en, each asked once with its paragraph and once without (docs/decisions/052-declining.md). The
 * cross-encoder's values enter as log-odds. Cosine adds nothing beside the cross-encoder; without one it is half of
 * what there is. Measured on a laptop, where MiniLM stands in for the hosted reranker.
 */
export const builtInCalibrations: readonly Calibration[] = [
  {
    embedding: '@cf/baai/bge-small-en-v1.5',
    rerank: '@cf/baai/bge-reranker-base',
    measuredWith: { embedding: '@cf/baai/bge-small-en-v1.5', rerank: 'ms-marco-MiniLM-L-12-v2' },
    fusion: { kind: 'evidence', cosineASquaredDeviation: 0.003 },
    rerankShare: 0.1,
    relevance: {
      full: { intercept: -4.18, passage: 0.281, sentence: 0.138, lead: 0.516, coverage: 3.79, cosine: 0 },
      withoutReranker: { intercept: -11.75, passage: 0, sentence: 0, lead: 0, coverage: 8.36, cosine: 9.91 },
      wordsAlone,
    },
    thresholds,
  },
];

/** The dense side's share where its model is unknown: .3 for the words does as well as any on most English text (041). */
const FIXED_SHARE = 0.7;

/** For a pair without a calibration. What depends on the embedding model alone is kept where that one was measured. */
export function fallbackCalibration(embedding: string, rerank: string, known?: Calibration): Calibration {
  const withoutReranker = known?.relevance.withoutReranker ?? wordsAlone;
  return {
    embedding,
    rerank,
    measuredWith: null,
    fusion: known?.fusion ?? { kind: 'fixed', embeddingShare: FIXED_SHARE },
    rerankShare: 0.1,
    relevance: { full: withoutReranker, withoutReranker, wordsAlone },
    thresholds,
  };
}

/** `measured`; `assumed` where the numbers were measured with another model under the same name; `fallback`. */
export type CalibrationStatus = 'measured' | 'assumed' | 'fallback';

export interface CalibratedPair {
  readonly calibration: Calibration;
  readonly isFallback: boolean;
}

/** The calibration of a pair of catalogue names; the operator's own come first. */
export function calibrationFor(
  catalogue: Calibrated | undefined,
  embedding: string,
  rerank: string,
): CalibratedPair {
  const known = [...(catalogue?.calibrations ?? []), ...builtInCalibrations];
  const own = known.find((one) => one.embedding === embedding && one.rerank === rerank);
  if (own !== undefined) return { calibration: own, isFallback: false };
  const near = known.find((one) => one.embedding === embedding);
  return { calibration: fallbackCalibration(embedding, rerank, near), isFallback: true };
}

/** @param answering What really answers under the two names: a stand-in's own name, or the name itself. */
export function calibrationStatus(
  { calibration, isFallback }: CalibratedPair,
  answering: { readonly embedding: string; readonly rerank: string },
): CalibrationStatus {
  if (isFallback) return 'fallback';
  const { measuredWith } = calibration;
  const same =
    measuredWith === null ||
    (measuredWith.embedding === answering.embedding && measuredWith.rerank === answering.rerank);
  return same ? 'measured' : 'assumed';
}
