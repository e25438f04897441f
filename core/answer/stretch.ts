import { type Sentence, sentences } from './sentences.ts';
import { leadsIn, linesOf, type TextBlock, textBlocks } from './text-block.ts';

interface Span {
  readonly start: number;
  readonly end: number;
}

/** A part of a passage that is quoted in one piece. */
export interface Stretch extends Span {
  /** Its lines are items, rows or code, and a reader needs them as lines. */
  readonly lines: boolean;
}

/**
 * Characters of one place: what a reader takes in at a glance, and most lists and tables of documentation fit. Measured on
 * the tuning half of `bench:answers -- --collection docs` (docs/decisions/056-quoting-blocks.md).
 */
const LONGEST_PLACE = 700;
/** A longer paragraph is quoted around its sentence only. */
const LONGEST_PARAGRAPH = 600;
const AROUND = 400;
/** Of a longer lead-in, only the sentence that announces. */
const LONGEST_LEAD = 250;
/** A place that is shorter goes on with the blocks after it, up to the next heading. */
const ROOMY = 450;

/**
 * What is quoted for a sentence: the block that it stands in, with what a reader needs to understand it. A list comes with
 * its lead-in, a lead-in with its list, a row with its head, code with the line that announces it, a heading with what stands
 * under it. Where that is too long, the head and the lines around the sentence, as two stretches if others lie between.
 */
export function stretchesOf(text: string, sentence: Span): readonly Stretch[] {
  const blocks = textBlocks(text);
  const at = blocks.findLastIndex(({ start }) => start <= sentence.start);
  const block = blocks[at];
  if (block === undefined) return [plain(sentence)];
  const before = blocks[at - 1];
  const after = blocks[at + 1];
  switch (block.shape) {
    case 'heading':
      return after === undefined ? [plain(block)] : around(text, block, after, after.start);
    case 'prose':
      if (leadsIn(text, block) && after !== undefined && hasLines(after)) {
        return around(text, lead(text, block), after, after.start);
      }
      return [paragraph(text, block, sentence.start)];
    case 'table':
      return rows(text, block, sentence);
    default:
      return before !== undefined && leadsIn(text, before)
        ? around(text, lead(text, before), block, sentence.start)
        : around(text, null, block, sentence.start);
  }
}

/** A place, and as much of what stands after it in its section as still fits. */
export function grown(text: string, stretches: readonly Stretch[]): readonly Stretch[] {
  const last = stretches.at(-1);
  const room = ROOMY - stretches.reduce((sum, { start, end }) => sum + end - start, 0);
  if (last === undefined || room <= 0) return stretches;
  let { end, lines } = last;
  const after = textBlocks(text).filter(({ start }) => start >= last.end);
  for (const [index, block] of after.entries()) {
    const next = after[index + 1];
    // What only announces the next block is no end.
    const through = next !== undefined && leadsIn(text, block) && hasLines(next) ? next : block;
    if (block.shape === 'heading' || through.end - last.end > room) break;
    end = Math.max(end, block.end);
    lines ||= hasLines(block);
  }
  return [...stretches.slice(0, -1), { ...last, end, lines }];
}

const hasLines = ({ shape }: TextBlock): boolean => shape === 'list' || shape === 'table' || shape === 'code';
const plain = ({ start, end }: Span): Stretch => ({ start, end, lines: false });

/** A head and a block: whole where it fits, else the lines from `from` on that fit, then those before. */
function around(text: string, head: Span | null, block: TextBlock, from: number): readonly Stretch[] {
  const lines = hasLines(block);
  const start = head?.start ?? block.start;
  if (block.end - start <= LONGEST_PLACE) return [{ start, end: block.end, lines }];
  const room = LONGEST_PLACE - (head === null ? 0 : head.end - head.start);
  const chosen = lines ? linesAround(text, block, from, room) : paragraph(text, block, from);
  if (head === null) return [{ ...chosen, lines }];
  // Nothing but white space between: one piece.
  if (text.slice(head.end, chosen.start).trim() === '')
    return [{ start: head.start, end: chosen.end, lines }];
  return [plain(head), { ...chosen, lines }];
}

function rows(text: string, table: TextBlock, sentence: Span): readonly Stretch[] {
  if (table.end - table.start <= LONGEST_PLACE) return [{ start: table.start, end: table.end, lines: true }];
  const [head, ...rest] = linesOf(text, table);
  if (head === undefined) return [plain(sentence)];
  const room = Math.max(AROUND - (head.end - head.start), 0);
  const chosen = window(rest, Math.max(sentence.start, rest[0]?.start ?? 0), room);
  return text.slice(head.end, chosen.start).trim() === ''
    ? [{ start: head.start, end: chosen.end, lines: true }]
    : [plain(head), { ...chosen, lines: true }];
}

/** As many lines around `from` as fit; of one line that is too long alone, its sentences. */
function linesAround(text: string, block: TextBlock, from: number, room: number): Span {
  const { start, end } = window(linesOf(text, block), from, room);
  return end - start <= LONGEST_PLACE
    ? { start, end }
    : window(sentencesWithin(text, { start, end }), from, AROUND);
}

/** The line at `from`, then those after it and those before it as far as they fit. */
function window(lines: readonly Span[], from: number, room: number): Span {
  let first = Math.max(
    0,
    lines.findLastIndex(({ start }) => start <= from),
  );
  let last = first;
  const length = (a: number, b: number) => (lines[b]?.end ?? 0) - (lines[a]?.start ?? 0);
  while (last + 1 < lines.length && length(first, last + 1) <= room) last += 1;
  while (first > 0 && length(first - 1, last) <= room) first -= 1;
  return { start: lines[first]?.start ?? 0, end: lines[last]?.end ?? 0 };
}

/** The paragraph, or, of a long one, a sentence with those after and before it as far as they fit. */
function paragraph(text: string, block: TextBlock, from: number): Stretch {
  if (block.end - block.start <= LONGEST_PARAGRAPH) return plain(block);
  return plain(window(sentencesWithin(text, block), from, AROUND));
}

/** Of a long lead-in, the sentence that announces. */
function lead(text: string, block: TextBlock): Span {
  if (block.end - block.start <= LONGEST_LEAD) return block;
  const own = sentencesWithin(text, block);
  return own.findLast(({ start, end }) => leadsIn(text, { ...block, start, end })) ?? own.at(-1) ?? block;
}

const sentencesWithin = (text: string, { start, end }: Span): readonly Sentence[] =>
  sentences(text).filter((sentence) => sentence.start >= start && sentence.end <= end);

/** Can change an answer: part of the pipeline's fingerprint (core/pipeline.ts). */
export const stretchConstants = { LONGEST_PLACE, LONGEST_PARAGRAPH, AROUND, LONGEST_LEAD, ROOMY };
