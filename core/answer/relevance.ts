import type { RelevanceModels } from '../models/calibration.ts';
import type { Hit } from '../retrieve/query.ts';
import { contentWords, coverage, words } from './content-words.ts';
import type { Quotable, RankedQuotables } from './quote.ts';

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

/** The likelihood that the evidence holds the answer, 0…1. */
export function relevance(signals: RelevanceSignals, models: RelevanceModels): number {
  const { passage, sentence, lead, coverage: covered, cosine } = signals;
  const reranked = passage !== null && sentence !== null;
  const weights = reranked ? models.full : cosine === null ? models.wordsAlone : models.withoutReranker;
  return sigmoid(
    weights.intercept +
      weights.passage * logOdds(passage ?? 0.5) +
      weights.sentence * logOdds(sentence ?? 0.5) +
      weights.lead * (lead ?? 0) +
      weights.coverage * covered +
      weights.cosine * (cosine ?? 0),
  );
}

const sigmoid = (value: number): number => 1 / (1 + Math.exp(-value));

/** Cross-encoders saturate: beyond this one more is rounding, not relevance. */
const MOST = 12;

const logOdds = (probability: number): number =>
  Math.max(-MOST, Math.min(MOST, Math.log(probability / (1 - probability))));

/** Can change an answer: part of the pipeline's fingerprint (core/pipeline.ts). */
export const relevanceConstants = { PASSAGES_READ, SAME, LONGEST_LEAD, MOST };
