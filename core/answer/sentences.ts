/** A piece of a text; `text` is exactly the slice from `start` to `end` (UTF-16 code units, end exclusive). */
export interface Sentence {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const segmenter = new Intl.Segmenter(undefined, { granularity: 'sentence' });

/** Characters at the end of a piece in which an abbreviation is looked for, with the space after it. */
const LONGEST_ABBREVIATION = 12;

/** The number of a list's item, which would otherwise stand alone. */
const listNumber = /^\s*\d{1,3}[.)]\s*$/;

/** Longer pieces (a table row, a text without full stops) are cut at a space: a quote should fit the eye. */
const LONGEST = 500;

/**
 * There is no sentence break after these: Unicode's rules (UAX #29) do not know abbreviations. Initials and
 * "No. 5" are the usual cases in running text.
 */
const abbreviation =
  /(?:^|[\s(«"'])(?:\p{Lu}|Mr|Mrs|Ms|Dr|Prof|St|Jr|Sr|vs|cf|ca|etc|e\.g|i\.e|No|Nos|Nr|Vol|Fig|pp?|Inc|Ltd|Co|Corp|U\.S|U\.K|a\.m|p\.m)\.\s*$/u;

/** Line breaks that only wrap a paragraph; a blank line, a list item or a table row really ends something. */
const wrap = /(?<=\S)[ \t]*\n(?=[ \t]*[\p{L}\p{N}("'«])(?![ \t]*(?:[-*•|]|\d+[.)])\s)/gu;

/** How a row of a table looks in parsed text: its cells parted by bars. */
const row = /\S \| \S/;

const isRow = (text: string, at: number): boolean => {
  const end = text.indexOf('\n', at);
  return row.test(text.slice(text.lastIndexOf('\n', at - 1) + 1, end === -1 ? text.length : end));
};

/** The sentences of a passage in order, without the space around them. Offsets are into `text`. */
export function sentences(text: string): readonly Sentence[] {
  // Same length, so that offsets hold: a wrapped line goes on, and only in the copy that is cut.
  const flat = text.replace(wrap, (found: string, at: number) =>
    isRow(text, at) || isRow(text, at + found.length) ? found : ' '.repeat(found.length),
  );
  const pieces: Sentence[] = [];
  let from = 0;
  for (const { segment, index } of segmenter.segment(flat)) {
    const end = index + segment.length;
    const tail = flat.slice(Math.max(from, end - LONGEST_ABBREVIATION), end);
    if (end < flat.length && (abbreviation.test(tail) || listNumber.test(flat.slice(from, end)))) continue;
    pieces.push(...withinLimit(text, from, end));
    from = end;
  }
  pieces.push(...withinLimit(text, from, text.length));
  return pieces;
}

function withinLimit(text: string, from: number, to: number): Sentence[] {
  const pieces: Sentence[] = [];
  let start = from;
  while (to - start > LONGEST) {
    const space = text.lastIndexOf(' ', start + LONGEST);
    const cut = space > start + LONGEST / 2 ? space : start + LONGEST;
    pieces.push(...trimmed(text, start, cut));
    start = cut;
  }
  pieces.push(...trimmed(text, start, to));
  return pieces;
}

function trimmed(text: string, from: number, to: number): Sentence[] {
  const slice = text.slice(from, to);
  const start = from + (slice.length - slice.trimStart().length);
  const end = from + slice.trimEnd().length;
  return end > start ? [{ text: text.slice(start, end), start, end }] : [];
}

/** Can change an answer: part of the pipeline's fingerprint (core/pipeline.ts). */
export const sentenceConstants = {
  LONGEST,
  LONGEST_ABBREVIATION,
  abbreviation: abbreviation.source,
  wrap: wrap.source,
};
