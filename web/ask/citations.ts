import type { Citation } from '../service/answers.ts';

/** Stand for a citation inside the answer's Markdown: private-use characters, which no text is expected to hold. */
const OPEN = '\uE000';
const CLOSE = '\uE001';

/** The same passage cited twice has one number. Numbers start at 1, in the order in which readers meet them. */
export function distinct(citations: readonly Citation[]): readonly Citation[] {
  const seen = new Map<string, Citation>();
  for (const citation of [...citations].sort((a, b) => a.index - b.index)) {
    if (!seen.has(keyOf(citation))) seen.set(keyOf(citation), citation);
  }
  return [...seen.values()];
}

const keyOf = ({ file_id, start, end, quote }: Citation): string => [file_id, start, end, quote].join('\n');

/**
 * Puts placeholders where citations stand. Where the text itself has a marker (`[2]`) at the place, the
 * placeholder takes its stead, so that no number shows twice.
 */
export function withPlaceholders(text: string, citations: readonly Citation[]): string {
  const numbers = new Map(distinct(citations).map((citation, position) => [keyOf(citation), position + 1]));
  let marked = text;
  for (const citation of [...citations].sort((a, b) => b.index - a.index)) {
    const { from, to } = placeOf(text, citation.index);
    const number = numbers.get(keyOf(citation)) ?? 0;
    marked = `${marked.slice(0, from)}${OPEN}${number}${CLOSE}${marked.slice(to)}`;
  }
  return marked;
}

/** The marker that begins or ends at `index`, or has it inside; else the bare place. */
function placeOf(text: string, index: number): { readonly from: number; readonly to: number } {
  for (const marker of text.matchAll(/ ?\[\d+\]/g)) {
    const from = marker.index;
    const to = from + marker[0].length;
    if (from <= index && index <= to) return { from, to };
  }
  const place = Math.min(Math.max(0, index), text.length);
  return { from: place, to: place };
}

export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'citation'; readonly number: number };

/** Cuts a run of text at its placeholders. */
export function pieces(text: string): readonly Piece[] {
  const found: Piece[] = [];
  let at = 0;
  for (const match of text.matchAll(/\uE000(\d+)\uE001/g)) {
    if (match.index > at) found.push({ kind: 'text', text: text.slice(at, match.index) });
    found.push({ kind: 'citation', number: Number(match[1]) });
    at = match.index + match[0].length;
  }
  if (at < text.length) found.push({ kind: 'text', text: text.slice(at) });
  return found;
}

export const withoutPlaceholders = (text: string): string => text.replace(/\uE000\d+\uE001/g, '');
