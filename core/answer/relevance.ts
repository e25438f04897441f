import type { AnswerFitness } from '../models/catalogue.ts';
import type { Hit } from '../retrieve/question.ts';
import type { RankedQuotables } from './quote.ts';
import { contentWords, coverage, words } from './words.ts';

/** What is known of how well the best evidence fits the question. */
export interface RelevanceSignals {
  /** The cross-encoder on the best passage and on the best sentence, 0…1; null when it could not be asked. */
  readonly passage: number | null;
  readonly sentence: number | null;
  /** The largest share of the question's content words that one of the first passages has, 0…1. */
  readonly coverage: number;
  /** Cosine of the question and the nearest passage; null when there are no vectors. */
  readonly cosine: number | null;
}

/** Passages in which the question's words are looked for. */
const PASSAGES_READ = 3;

export function relevanceSignals(
  question: string,
  hits: readonly Hit[],
  ranked: RankedQuotables,
): RelevanceSignals {
  const asked = contentWords(question);
  const shares = hits
    .slice(0, PASSAGES_READ)
    .map(({ passage }) => coverage(asked, words(`${passage.title} ${passage.text}`)));
  return {
    passage: highest(hits.map((hit) => hit.signals.reranked)),
    sentence: ranked.reranked ? highest(ranked.quotables.map(({ score }) => score)) : null,
    coverage: highest(shares) ?? 0,
    cosine: highest(hits.map((hit) => hit.signals.dense)),
  };
}

const highest = (values: readonly (number | null)[]): number | null =>
  values.reduce((most, value) => (most === null || (value !== null && value > most) ? value : most), null);

/** A model of the log-odds that the evidence holds the answer: intercept and one weight a signal. */
interface Weights {
  readonly intercept: number;
  readonly passage: number;
  readonly sentence: number;
  readonly coverage: number;
  readonly cosine: number;
}

/**
 * Logistic regressions on 300 questions of xquad-en, each once with its paragraph and once without
 * (docs/decisions/052-abstaining.md has figures and command). The cross-encoder's two values enter as
 * log-odds. The second set is for when the cross-encoder cannot be asked, the third for words alone.
 */
const full: Weights = { intercept: -4, passage: 0.3, sentence: 0.3, coverage: 3, cosine: 4 };
const withoutReranker: Weights = { intercept: -11, passage: 0, sentence: 0, coverage: 6, cosine: 10 };
const wordsAlone: Weights = { intercept: -5, passage: 0, sentence: 0, coverage: 8, cosine: 0 };

/** The likelihood that the evidence holds the answer, 0…1. */
export function relevance(signals: RelevanceSignals): number {
  const { passage, sentence, cosine } = signals;
  const reranked = passage !== null && sentence !== null;
  const weights = cosine === null ? wordsAlone : reranked ? full : withoutReranker;
  return sigmoid(
    weights.intercept +
      weights.passage * logOdds(passage ?? 0.5) +
      weights.sentence * logOdds(sentence ?? 0.5) +
      weights.coverage * signals.coverage +
      weights.cosine * (cosine ?? 0),
  );
}

/**
 * Below these an answer declines. Quotes are shown as they are, so their evidence must be good; a capable
 * model says itself when its passages hold nothing, and summaries are asked in words that no passage has.
 */
export const thresholds: Readonly<Record<AnswerFitness, number>> = { quote: 0.5, generate: 0.05 };

const sigmoid = (value: number): number => 1 / (1 + Math.exp(-value));

/** Cross-encoders saturate: beyond this one more is rounding, not relevance. */
const MOST = 12;

const logOdds = (probability: number): number =>
  Math.max(-MOST, Math.min(MOST, Math.log(probability / (1 - probability))));
