import { pagesOf } from '../retrieve/passage.ts';
import type { Hit } from '../retrieve/query.ts';
import { Citations } from './citation.ts';
import { inQuotes, introduceQuote, type Phrases } from './phrases.ts';
import type { AnswerEvent } from './request.ts';
import type { Sentence } from './sentences.ts';

/** Answering by quotes: which sentences, and how they are put before a reader. */

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

/**
 * An answer quotes at most two places and three sentences of them. On 300 questions of xquad-en the best sentence
 * holds the gold answer for .85, the best two for .92, and three with neighbours joined for .97
 * (docs/decisions/051-quoting.md).
 */
const QUOTES = 2;
const QUOTED_SENTENCES = 3;

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

/** Characters of a delta: a quoted answer streams like a written one. */
const DELTA = 40;

/** Each page of a file is named once; sentences are verbatim but for wrapped lines. */
export function* writeQuotes(quotes: readonly Quote[], phrases: Phrases): Generator<AnswerEvent> {
  const citations = new Citations();
  let length = 0;
  let source: string | null = null;
  for (const { hit, sentence } of quotes) {
    const { passage } = hit;
    const { page } = pagesOf(passage, sentence);
    const next = `${passage.fileId} ${page}`;
    const head =
      source === next
        ? ' '
        : `${source === null ? '' : '\n\n'}${introduceQuote(phrases, passage.filename, page)}`;
    source = next;
    const text = `${head}${inQuotes(phrases, sentence.text)} `;
    const { marker, citation } = citations.cite(hit, sentence, length + text.length);
    for (const delta of deltas(text + marker)) yield { type: 'text', delta };
    length += text.length + marker.length;
    if (citation !== null) yield { type: 'citation', citation };
  }
}

function* deltas(text: string): Generator<string> {
  let from = 0;
  while (text.length - from > DELTA) {
    const space = text.indexOf(' ', from + DELTA / 2);
    const to = space === -1 ? text.length : space + 1;
    yield text.slice(from, to);
    from = to;
  }
  if (from < text.length) yield text.slice(from);
}

/** Can change an answer: part of the pipeline's fingerprint (core/pipeline.ts). */
export const quotingConstants = { QUOTES, QUOTED_SENTENCES };
