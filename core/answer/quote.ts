import { Failure } from '../failure.ts';
import type { Reranker } from '../models/ports.ts';
import type { Hit } from '../retrieve/question.ts';
import type { Span } from '../telemetry/trace.ts';
import { type Sentence, sentences } from './sentences.ts';
import { contentWords, coverage, words } from './words.ts';

/** A sentence of a passage that could be quoted, with how well it answers, 0…1. */
export interface Quotable {
  readonly hit: Hit;
  /** Offsets into the passage. */
  readonly sentence: Sentence;
  readonly score: number;
}

export interface RankedQuotables {
  readonly quotables: readonly Quotable[];
  /** False when the cross-encoder could not be asked and shared words decided. */
  readonly reranked: boolean;
}

/** Passages whose sentences are weighed, and sentences at most: about 15 ms each on one laptop core. */
const PASSAGES = 3;
const SENTENCES = 40;

/** Quotes of an answer: one holds the gold answer for .85 of the XQuAD questions, two for .93. */
const QUOTES = 2;

/** Shorter ones are headings and crumbs: they match the question's words and answer nothing. */
const SHORTEST = 12;

/** Best first. Without a reranker, by the share of the question's content words. */
export async function rankSentences(
  deps: { readonly reranker: Reranker },
  question: string,
  hits: readonly Hit[],
  span: Span,
): Promise<RankedQuotables> {
  const candidates = hits
    .slice(0, PASSAGES)
    .flatMap((hit) => sentences(hit.passage.text).map((sentence) => ({ hit, sentence })))
    .filter(({ sentence }) => sentence.text.length >= SHORTEST)
    .slice(0, SENTENCES);
  // A sentence alone often says «it»: the headings above it say of what.
  const texts = candidates.map(({ hit, sentence }) =>
    hit.passage.title === '' ? sentence.text : `${hit.passage.title}: ${sentence.text}`,
  );
  const scores = await span.stage('rerank', { sentences: texts.length }, async (stage) => {
    try {
      return await deps.reranker.rerank(question, texts, stage);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      stage.set({ 'selvedge.reranker': 'unavailable' });
      return null;
    }
  });
  const asked = contentWords(question);
  const quotables = candidates.map((candidate, place) => ({
    ...candidate,
    score: scores?.[place] ?? coverage(asked, words(candidate.sentence.text)),
  }));
  return {
    quotables: quotables.sort((a, b) => b.score - a.score),
    reranked: scores !== null,
  };
}

/** The best few, in the order in which a reader meets them: best file first, then as they stand in it. */
export function chooseQuotes(quotables: readonly Quotable[]): readonly Quotable[] {
  const chosen = quotables.slice(0, QUOTES);
  const files = [...new Set(chosen.map(({ hit }) => hit.passage.fileId))];
  const place = ({ hit, sentence }: Quotable) => hit.passage.start + sentence.start;
  const file = ({ hit }: Quotable) => files.indexOf(hit.passage.fileId);
  return chosen.toSorted((a, b) => file(a) - file(b) || place(a) - place(b));
}
