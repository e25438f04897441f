import { moved, type PageFrame, quarterTurns } from './pdf-frame.ts';
import type { Cell, Line } from './pdf-line.ts';
import { changesDirection, drawnSymbols, isRightToLeft, normalForms, raisedMark } from './pdf-writing.ts';

/** pdf.js's stretch of text in one font: `transform` is that of its first letter, `width` and `height` what all of it takes. */
export interface TextItem {
  readonly str: string;
  readonly transform: readonly number[];
  readonly width: number;
  readonly height: number;
  readonly fontName: string;
}

export interface Font {
  /** As the document names it; the same in each part of it that is opened. */
  readonly name: string;
  readonly bold: boolean;
  /** Draws boxes, ticks and arrows in the place of letters. */
  readonly wingdings: boolean;
  /** Written from the top down (ISO 32000-1, 9.7.4.3). */
  readonly vertical: boolean;
}

interface Part {
  readonly text: string;
  readonly size: number;
  readonly font: string;
  readonly bold: boolean;
  readonly x0: number;
  readonly x1: number;
  /** The baseline. */
  readonly y: number;
  /** Quarter turns against the frame; null where it stands askew. */
  readonly turns: number | null;
}

export interface PageText {
  readonly frame: PageFrame;
  readonly lines: readonly Line[];
}

/** Text runs askew if it is this far (radians) from the nearest quarter turn. */
const ASKEW = 0.12;

/**
 * Lines in the order of the file, in the frame in which most of the page's text runs to the right: tables are also
 * printed across a page that stands upright.
 */
export function linesOfPage(
  page: number,
  items: readonly TextItem[],
  upright: PageFrame,
  fonts: ReadonlyMap<string, Font>,
): PageText {
  const turns = dominantTurns(items, upright, fonts);
  const frame = upright.turned(turns);
  const parts = withoutShadows(items.map((item) => partOf(item, frame, fonts)));
  const running = parts.filter((part) => part.turns === 0);
  const lines = linesOf(page, running, false);
  const turned = [1, 2, 3, null].flatMap((other) =>
    linesOf(
      page,
      parts.filter((part) => part.turns === other),
      true,
    ),
  );
  return { frame, lines: [...lines, ...turned] };
}

function dominantTurns(
  items: readonly TextItem[],
  frame: PageFrame,
  fonts: ReadonlyMap<string, Font>,
): number {
  const lengths = [0, 0, 0, 0];
  for (const item of items) {
    const turns = directionOf(item, frame, fonts).turns;
    if (turns !== null) lengths[turns] = (lengths[turns] ?? 0) + item.str.trim().length;
  }
  return lengths.indexOf(Math.max(...lengths));
}

function directionOf(
  { transform, fontName }: TextItem,
  { matrix }: PageFrame,
  fonts: ReadonlyMap<string, Font>,
) {
  const [a = 1, b = 0] = transform;
  const [ox, oy] = moved(matrix, 0, 0);
  const [px, py] = moved(matrix, a, b);
  const angle = Math.atan2(py - oy, px - ox);
  const quarter = Math.PI / 2;
  const askew = Math.abs(angle - Math.round(angle / quarter) * quarter) > ASKEW;
  const across = quarterTurns(px - ox, py - oy);
  const down = fonts.get(fontName)?.vertical === true ? 3 : 0;
  return { turns: askew ? null : (across + down) % 4, size: Math.hypot(px - ox, py - oy) };
}

function partOf(item: TextItem, frame: PageFrame, fonts: ReadonlyMap<string, Font>): Part {
  const { turns, size } = directionOf(item, frame, fonts);
  const own = turns === null ? frame : frame.turned(turns);
  const font = fonts.get(item.fontName);
  const { vertical = false, bold = false, wingdings = false } = font ?? {};
  const [x, y] = moved(own.matrix, item.transform[4] ?? 0, item.transform[5] ?? 0);
  const length = vertical ? item.height : item.width;
  return {
    text: undoubled(drawnSymbols(normalForms(item.str), wingdings), length, size),
    size,
    font: font?.name ?? item.fontName,
    bold,
    x0: x,
    x1: x + length,
    // The origin of a letter that is written downwards is the middle of its top.
    y: vertical ? y - size / 2 : y,
    turns,
  };
}

/** A letter that takes this little of its font size on average, of a text in which each stands twice, is printed twice. */
const DOUBLED_WIDTH = 0.42;

/** Bold that is made by printing every letter twice. */
function undoubled(text: string, width: number, size: number): string {
  if (text.length < 6 || text.length % 2 !== 0 || width > text.length * size * DOUBLED_WIDTH) return text;
  let half = '';
  for (let at = 0; at < text.length; at += 2) {
    if (text[at] !== text[at + 1]) return text;
    half += text[at];
  }
  return half;
}

/** Bold and shadows that are made by printing a text twice, a little apart. */
function withoutShadows(parts: readonly Part[]): readonly Part[] {
  const seen = new Map<string, Part[]>();
  return parts.filter((part) => {
    if (part.text.trim() === '') return true;
    const before = seen.get(part.text) ?? [];
    const reach = part.size * 0.25;
    const isShadow = before.some(
      (other) =>
        Math.abs(other.x0 - part.x0) < reach &&
        Math.abs(other.y - part.y) < reach &&
        Math.abs(other.size - part.size) < reach,
    );
    if (!isShadow) seen.set(part.text, [...before, part]);
    return !isShadow;
  });
}

/** Parts whose baselines are this close, in font sizes, stand on one line. */
const SAME_LINE = 0.3;
/** How much smaller than its line a raised or lowered mark is. */
const MARK_SIZE = 0.86;
/** A mark stands this far off the end of what it marks, in font sizes of the line; and it has so many letters. */
const MARK_REACH = 2;
const MARK_LENGTH = 4;

function linesOf(page: number, parts: readonly Part[], turned: boolean): readonly Line[] {
  const lines: Line[] = [];
  let current: Part[] = [];
  let spaced = false;
  const close = () => {
    lines.push(...lineOf(page, current, spaced, turned));
    current = [];
    spaced = false;
  };
  for (const part of parts) {
    if (part.text.trim() === '') {
      if (part.text !== '') {
        spaced = true;
        if (current.length > 0) current.push(part);
      }
      continue;
    }
    if (current.length > 0 && !goesOn(current, part)) close();
    current.push(part);
    spaced = /\s$/.test(part.text);
  }
  close();
  return lines;
}

function goesOn(line: readonly Part[], part: Part): boolean {
  const inked = line.filter((one) => one.text.trim() !== '');
  const body = inked.reduce((largest, one) => (one.size > largest.size ? one : largest), inked[0] ?? part);
  const last = inked.at(-1) ?? body;
  const isMark =
    part.size < body.size * MARK_SIZE &&
    isNear(part, last, body.size * (part.text.trim().length <= MARK_LENGTH ? MARK_REACH : 0.5));
  const below = body.y - part.y;
  if (isMark) return Math.abs(below) < body.size * 0.7;
  if (Math.abs(below) > Math.max(body.size, part.size) * SAME_LINE) {
    // The line began with a mark ("¹ Estimate"): its text comes after it.
    return (
      inked.every((one) => one.size < part.size * MARK_SIZE) &&
      below > 0 &&
      below < part.size * 0.7 &&
      isNear(part, last, part.size * MARK_REACH)
    );
  }
  // Back to the left on the same baseline: another column's line, unless it is read that way.
  const back = Math.min(...inked.map((one) => one.x0)) - part.x1;
  return (
    part.x0 > last.x0 - body.size ||
    back > -body.size * 0.5 ||
    isRightToLeft(part.text) ||
    isRightToLeft(last.text)
  );
}

const isNear = (a: Part, b: Part, reach: number): boolean => Math.max(a.x0 - b.x1, b.x0 - a.x1) < reach;

/** The parts of one line as one; white space has no box worth knowing. */
function lineOf(page: number, parts: readonly Part[], spaced: boolean, turned: boolean): readonly Line[] {
  const inked = parts.filter((part) => part.text.trim() !== '');
  if (inked.length === 0) return [];
  const rtl = isRightToLeft(inked.map(({ text }) => text).join(' '));
  const size = mostUsed(inked, (part) => part.size);
  const font = mostUsed(inked, (part) => part.font);
  const baseline = mostUsed(
    inked.filter((part) => part.size === size),
    (part) => part.y,
  );
  const cells = cellsOf(rtl ? fromTheRight(parts) : parts, { size, baseline });
  return [
    {
      page,
      text: cells.map((cell) => cell.text).join(' '),
      size,
      font,
      uniform: inked.every((part) => part.font === font),
      bold: mostUsed(inked, (part) => part.bold),
      rtl,
      spaced,
      turned,
      cells,
      x0: Math.min(...inked.map((part) => part.x0)),
      y0: baseline,
      x1: Math.max(...inked.map((part) => part.x1)),
      y1: baseline + size,
    },
  ];
}

/** What most characters have. */
function mostUsed<Value>(parts: readonly Part[], having: (part: Part) => Value): Value {
  const lengths = new Map<Value, number>();
  for (const part of parts) {
    lengths.set(having(part), (lengths.get(having(part)) ?? 0) + part.text.trim().length);
  }
  const [first] = [...lengths].toSorted((a, b) => b[1] - a[1]);
  if (first === undefined) throw new Error('A line has at least one part with text.');
  return first[0];
}

/** From right to left; what is written from left to right inside it (figures, names) keeps its order. */
function fromTheRight(parts: readonly Part[]): readonly Part[] {
  const ordered: Part[] = [];
  let run: Part[] = [];
  for (const part of parts.toSorted((a, b) => b.x1 - a.x1)) {
    const isSpace = part.text.trim() === '';
    if (isSpace ? run.length > 0 : /[\p{L}\p{N}]/u.test(part.text) && !isRightToLeft(part.text))
      run.unshift(part);
    else {
      ordered.push(...run, part);
      run = [];
    }
  }
  return [...ordered, ...run];
}

/** A gap wider than this many font sizes parts cells; a space between words has about a quarter. */
const CELL_GAP = 0.9;
const WORD_GAP = 0.2;

function cellsOf(
  parts: readonly Part[],
  line: { readonly size: number; readonly baseline: number },
): readonly Cell[] {
  const cells: Cell[] = [];
  let spaced = false;
  for (const part of parts) {
    const text = part.text.trim();
    if (text === '') {
      spaced ||= part.text !== '';
      continue;
    }
    const last = cells.at(-1);
    const gap = last === undefined ? 0 : Math.max(part.x0 - last.x1, last.x0 - part.x1);
    const isRaised =
      part.size < line.size * MARK_SIZE &&
      part.y > line.baseline + line.size * 0.12 &&
      text.length <= MARK_LENGTH;
    const widest = isRaised ? line.size * MARK_REACH : Math.max(part.size, line.size * 0.8) * CELL_GAP;
    if (last === undefined || gap > widest) {
      cells.push({ text, x0: part.x0, x1: part.x1, bold: part.bold });
    } else {
      const raised = isRaised ? raisedMark(last.text, text) : null;
      const space =
        spaced || /^\s/.test(part.text) || gap > part.size * WORD_GAP || changesDirection(last.text, text)
          ? ' '
          : '';
      cells[cells.length - 1] = {
        text: last.text + (raised ?? space + text),
        x0: Math.min(last.x0, part.x0),
        x1: Math.max(last.x1, part.x1),
        bold: last.bold && part.bold,
      };
    }
    spaced = /\s$/.test(part.text);
  }
  return cells;
}
