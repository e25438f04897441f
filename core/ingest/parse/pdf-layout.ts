import type { Draft } from '../block.ts';
import { inReadingOrder } from './pdf-columns.ts';
import { PageFrame } from './pdf-frame.ts';
import { boxOf, type Line } from './pdf-line.ts';
import type { ReadPage } from './pdf-page.ts';
import { BULLET, CONTENTS, joinLines, Vocabulary } from './pdf-paragraph.ts';
import { isLine, withRuledTables } from './pdf-ruled-table.ts';
import { headingLevel, isLarger, isTitle, type Style, styleOf } from './pdf-style.ts';
import { type FoundTable, tableLength, tableOf } from './pdf-table.ts';
import { joinedTables, tableDrafts } from './pdf-table-drafts.ts';

/** Baselines of one paragraph lie at most this many font sizes apart; 1.2 is usual, 1.5 is "one and a half". */
const LINE_SPACING = 1.75;

export interface Layout {
  readonly pages: readonly ReadPage[];
  readonly furniture: ReadonlySet<Line>;
  /** The titles of the document's own outline, as they are compared, with their levels from 1. */
  readonly outline: ReadonlyMap<string, number>;
}

type Element =
  | { readonly kind: 'text'; readonly lines: Line[] }
  | { readonly kind: 'table'; readonly table: FoundTable };

/** Groups lines into headings, lists, tables and paragraphs, keeping their order; paragraphs and tables go on over pages. */
export function layOut({ pages, furniture, outline }: Layout): readonly Draft[] {
  const body = pages.flatMap(({ lines }) => lines.filter((line) => !furniture.has(line)));
  const style = styleOf(body, outline);
  const frames = new Map(pages.map(({ number, frame }) => [number, frame]));
  const place = (lines: readonly Line[]): Pick<Draft, 'page' | 'bbox'> => placeOf(lines, frames);
  const vocabulary = new Vocabulary(body);
  const elements: Element[] = [];
  for (const page of pages) {
    const own = page.lines.filter((line) => !furniture.has(line));
    for (const element of elementsOf(own, page)) {
      const last = elements.at(-1);
      if (element.kind === 'text' && last?.kind === 'text') last.lines.push(...element.lines);
      else elements.push(element);
    }
  }
  const joined = joinedTables(elements);
  return joined.flatMap((element, at): readonly Draft[] =>
    element.kind === 'table'
      ? [...tableDrafts(element, place)]
      : [...textDrafts(element.lines, style, vocabulary, place, joined[at + 1] !== undefined)],
  );
}

/** The same of one page whose lines are known from elsewhere, with boxes in their own coordinates. */
export const layOutPage = (number: number, lines: readonly Line[]): readonly Draft[] =>
  layOut({
    pages: [
      {
        number,
        frame: PageFrame.of([0, 0, 0, 0], 0),
        lines,
        rules: { lying: [], standing: [] },
        comments: [],
        unread: null,
      },
    ],
    furniture: new Set(),
    outline: new Map(),
  });

function placeOf(
  lines: readonly Line[],
  frames: ReadonlyMap<number, PageFrame>,
): Pick<Draft, 'page' | 'bbox'> {
  const page = lines[0]?.page;
  const frame = page === undefined ? undefined : frames.get(page);
  if (page === undefined || frame === undefined) return {};
  return { page, bbox: frame.inFile(boxOf(lines.filter((line) => line.page === page))) };
}

function* elementsOf(lines: readonly Line[], page: ReadPage): Iterable<Element> {
  let free: Line[] = [];
  for (const one of withRuledTables(lines, page.rules)) {
    if (isLine(one)) {
      free.push(one);
      continue;
    }
    yield* freeElements(free, page);
    free = [];
    yield { kind: 'table', table: one };
  }
  yield* freeElements(free, page);
}

/** Lines that no drawn table holds. */
function* freeElements(lines: readonly Line[], page: ReadPage): Iterable<Element> {
  const ordered = inReadingOrder(lines, page.rules);
  let text: Line[] = [];
  for (let at = 0; at < ordered.length; ) {
    const length = tableLength(ordered, at);
    if (length === 0) {
      text.push(...ordered.slice(at, at + 1));
      at += 1;
      continue;
    }
    if (text.length > 0) yield { kind: 'text', lines: text };
    text = [];
    yield { kind: 'table', table: tableOf(ordered.slice(at, at + length), page.rules) };
    at += length;
  }
  if (text.length > 0) yield { kind: 'text', lines: text };
}

function* textDrafts(
  lines: readonly Line[],
  style: Style,
  vocabulary: Vocabulary,
  place: (lines: readonly Line[]) => Pick<Draft, 'page' | 'bbox'>,
  aboveTable: boolean,
): Iterable<Draft> {
  const all = groups(lines, style);
  for (const [at, group] of all.entries()) {
    const { text, pageBreaks } = joinLines(group, vocabulary);
    const first = group[0];
    if (first === undefined || text.trim() === '') continue;
    const position = { ...place(group), ...(pageBreaks.length === 0 ? {} : { pageBreaks }) };
    const level = headingLevel(group, text, all[at + 1]?.[0] ?? (aboveTable ? 'table' : null), style);
    if (level !== null) yield { text, block: 'heading', level, ...position };
    else
      yield { text, block: BULLET.test(first.text) || isContents(first) ? 'list' : 'paragraph', ...position };
  }
}

const isContents = (line: Line): boolean => CONTENTS.test(line.text);

function groups(lines: readonly Line[], style: Style): readonly (readonly Line[])[] {
  const found: Line[][] = [];
  let current: Line[] = [];
  for (const line of lines) {
    const previous = current.at(-1);
    if (previous !== undefined && !continues(previous, line, style, current)) {
      found.push(current);
      current = [];
    }
    current.push(line);
  }
  if (current.length > 0) found.push(current);
  return found;
}

function continues(previous: Line, line: Line, style: Style, group: readonly Line[]): boolean {
  if (previous.turned || line.turned) return false;
  if (isContents(previous) !== isContents(line)) return false;
  if (isLarger(previous, style) !== isLarger(line, style)) return false;
  if (isLarger(line, style) && Math.abs(previous.size - line.size) >= 0.5) return false;
  if (group.length === 1 && isTitle(previous, style) && !isTitle(line, style)) return false;
  if (isTitle(line, style) && !isTitle(previous, style)) return false;
  if (previous.page !== line.page) return !isLarger(line, style) && goesOnOverleaf(previous, line, style);
  const below = previous.y0 - line.y0;
  const size = Math.max(previous.size, line.size);
  if (below >= 0 && below <= size * LINE_SPACING) {
    const listed = BULLET.test(group[0]?.text ?? '');
    return !BULLET.test(line.text) || listed;
  }
  // The next column: the sentence goes on where the line above broke off.
  return below < 0 && BROKEN_OFF.test(previous.text) && /^\s*\p{Ll}/u.test(line.text);
}

const BROKEN_OFF = /[\p{L},\-‐\u00ad]\s*$/u;
const ENDED = /[.!?:;。！？؟۔…]["'”’»)\]]*\s*$/u;

/** Whether a sentence that the page broke off goes on in the first line of the next. */
function goesOnOverleaf(previous: Line, line: Line, style: Style): boolean {
  if (BULLET.test(line.text) || previous.font !== line.font || Math.abs(previous.size - line.size) >= 0.5)
    return false;
  if (ENDED.test(previous.text)) return false;
  if (/^\s*\p{Ll}/u.test(line.text)) return true;
  // Scripts without small letters, and names: the line above must have been full.
  const isFull = previous.x1 - previous.x0 > style.measure * 0.9;
  return isFull && /^\s*[\p{L}\p{N}("“«]/u.test(line.text) && BROKEN_OFF.test(previous.text);
}
