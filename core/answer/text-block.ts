/**
 * What a passage is made of, read back from its text: ingestion parts blocks by a blank line, items of a list and rows of a
 * table by a line break (`core/ingest/block.ts`). A guess where the text itself is ambiguous, so whoever uses it only
 * chooses how much to quote by it.
 */
export interface TextBlock {
  /** Offsets into the text, without white space around them. */
  readonly start: number;
  readonly end: number;
  readonly shape: 'prose' | 'heading' | 'list' | 'table' | 'code';
}

const blankLine = /\n[ \t]*\n\s*/g;
const item = /^[ \t]*(?:[-*•–]|\d{1,3}[.)])\s/;
/** How a row of a table looks in parsed text: its cells parted by bars. */
const row = /\S \| \S/;
/** Signs in which prose does not end a line or begin one. */
const codeLine = /[{};=<>\\]\s*$|^\s*(?:[$#}\])]|\/\/|<\/?\w)|^(?:[\w./-]+ ){1,4}--?\w/;
const proseEnd = /[.!?…:。！？：][”’"')\]]*\s*$/;
/** A sentence ends so, quotation marks and brackets after it included. */
const sentenceEnd = /[.!?…:;,。！？：][”’"')\]]*\s*$/;
/** Longer lines without a full stop are text that lacks one. */
const LONGEST_HEADING = 90;

/** The blocks of a passage in order. A list whose items are parted by blank lines is one block, and so is code. */
export function textBlocks(text: string): readonly TextBlock[] {
  const blocks: TextBlock[] = [];
  let from = 0;
  for (const end of [...[...text.matchAll(blankLine)].map(({ index }) => index), text.length]) {
    const block = trimmed(text, from, end);
    from = end;
    if (block === null) continue;
    const shape = shapeOf(text.slice(block.start, block.end));
    const last = blocks.at(-1);
    if ((shape === 'list' || shape === 'code') && last?.shape === shape)
      blocks[blocks.length - 1] = { ...last, end: block.end };
    else blocks.push({ ...block, shape });
  }
  return blocks;
}

function shapeOf(text: string): TextBlock['shape'] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  if (item.test(text)) return 'list';
  if (lines.filter((line) => row.test(line)).length > lines.length / 2) return 'table';
  if (lines.filter((line) => codeLine.test(line)).length >= lines.length / 2 && !proseEnd.test(text)) {
    return 'code';
  }
  if (lines.length === 1 && text.length <= LONGEST_HEADING && !sentenceEnd.test(text)) return 'heading';
  return 'prose';
}

/** The items of a list, each with the lines that go on with it; the rows of a table; the lines of code. */
export function linesOf(text: string, { start, end, shape }: TextBlock): readonly TextBlock[] {
  const lines: TextBlock[] = [];
  let from = start;
  for (const line of text.slice(start, end).split(/(?<=\n)/)) {
    const piece = trimmed(text, from, from + line.length);
    from += line.length;
    if (piece === null) continue;
    const last = lines.at(-1);
    const goesOn = shape === 'list' && (!item.test(line) || /^\s{2}/.test(line));
    if (goesOn && last !== undefined) lines[lines.length - 1] = { ...last, end: piece.end };
    else lines.push({ ...piece, shape });
  }
  return lines;
}

const leading = /:[”’"')\]]*\s*$|\b(?:following|as follows|below)\b/i;

/** Whether a text announces the list, table or code after it. */
export const leadsIn = (text: string, { start, end, shape }: TextBlock): boolean =>
  (shape === 'prose' || shape === 'heading') && leading.test(text.slice(start, end));

function trimmed(
  text: string,
  from: number,
  to: number,
): { readonly start: number; readonly end: number } | null {
  const slice = text.slice(from, to);
  const start = from + (slice.length - slice.trimStart().length);
  const end = from + slice.trimEnd().length;
  return end > start ? { start, end } : null;
}

/** Can change an answer: part of the pipeline's fingerprint (core/pipeline.ts). */
export const textBlockConstants = {
  LONGEST_HEADING,
  item: item.source,
  codeLine: codeLine.source,
  leading: leading.source,
};
