import { estimateWordPieces } from '../models/tokens.ts';
import type { Block } from './block.ts';

/** A stretch of one block that a passage takes whole. Offsets into the parsed text. */
export interface Segment {
  readonly start: number;
  readonly end: number;
  readonly tokens: number;
}

/** Longer runs are cut at white space first: a segmenter's time on one endless "sentence" is not bounded. */
const MAX_RUN = 20_000;

const sentences = new Intl.Segmenter('en', { granularity: 'sentence' });

/**
 * A block in segments of at most `maxTokens`: whole where it fits, else by lines where it has them, else by
 * sentences, else by words, else by characters, never through a surrogate pair. `fine` cuts into sentences or
 * lines also what would fit, so that passages can overlap by less than a paragraph.
 */
export function segmentsOf(block: Block, maxTokens: number, fine: boolean): readonly Segment[] {
  const whole = segment(block.text, 0, block.text.length, block.start);
  if (!fine && whole.tokens <= maxTokens) return [whole];
  const byLine = block.block === 'list' || block.block === 'table' || block.block === 'code';
  const cuts = byLine ? [...lineEnds(block.text)] : [...sentenceEnds(block.text)];
  const found: Segment[] = [];
  let from = 0;
  for (const to of cuts) {
    const piece = segment(block.text, from, to, block.start);
    if (piece.end > piece.start) found.push(...splitToFit(block, piece, maxTokens));
    from = to;
  }
  return fine ? found : joinNeighbours(found, maxTokens);
}

/** Neighbours joined as long as they fit: a long paragraph gives few large segments, not many sentences. */
function joinNeighbours(segments: readonly Segment[], maxTokens: number): readonly Segment[] {
  const joined: Segment[] = [];
  for (const next of segments) {
    const last = joined.at(-1);
    if (last !== undefined && last.tokens + next.tokens <= maxTokens) {
      joined[joined.length - 1] = { start: last.start, end: next.end, tokens: last.tokens + next.tokens };
    } else joined.push(next);
  }
  return joined;
}

function splitToFit(block: Block, piece: Segment, maxTokens: number): readonly Segment[] {
  if (piece.tokens <= maxTokens) return [piece];
  const text = block.text.slice(piece.start - block.start, piece.end - block.start);
  const pieces: Segment[] = [];
  let from = 0;
  while (from < text.length) {
    const to = reach(text, from, maxTokens);
    const next = segment(text, from, to, piece.start);
    if (next.end > next.start) pieces.push(next);
    from = to;
  }
  return pieces;
}

/** As far from `from` as the tokens allow, back to the last white space in its second half if there is one. */
function reach(text: string, from: number, maxTokens: number): number {
  let tokens = 0;
  let to = from;
  let space = -1;
  while (to < text.length) {
    const length = (text.codePointAt(to) ?? 0) > 0xffff ? 2 : 1;
    const next = text.slice(to, to + length);
    tokens += estimateWordPieces(next);
    if (tokens > maxTokens && to > from) break;
    if (/\s/.test(next)) space = to;
    to += length;
  }
  return to < text.length && space > from + (to - from) / 2 ? space : to;
}

function* lineEnds(text: string): Iterable<number> {
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) yield at + 1;
  yield text.length;
}

function* sentenceEnds(text: string): Iterable<number> {
  let from = 0;
  while (from < text.length) {
    const run = text.slice(from, runEnd(text, from));
    for (const { index, segment: sentence } of sentences.segment(run)) yield from + index + sentence.length;
    from += run.length;
  }
}

function runEnd(text: string, from: number): number {
  const end = from + MAX_RUN;
  if (end >= text.length) return text.length;
  const space = text.lastIndexOf(' ', end);
  if (space > from + MAX_RUN / 2) return space + 1;
  const isLow = (text.charCodeAt(end) & 0xfc00) === 0xdc00;
  return isLow ? end - 1 : end;
}

/** The stretch without the white space around it. */
function segment(text: string, from: number, to: number, base: number): Segment {
  let start = from;
  let end = to;
  while (start < end && /\s/.test(text.charAt(start))) start += 1;
  while (end > start && /\s/.test(text.charAt(end - 1))) end -= 1;
  return { start: base + start, end: base + end, tokens: estimateWordPieces(text.slice(start, end)) };
}

/** Can change an answer: part of the pipeline's fingerprint (core/pipeline.ts). */
export const segmentConstants = { MAX_RUN };
