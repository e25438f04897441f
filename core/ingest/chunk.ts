import type { NewPassage, RecognizedStretch } from '../retrieve/passage.ts';
import { type Block, type PageBreak, pageStarts, parsedText } from './block.ts';
import { MAX_PASSAGES } from './limits.ts';
import { refuse } from './refusal.ts';
import { type Segment, segmentsOf } from './segment.ts';

/**
 * Blocks into passages: along the document's own structure, or as its store asks for (`Chunking.strategy`).
 *
 * Invariants
 *  ING-5 A passage is a stretch of the parsed text: `text === parsed.slice(start, end)`.
 *  ING-6 Every character of a block that is not a heading is in at least one passage, white space aside; a
 *     heading is in the title of what stands under it, or in a passage where nothing does. What is `unread` or
 *     `furniture` is in none.
 *  ING-7 No passage has more tokens than its chunking allows, by the same estimate.
 *  ING-8 The same blocks and chunking give the same passages: ids are made from their ordinals.
 *  ING-72 Tables and code are cut only where they do not fit, between lines; what is left of a cut table still has the
 *     names of its columns, in its lines or in its title.
 *  ING-73 `fixed` fills each passage whatever stands in it, `page` never goes across a page, `semantic` ends a passage
 *     where the meaning turns.
 */
export interface Chunking {
  /** 100…4,096. */
  readonly maxTokens: number;
  /** 0…`maxTokens` / 2. */
  readonly overlapTokens: number;
  /** Whether a short document stays whole and small sections are joined beyond what `maxTokens` says. */
  readonly auto: boolean;
  /** Left out: `structure`. */
  readonly strategy?: ChunkingStrategy;
  /** Of `semantic`: the share of turns of meaning that end no passage, in percent. */
  readonly percentile?: number;
  /** Of `semantic`, once they are found: where the meaning turns, as offsets into the parsed text, ascending. */
  readonly breakpoints?: readonly number[];
}

export type ChunkingStrategy = 'structure' | 'fixed' | 'page' | 'semantic';

/** Whether they ask for the same passages. */
export const isSameChunking = (a: Chunking, b: Chunking): boolean =>
  a.maxTokens === b.maxTokens &&
  a.overlapTokens === b.overlapTokens &&
  a.auto === b.auto &&
  a.strategy === b.strategy &&
  a.percentile === b.percentile;

/**
 * Some 1,600 characters of English. Both the embedding model and the cross-encoder read 512 tokens, the
 * latter with a question before; the estimate is rough, so a fifth is left free.
 */
export const autoChunking: Chunking = { maxTokens: 400, overlapTokens: 0, auto: true };

/** A document up to this length is one passage under `auto`: cutting it would only part what belongs together. */
const WHOLE_LENGTH = 2_000;
const WHOLE_TOKENS = 500;

/** A section below this share of a passage may be joined with its neighbours. */
const SMALL = 0.25;

/** What is longer is no title, whatever it is marked as: it would stand beside every passage under it. */
const MAX_HEADING_LENGTH = 300;

export interface Piece extends Segment {
  /** Counts the unread blocks and furniture before it: a passage does not go across one. */
  readonly part: number;
  /** The headings above, outermost first. */
  readonly path: readonly string[];
  /** Where the passage begins if the piece's own heading has to be shown in it. */
  readonly headingStart: number | null;
  readonly headingTokens: number;
}

/** Cuts a document's blocks into passages. Throws `too_large` where there are more than can be indexed. */
export function chunk(blocks: readonly Block[], chunking: Chunking): readonly NewPassage[] {
  const text = parsedText(blocks);
  const pieces = piecesOf(blocks, chunking);
  const starts = pageStarts(blocks);
  const recognized = blocks.flatMap(({ ocr, start, end }) =>
    ocr === undefined ? [] : [{ start, end, confidence: ocr.confidence }],
  );
  const passages = groups(pieces, chunking, { length: text.length, starts }).map((group) =>
    withRecognized(toPassage(group, text, starts), recognized),
  );
  if (passages.length > MAX_PASSAGES) {
    throw refuse(
      'too_large',
      `The document makes ${passages.length} passages; at most ${MAX_PASSAGES} are indexed. Choose larger ones.`,
    );
  }
  return passages;
}

/** Segments with the headings that stand above them. A heading with nothing under it is a piece itself. */
export function piecesOf(blocks: readonly Block[], chunking: Chunking): readonly Piece[] {
  const pieces: Piece[] = [];
  const path: { readonly level: number; readonly text: string }[] = [];
  let heading: Heading | null = null;
  let part = 0;
  for (const [index, block] of blocks.entries()) {
    if (block.unread || block.furniture) {
      part += 1;
      heading = null;
      continue;
    }
    const segments = segmentsOf(block, chunking.maxTokens, isCutFinely(block, chunking));
    if (block.block === 'heading' && block.text.length <= MAX_HEADING_LENGTH) {
      const level = block.level ?? 1;
      while ((path.at(-1)?.level ?? 0) >= level) path.pop();
      const above = path.map(({ text }) => text);
      path.push({ level, text: block.text.replace(/\s+/g, ' ') });
      if (isBare(blocks, index)) {
        for (const one of segments) {
          pieces.push({ ...one, part, path: above, ...headingOf(heading) });
          heading = null;
        }
      } else {
        heading = under(heading, block, segments);
      }
      continue;
    }
    const above = path.map(({ text }) => text);
    const names = segments.length > 1 ? namesOfColumns(block) : undefined;
    for (const [at, one] of segments.entries()) {
      const own = at === 0 || names === undefined ? above : [...above, names];
      pieces.push({ ...one, part, path: own, ...headingOf(heading) });
      heading = null;
    }
  }
  return pieces;
}

/** Into sentences and lines: where passages overlap, and where a passage ends at other places than blocks do. */
const isCutFinely = (block: Block, { strategy = 'structure', overlapTokens }: Chunking): boolean =>
  strategy === 'structure' ? overlapTokens > 0 && block.block !== 'table' && block.block !== 'code' : true;

/** Of a table that is written as a grid: its first line. Records name their cells themselves. */
function namesOfColumns({ block, text, rows, headerRows = 0 }: Block): string | undefined {
  const [header] = rows ?? [];
  if (block !== 'table' || header === undefined || headerRows === 0) return;
  const line = text.slice(0, Math.max(0, text.indexOf('\n')));
  const isGrid = header.every((name) => line.includes(name)) && !/^[^|]+: /.test(line);
  return isGrid && line.length <= MAX_HEADING_LENGTH ? line.trim() : undefined;
}

/** Headings that wait for the first piece under them. */
interface Heading {
  readonly start: number;
  readonly tokens: number;
}

const under = (above: Heading | null, block: Block, segments: readonly Segment[]): Heading => ({
  start: above?.start ?? block.start,
  tokens: segments.reduce((sum, one) => sum + one.tokens, above?.tokens ?? 0),
});

const headingOf = (heading: Heading | null): Pick<Piece, 'headingStart' | 'headingTokens'> => ({
  headingStart: heading?.start ?? null,
  headingTokens: heading?.tokens ?? 0,
});

/** Whether no text stands under a heading before the next one of its own or a higher level. */
function isBare(blocks: readonly Block[], index: number): boolean {
  const level = blocks[index]?.level ?? 1;
  const next = blocks[index + 1];
  return next === undefined || (next.block === 'heading' && (next.level ?? 1) <= level);
}

interface Placed {
  /** Of the parsed text. */
  readonly length: number;
  readonly starts: readonly PageBreak[];
}

function groups(
  pieces: readonly Piece[],
  chunking: Chunking,
  { length, starts }: Placed,
): readonly (readonly Piece[])[] {
  const total = pieces.reduce((sum, piece) => sum + piece.tokens + piece.headingTokens, 0);
  const isWhole = pieces[0]?.part === pieces.at(-1)?.part;
  if (chunking.auto && isWhole && length <= WHOLE_LENGTH && total <= WHOLE_TOKENS) {
    return pieces.length === 0 ? [] : [pieces];
  }
  const joins = joinsBy(chunking, starts);
  const overlaps = overlapsBy(chunking);
  const found: Group[] = [];
  let current = new Group([]);
  for (const piece of pieces) {
    const last = current.pieces.at(-1);
    if (last !== undefined && !joins(current, last, piece)) {
      found.push(current);
      current = new Group(overlaps(last, piece) ? tail(current.pieces, piece, chunking) : []);
    }
    current.push(piece);
  }
  if (current.pieces.length > 0) found.push(current);
  return found.map((group) => group.pieces);
}

type Joins = (current: Group, last: Piece, piece: Piece) => boolean;

function joinsBy(chunking: Chunking, starts: readonly PageBreak[]): Joins {
  const { strategy = 'structure', maxTokens, breakpoints = [] } = chunking;
  const fits: Joins = (current, last, piece) =>
    last.part === piece.part && current.sizeWith(piece) <= maxTokens;
  const pageOf = (piece: Piece) => starts[lastAtOrBefore(starts, piece.start)]?.page;
  const turns = (offset: number) => lastAtOrBefore(breakpoints, offset);
  switch (strategy) {
    case 'structure':
      return (current, last, piece) =>
        fits(current, last, piece) && (samePath(last, piece) || current.size < maxTokens * SMALL);
    case 'fixed':
      return fits;
    case 'page':
      return (current, last, piece) => fits(current, last, piece) && pageOf(last) === pageOf(piece);
    case 'semantic':
      return (current, last, piece) => fits(current, last, piece) && turns(last.start) === turns(piece.start);
  }
}

const overlapsBy = ({ strategy = 'structure' }: Chunking): ((last: Piece, piece: Piece) => boolean) =>
  strategy === 'structure' ? samePath : (last, piece) => strategy === 'fixed' && last.part === piece.part;

/**
 * The pieces of a passage to be, with their size. It is kept, because adding it up again for every piece takes the
 * square of their number, and a passage may have thousands. The headings of all sections stand in a joined
 * passage, so they count; a single section's is its title.
 */
class Group {
  readonly pieces: Piece[] = [];
  #rest = 0;
  #joined = false;

  constructor(pieces: readonly Piece[]) {
    for (const piece of pieces) this.push(piece);
  }

  get size(): number {
    return this.#sizeOf(this.#rest, this.#joined);
  }

  sizeWith(piece: Piece): number {
    if (this.pieces.length === 0) return piece.tokens;
    return this.#sizeOf(this.#rest + piece.tokens + piece.headingTokens, this.#joinedBy(piece));
  }

  push(piece: Piece): void {
    if (this.pieces.length > 0) {
      this.#joined = this.#joinedBy(piece);
      this.#rest += piece.tokens + piece.headingTokens;
    }
    this.pieces.push(piece);
  }

  #sizeOf(rest: number, joined: boolean): number {
    const [first] = this.pieces;
    return first === undefined ? 0 : first.tokens + (joined ? first.headingTokens : 0) + rest;
  }

  #joinedBy(piece: Piece): boolean {
    const path = this.pieces[0]?.path ?? [];
    return this.#joined || commonPath(path, piece.path).length < path.length;
  }
}

/** The last pieces of a full passage that the next one repeats. */
function tail(full: readonly Piece[], next: Piece, chunking: Chunking): readonly Piece[] {
  const kept: Piece[] = [];
  let tokens = 0;
  for (const piece of full.slice(1).toReversed()) {
    tokens += piece.tokens;
    if (tokens > chunking.overlapTokens || tokens + next.tokens > chunking.maxTokens) break;
    kept.unshift(piece);
  }
  return kept;
}

const samePath = (a: Piece, b: Piece): boolean =>
  a.part === b.part && b.headingStart === null && a.path.length === b.path.length;

function toPassage(group: readonly Piece[], text: string, pages: readonly PageBreak[]): NewPassage {
  const [first] = group;
  const last = group.at(-1);
  if (first === undefined || last === undefined) throw new Error('A passage has at least one piece.');
  const shared = group.reduce((path, piece) => commonPath(path, piece.path), first.path);
  // In a joined passage the first section's heading is no longer its title, so it must stand in the text.
  const start = shared.length < first.path.length ? (first.headingStart ?? first.start) : first.start;
  return {
    title: shared.join(' › '),
    text: text.slice(start, last.end),
    start,
    end: last.end,
    ...pagesBetween(pages, start, last.end),
  };
}

/** @param recognized Stretches of the parsed text. */
function withRecognized(passage: NewPassage, recognized: readonly RecognizedStretch[]): NewPassage {
  const { start, end } = passage;
  const met = recognized
    .filter((one) => one.start < end && start < one.end)
    .map((one) => ({
      start: Math.max(0, one.start - start),
      end: Math.min(end, one.end) - start,
      confidence: one.confidence,
    }));
  return met.length === 0 ? passage : { ...passage, recognized: met };
}

function pagesBetween(
  pages: readonly PageBreak[],
  start: number,
  end: number,
): Pick<NewPassage, 'page' | 'pageEnd' | 'pageBreaks'> {
  const first = lastAtOrBefore(pages, start);
  const last = lastAtOrBefore(pages, end - 1);
  return {
    page: pages[first]?.page ?? null,
    pageEnd: pages[last]?.page ?? null,
    pageBreaks: pages.slice(first + 1, last + 1).map(({ at, page }) => ({ at: at - start, page })),
  };
}

/** A document may have as many passages as pages, so this is asked by halves. */
function lastAtOrBefore(places: readonly (PageBreak | number)[], offset: number): number {
  let low = 0;
  let high = places.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const place = places[middle] ?? 0;
    if ((typeof place === 'number' ? place : place.at) <= offset) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function commonPath(a: readonly string[], b: readonly string[]): readonly string[] {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length += 1;
  return a.slice(0, length);
}

/** Can change an answer: part of the pipeline's fingerprint (core/pipeline.ts). */
export const chunkingConstants = { autoChunking, WHOLE_LENGTH, WHOLE_TOKENS, SMALL, MAX_HEADING_LENGTH };
