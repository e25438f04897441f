import { visible } from '../invisible.ts';

/**
 * A document as typed blocks in reading order. The parsed text is the blocks' texts joined by a blank line;
 * `start` and `end` are offsets into it in UTF-16 code units, end exclusive.
 *
 * Invariants
 *  ING-9 `parsedText(blocks).slice(block.start, block.end) === block.text` for every block.
 *  ING-10 No block is empty, and none begins or ends with white space, so that offsets never point at nothing.
 *  ING-11 The text is well-formed Unicode: it has no lone surrogate.
 *  ING-12 No run of white space is longer than 64 characters: it weighs nothing, so a passage could not be bounded.
 */
export interface Block extends Draft {
  readonly start: number;
  readonly end: number;
}

export type BlockKind = 'heading' | 'paragraph' | 'list' | 'table' | 'code' | 'figure';

/** What a parser makes: a block that does not know its place yet. */
export interface Draft {
  readonly text: string;
  readonly block: BlockKind;
  /** From 1; only in formats that have pages. */
  readonly page?: number;
  /** PDF points, origin bottom left: x0, y0, x1, y1. */
  readonly bbox?: readonly [number, number, number, number];
  /** Headings, from 1. */
  readonly level?: number;
  /** Tables; a spanning cell's text stands in its first cell. */
  readonly rows?: readonly (readonly string[])[];
  /** How many of the first `rows` name the columns. */
  readonly headerRows?: number;
  /** Where the text goes on to another page: offsets into `text`, ascending. Nothing before the first is on another page. */
  readonly pageBreaks?: readonly PageBreak[];
  /** What is repeated on every page (running heads, page numbers): shown with the blocks, and in no passage. */
  readonly furniture?: true;
  /** Said on the document about how this was read ("Read as windows-1252, which the file does not say"). */
  readonly remark?: string;
  /** The text was read from a picture. */
  readonly ocr?: RecognizedText;
  /** The text is our remark on what could not be read here: shown with the blocks, and in no passage. */
  readonly unread?: true;
}

/** How a recognizer has read a text from a picture. */
export interface RecognizedText {
  /** The mean of its words', weighted by their length, in 0…1; null where the model does not say. */
  readonly confidence: number | null;
  /** In reading order; empty where the model does not say where they stand. `bbox` as a block's. */
  readonly words: readonly {
    readonly text: string;
    readonly confidence: number | null;
    readonly bbox: readonly [number, number, number, number];
  }[];
}

export interface PageBreak {
  readonly at: number;
  readonly page: number;
}

export const SEPARATOR = '\n\n';

/** Gives each draft its place behind those before; null for one without text. */
export function blockPlacer(): (draft: Draft) => Block | null {
  let start = 0;
  return (draft) => {
    const text = tidy(draft.text);
    if (text === '') return null;
    const { pageBreaks } = draft;
    const block = {
      ...draft,
      text,
      ...(pageBreaks === undefined ? {} : { pageBreaks: movedBreaks(pageBreaks, draft.text, text) }),
      start,
      end: start + text.length,
    };
    start = block.end + SEPARATOR.length;
    return block;
  };
}

export function* placeBlocks(drafts: Iterable<Draft>): Iterable<Block> {
  const place = blockPlacer();
  for (const draft of drafts) {
    const block = place(draft);
    if (block !== null) yield block;
  }
}

/** Tidying only takes away, so a break is behind what is left of the text before it. */
const movedBreaks = (breaks: readonly PageBreak[], before: string, after: string): readonly PageBreak[] =>
  before === after
    ? breaks
    : breaks.map(({ at, page }) => {
        const end = tidy(before.slice(0, at)).length;
        const next = after.slice(end).search(/\S/);
        return { at: next < 0 ? after.length : end + next, page };
      });

/** Where each page begins in the parsed text, in the order of the blocks; empty in formats without pages. */
export function pageStarts(blocks: readonly Block[]): readonly PageBreak[] {
  const starts: PageBreak[] = [];
  for (const { start, page, pageBreaks = [] } of blocks) {
    if (page === undefined) continue;
    if (starts.at(-1)?.page !== page) starts.push({ at: start, page });
    for (const one of pageBreaks) starts.push({ at: start + one.at, page: one.page });
  }
  return starts;
}

export const parsedText = (blocks: readonly Block[]): string =>
  blocks.map((block) => block.text).join(SEPARATOR);

/** Control characters other than tab and line feed (NUL would end the text in SQLite); those that end a line have done so. */
const controls = /(?![\t\n])\p{Cc}/gu;

/** Nothing invisible, one kind of line end, no controls, no lone surrogate, no outer or endless white space. */
const tidy = (text: string): string =>
  visible(text)
    .trim()
    .replace(/\r\n?|[\v\f\u0085]/g, '\n')
    .replace(controls, '')
    .toWellFormed()
    .replace(/\s{65,}/g, (run) => (run.includes('\n') ? '\n' : ' '))
    .trim();
