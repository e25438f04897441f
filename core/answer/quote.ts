import { pagesOf } from '../retrieve/passage.ts';
import type { Hit } from '../retrieve/query.ts';
import { Citations } from './citation.ts';
import { contentWords, coverage, words } from './content-words.ts';
import { inQuotes, introduceQuote, linesInQuotes, type Phrases } from './phrases.ts';
import type { AnswerEvent } from './request.ts';
import type { Sentence } from './sentences.ts';
import { grown, stretchConstants, stretchesOf } from './stretch.ts';
import { textBlockConstants } from './text-block.ts';

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

/** A stretch of a passage, cited by itself; `lines` keeps its line breaks. */
export interface Quote {
  readonly hit: Hit;
  readonly sentence: Sentence;
  readonly lines: boolean;
}

export interface RankedQuotables {
  readonly quotables: readonly Quotable[];
  /** False when the cross-encoder could not be asked and shared words decided. */
  readonly reranked: boolean;
}

/**
 * Places of an answer, and characters of all of them. What stands around a sentence answers more often than more sentences
 * do (docs/decisions/056-quoting-blocks.md).
 */
const PLACES = 2;
const LONGEST_ANSWER = 900;

/** What a sentence is worth more that has all words of the question which the first place does not have. */
const OPEN_WORDS = 0.3;
const CANDIDATES = 15;

/**
 * The blocks around the best sentences, in the order in which a reader meets them: the file of the best first, then as
 * they stand in it. A place that would make the answer too long is left to the next that fits.
 */
export function chooseQuotes(question: string, quotables: readonly Quotable[]): readonly Quote[] {
  const chosen: Quote[] = [];
  let left = LONGEST_ANSWER;
  for (let place = 0; place < PLACES; place += 1) {
    const quotes = nextPlace(question, quotables, chosen, left);
    chosen.push(...quotes);
    left -= lengthOf(quotes);
  }
  const files = [...new Set(chosen.map(({ hit }) => hit.passage.fileId))];
  return chosen.toSorted(
    (a, b) =>
      files.indexOf(a.hit.passage.fileId) - files.indexOf(b.hit.passage.fileId) ||
      a.hit.passage.start + a.sentence.start - (b.hit.passage.start + b.sentence.start),
  );
}

/**
 * The next place that fits into `left` characters: by the score of its sentence, and by the words of the question that no
 * place has yet. The first is the best sentence's, however long.
 */
function nextPlace(
  question: string,
  quotables: readonly Quotable[],
  chosen: readonly Quote[],
  left: number,
): readonly Quote[] {
  const free = quotables.filter((one) => !chosen.some((quote) => overlaps(quote, one)));
  const [first] = free;
  if (first === undefined) return [];
  if (chosen.length === 0) return placeOf(first, true);
  const places = free
    .slice(0, CANDIDATES)
    .map((one) => ({
      score: one.score,
      quotes: placeOf(one, false).flatMap((quote) => beside(quote, chosen)),
    }))
    .filter(({ quotes }) => quotes.length > 0 && lengthOf(quotes) <= left)
    .map((place) => ({ ...place, words: place.quotes.flatMap(({ sentence }) => words(sentence.text)) }));
  const said = chosen.flatMap(({ sentence }) => words(sentence.text));
  /** Words that few places have tell them apart; those that none has say nothing. */
  const open = contentWords(question)
    .filter((word) => coverage([word], said) === 0)
    .map((word) => ({ word, places: places.filter((place) => coverage([word], place.words) > 0) }))
    .filter((each) => each.places.length > 0)
    .map((each) => ({ ...each, weight: Math.log((places.length + 1) / each.places.length) }));
  const total = open.reduce((sum, { weight }) => sum + weight, 0);
  const worth = (place: (typeof places)[number]): number => {
    const answered = open.filter((each) => each.places.includes(place));
    const share = answered.reduce((sum, { weight }) => sum + weight, 0) / (total || 1);
    return place.score + OPEN_WORDS * share;
  };
  return places.toSorted((a, b) => worth(b) - worth(a))[0]?.quotes ?? [];
}

const lengthOf = (quotes: readonly Quote[]): number =>
  quotes.reduce((sum, { sentence }) => sum + sentence.text.length, 0);

/** What of a quote is not quoted yet: lists and long paragraphs are shown from their sentence on, and may meet. */
function beside(quote: Quote, chosen: readonly Quote[]): readonly Quote[] {
  let { start, end } = quote.sentence;
  for (const { sentence } of chosen.filter((other) => overlaps(other, quote))) {
    if (sentence.start <= start) start = Math.max(start, sentence.end);
    else end = Math.min(end, sentence.start);
  }
  const text = quote.hit.passage.text.slice(start, end);
  start += text.length - text.trimStart().length;
  return text.trim() === ''
    ? []
    : [{ ...quote, sentence: { text: text.trim(), start, end: start + text.trim().length } }];
}

function placeOf({ hit, sentence }: Quotable, roomy: boolean): readonly Quote[] {
  const { text } = hit.passage;
  const own = stretchesOf(text, sentence);
  return (roomy ? grown(text, own) : own).flatMap(({ start, end, lines }) =>
    onePageEach(hit.passage, start, end).map((piece) => ({ hit, sentence: piece, lines })),
  );
}

/** What goes over a page's end is quoted in two pieces, also within a sentence: a citation names one page, and it is there. */
function onePageEach({ text, pageBreaks }: Hit['passage'], start: number, end: number): readonly Sentence[] {
  const ends = (pageBreaks ?? []).map(({ at }) => at).filter((at) => at > start && at < end);
  return [...ends, end].flatMap((to, index) => {
    const from = ends[index - 1] ?? start;
    const piece = text.slice(from, to);
    const said = piece.trim();
    const first = from + piece.length - piece.trimStart().length;
    return said === '' ? [] : [{ text: said, start: first, end: first + said.length }];
  });
}

const overlaps = (a: Pick<Quote, 'hit' | 'sentence'>, b: Pick<Quote, 'hit' | 'sentence'>): boolean =>
  a.hit.passage.id === b.hit.passage.id &&
  a.sentence.start < b.sentence.end &&
  b.sentence.start < a.sentence.end;

/** Characters of a delta: a quoted answer streams like a written one. */
const DELTA = 40;

/** Each page of a file is named once; sentences are verbatim but for wrapped lines. */
export function* writeQuotes(quotes: readonly Quote[], phrases: Phrases): Generator<AnswerEvent> {
  const citations = new Citations();
  let length = 0;
  let source: string | null = null;
  for (const { hit, sentence, lines } of quotes) {
    const { passage } = hit;
    const { page } = pagesOf(passage, sentence);
    const next = `${passage.fileId} ${page}`;
    const head =
      source === next
        ? ' '
        : `${source === null ? '' : '\n\n'}${introduceQuote(phrases, passage.filename, page)}`;
    source = next;
    const quoted = (lines ? linesInQuotes : inQuotes)(phrases, sentence.text);
    const text = `${head}${quoted} `;
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
export const quotingConstants = {
  PLACES,
  LONGEST_ANSWER,
  OPEN_WORDS,
  CANDIDATES,
  ...stretchConstants,
  ...textBlockConstants,
};
