import type { AnswerMode } from '../models/catalogue.ts';
import type { Hit } from '../retrieve/query.ts';
import type { Quotable, RankedQuotables } from './choose-quotes.ts';
import { contentWords, coverage, words } from './content-words.ts';

/** What is known of how well the best evidence fits the question. */
export interface RelevanceSignals {
  /** The cross-encoder on the best passage and on the best sentence, 0…1; null when it could not be asked. */
  readonly passage: number | null;
  readonly sentence: number | null;
  /** By how much, in log-odds, the best sentence leads the next that says something else; null like `sentence`. */
  readonly lead: number | null;
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
    sentence: ranked.reranked ? (ranked.quotables[0]?.score ?? null) : null,
    lead: ranked.reranked ? leadOf(ranked.quotables) : null,
    coverage: highest(shares) ?? 0,
    cosine: highest(hits.map((hit) => hit.signals.dense)),
  };
}

/** Copies of a document say the same again: what shares so many of the best sentence's words is no rival. */
const SAME = 0.6;
/** Beyond this a lead tells nothing more. */
const LONGEST_LEAD = 4;

function leadOf(quotables: readonly Quotable[]): number | null {
  const [best, ...rest] = quotables;
  if (best === undefined) return null;
  const said = contentWords(best.sentence.text);
  const rival = rest.find(({ sentence }) => coverage(said, words(sentence.text)) < SAME);
  if (rival === undefined) return LONGEST_LEAD;
  return Math.min(LONGEST_LEAD, logOdds(best.score) - logOdds(rival.score));
}

const highest = (values: readonly (number | null)[]): number | null =>
  values.reduce((most, value) => (most === null || (value !== null && value > most) ? value : most), null);

/** A model of the log-odds that the evidence holds the answer: intercept and one weight a signal. */
interface Weights {
  readonly intercept: number;
  readonly passage: number;
  readonly sentence: number;
  readonly lead: number;
  readonly coverage: number;
  readonly cosine: number;
}

/**
 * Logistic regressions on 300 questions of xquad-en, each asked once with its paragraph and once without
 * (docs/decisions/052-declining.md has the figures). The cross-encoder's values enter as log-odds. Cosine adds
 * nothing beside the cross-encoder; without one it is half of what there is, and without vectors only words are.
 */
const full: Weights = {
  intercept: -4.18,
  passage: 0.281,
  sentence: 0.138,
  lead: 0.516,
  coverage: 3.79,
  cosine: 0,
};
const withoutReranker: Weights = {
  intercept: -11.75,
  passage: 0,
  sentence: 0,
  lead: 0,
  coverage: 8.36,
  cosine: 9.91,
};
const wordsAlone: Weights = { intercept: -5.63, passage: 0, sentence: 0, lead: 0, coverage: 9.39, cosine: 0 };

/** The likelihood that the evidence holds the answer, 0…1. */
export function relevance(signals: RelevanceSignals): number {
  const { passage, sentence, lead, coverage: covered, cosine } = signals;
  const reranked = passage !== null && sentence !== null;
  const weights = reranked ? full : cosine === null ? wordsAlone : withoutReranker;
  return sigmoid(
    weights.intercept +
      weights.passage * logOdds(passage ?? 0.5) +
      weights.sentence * logOdds(sentence ?? 0.5) +
      weights.lead * (lead ?? 0) +
      weights.coverage * covered +
      weights.cosine * (cosine ?? 0),
  );
}

/**
 * Below these an answer declines. Quotes are shown as they are, so their evidence must be good; a capable
 * model says itself when its passages hold nothing, and summaries are asked in words that no passage has.
 */
export const thresholds: Readonly<Record<AnswerMode, number>> = { quote: 0.2, generate: 0.05 };

const sigmoid = (value: number): number => 1 / (1 + Math.exp(-value));

/** Cross-encoders saturate: beyond this one more is rounding, not relevance. */
const MOST = 12;

const logOdds = (probability: number): number =>
  Math.max(-MOST, Math.min(MOST, Math.log(probability / (1 - probability))));
