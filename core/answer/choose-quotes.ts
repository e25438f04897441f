import { Failure } from '../failure.ts';
import type { Reranker } from '../models/ports.ts';
import type { Hit } from '../retrieve/query.ts';
import type { Span } from '../telemetry/trace.ts';
import { contentWords, coverage, words } from './content-words.ts';
import { type Sentence, sentences } from './sentences.ts';

/** A sentence of a passage that could be quoted, with how well it answers, 0…1. */
export interface Quotable {
  readonly hit: Hit;
  /** Offsets into the passage. */
  readonly sentence: Sentence;
  /** Its place among the sentences of its passage, from 0. */
  readonly place: number;
  readonly score: number;
}

/** One sentence or several adjacent ones; `sentence` is the whole run. */
export type Quote = Pick<Quotable, 'hit' | 'sentence'>;

export interface RankedQuotables {
  readonly quotables: readonly Quotable[];
  /** False when the cross-encoder could not be asked and shared words decided. */
  readonly reranked: boolean;
}

/** Passages whose sentences are weighed, and sentences at most: about 15 ms each on one laptop core. */
const PASSAGES = 2;
export const SENTENCES = 40;

/**
 * An answer quotes at most two places and three sentences of them. On 300 questions of xquad-en the best sentence
 * holds the gold answer for .85, the best two for .92, and three with neighbours joined for .97
 * (docs/decisions/051-quoting.md).
 */
const QUOTES = 2;
const QUOTED_SENTENCES = 3;

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
    .flatMap((hit) => sentences(hit.passage.text).map((sentence, place) => ({ hit, sentence, place })))
    .filter(({ sentence }) => sentence.text.length >= SHORTEST)
    .slice(0, SENTENCES);
  // A sentence alone often says "it": the headings above it say of what.
  const texts = candidates.map(({ hit, sentence }) =>
    hit.passage.title === '' ? sentence.text : `${hit.passage.title}: ${sentence.text}`,
  );
  const scores = await span.stage('rerank', { sentences: texts.length }, async (stage) => {
    try {
      return await deps.reranker.rerank(question, texts, stage);
    } catch (error) {
      if (!(error instanceof Failure && error.isUpstream)) throw error;
      stage.set({ 'selvedge.reranker': 'unavailable' });
      return null;
    }
  });
  const asked = contentWords(question);
  const quotables = candidates.map((candidate, index) => ({
    ...candidate,
    score: scores?.[index] ?? coverage(asked, words(candidate.sentence.text)),
  }));
  return {
    quotables: quotables.sort((a, b) => b.score - a.score),
    reranked: scores !== null,
  };
}

/**
 * The best few sentences, neighbours joined into one quote, in the order in which a reader meets them: the file
 * of the best first, then as they stand in it.
 */
export function chooseQuotes(quotables: readonly Quotable[]): readonly Quote[] {
  const runs: { readonly hit: Hit; first: Quotable; last: Quotable }[] = [];
  let left = QUOTED_SENTENCES;
  for (const quotable of quotables) {
    if (left === 0) break;
    const { hit, place } = quotable;
    const same = runs.filter((run) => run.hit.passage.id === hit.passage.id);
    const before = same.find((run) => run.first.place === place + 1);
    const after = same.find((run) => run.last.place === place - 1);
    if (before !== undefined) before.first = quotable;
    else if (after !== undefined) after.last = quotable;
    else if (runs.length < QUOTES) runs.push({ hit, first: quotable, last: quotable });
    else continue;
    left -= 1;
  }
  const files = [...new Set(runs.map(({ hit }) => hit.passage.fileId))];
  return runs
    .map(({ hit, first, last }) => ({ hit, sentence: joined(hit, first.sentence, last.sentence) }))
    .toSorted(
      (a, b) =>
        files.indexOf(a.hit.passage.fileId) - files.indexOf(b.hit.passage.fileId) ||
        a.hit.passage.start + a.sentence.start - (b.hit.passage.start + b.sentence.start),
    );
}

const joined = ({ passage }: Hit, { start }: Sentence, { end }: Sentence): Sentence => ({
  text: passage.text.slice(start, end),
  start,
  end,
});

/** Can change an answer: part of the pipeline's fingerprint (core/pipeline.ts). */
export const quotingConstants = { PASSAGES, SENTENCES, QUOTES, QUOTED_SENTENCES, SHORTEST };
