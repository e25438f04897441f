import type { Cell, Line, Rule, Rules } from './pdf-line.ts';
import { keepsHyphen } from './pdf-paragraph.ts';
import type { TableCell } from './table.ts';

/** Tables by geometry: lines that are cut by wide gaps at the same places. */
export interface FoundTable {
  readonly page: number;
  readonly lines: readonly Line[];
  readonly rows: readonly (readonly TableCell[])[];
  /** The lines of each row. */
  readonly rowLines: readonly (readonly Line[])[];
  readonly columns: readonly Column[];
  /** Whether its cells are drawn. */
  readonly ruled: boolean;
}

export type Column = Pick<Cell, 'x0' | 'x1'>;

/** Lines with at least two cells that make a table. */
const MIN_ROWS = 3;
/** Lines of one cell between them: a wrapped cell, a spanning header, a group's name. */
const MAX_SINGLE = 2;
/** So many if they stay within the first column: groups of accounts, and labels of several lines. */
const MAX_LABELS = 8;
/** Neighbouring lines of a table lie at most this many font sizes apart. */
const MAX_STEP = 4;
/** Lines whose baselines are this close (in font sizes) are one row. */
const SAME_ROW = 0.5;
/** Text in columns also has gaps at the same places, but long lines: cells are shorter on average. */
const MAX_MEAN_CELL = 45;

/** How many of the lines from `from` on are a table; 0 when none begins there. */
export function tableLength(lines: readonly Line[], from: number): number {
  const first = lines[from];
  if (first === undefined || first.cells.length < 2 || first.turned) return 0;
  let end = from + 1;
  let rows = 1;
  let singles = 0;
  let labels = 0;
  for (let at = from + 1; at < lines.length; at += 1) {
    const line = lines[at];
    const before = lines[at - 1];
    if (line === undefined || before === undefined || line.turned) break;
    if (Math.abs(before.y0 - line.y0) > Math.max(line.size, before.size) * MAX_STEP) break;
    if (line.cells.length >= 2) {
      rows += 1;
      singles = 0;
      labels = 0;
      end = at + 1;
    } else {
      const second = Math.min(...lines.slice(from, end).flatMap(({ cells }) => cells[1]?.x0 ?? []));
      if (rows > 1 && line.x1 < second) labels += 1;
      else singles += 1;
      if (singles > MAX_SINGLE || labels > MAX_LABELS) break;
    }
  }
  const cells = lines.slice(from, end).flatMap((line) => line.cells);
  const mean = cells.reduce((sum, cell) => sum + cell.text.length, 0) / cells.length;
  if (rows < MIN_ROWS || mean > MAX_MEAN_CELL) return 0;
  return end + wrappedAfter(lines, from, end) - from;
}

/** The rest of a cell that is wrapped in the last row: tight under it, in one of the columns behind the first. */
function wrappedAfter(lines: readonly Line[], from: number, end: number): number {
  const columns = columnsOf(lines.slice(from, end)).slice(1);
  let count = 0;
  for (let at = end; at < lines.length && count < MAX_SINGLE; at += 1) {
    const [line, before] = [lines[at], lines[at - 1]];
    if (line === undefined || before === undefined || line.turned || line.cells.length > 1) break;
    const step = before.y0 - line.y0;
    if (step <= 0 || step > line.size * TIGHT) break;
    const column = columns.find(({ x0, x1 }) => Math.abs(line.x0 - x0) < 2 && line.x1 <= x1 + line.size * 2);
    if (column === undefined) break;
    count += 1;
  }
  return count;
}

export function tableOf(lines: readonly Line[], rules: Rules): FoundTable {
  const columns = columnsOf(withoutGroupNames(lines));
  const rowLines = rowsOf(lines, columns, rules.lying);
  return {
    page: lines[0]?.page ?? 0,
    lines,
    rows: spanned(
      rowLines.map((row) => cellsInColumns(row, columns)),
      rowLines,
      columns,
    ),
    rowLines,
    columns,
    ruled: false,
  };
}

/** Rows at the top in which names of groups of columns may stand. */
const GROUP_ROWS = 3;

/**
 * The lines without those at the top that have fewer cells than the rows below, none of which heads one column: they name
 * groups of columns, and stand over the gaps between them.
 */
function withoutGroupNames(lines: readonly Line[]): readonly Line[] {
  const sorted = lines.toSorted((a, b) => b.y0 - a.y0);
  for (let count = Math.min(GROUP_ROWS, sorted.length - MIN_ROWS + 1); count > 0; count -= 1) {
    const [names, rest] = [sorted.slice(0, count), sorted.slice(count)];
    const most = Math.max(...rest.map((line) => line.cells.length));
    if (names.some((line) => line.cells.length >= most || line.cells.length === 0)) continue;
    const columns = columnsOf(rest);
    const isBetween = (cell: Cell) =>
      columns.filter(({ x0, x1 }) => cell.x0 < x1 && x0 < cell.x1).length !== 1;
    if (names.every(({ cells }) => cells.some(isBetween))) return rest;
  }
  return lines;
}

/** Stretches of the x axis that cells share. A cell that covers several stretches spans columns and makes none. */
function columnsOf(lines: readonly Line[]): readonly Column[] {
  const cells = lines.flatMap((line) => line.cells).toSorted((a, b) => a.x1 - a.x0 - (b.x1 - b.x0));
  let columns: Column[] = [];
  for (const { x0, x1 } of cells) {
    const met = columns.filter((column) => column.x0 < x1 && x0 < column.x1);
    if (met.length > 1) continue;
    const widened = {
      x0: Math.min(x0, ...met.map((one) => one.x0)),
      x1: Math.max(x1, ...met.map((one) => one.x1)),
    };
    columns = [...columns.filter((column) => !met.includes(column)), widened];
  }
  const sorted = columns.toSorted((a, b) => a.x0 - b.x0);
  const rtl = lines.filter((line) => line.rtl).length * 2 > lines.length;
  return rtl ? sorted.toReversed() : sorted;
}

/** Lines closer than this many font sizes are lines of one cell, where rows stand wider apart. */
const TIGHT = 1.35;
/** Rows stand wider apart than the lines of a cell by this factor. */
const WIDER = 1.22;

/** Lines on one baseline are a row, from top to bottom, whatever order they were written in; lines of wrapped cells join it. */
function rowsOf(
  lines: readonly Line[],
  columns: readonly Column[],
  lying: readonly Rule[],
): readonly (readonly Line[])[] {
  const rows: Line[][] = [];
  for (const line of lines.toSorted((a, b) => b.y0 - a.y0)) {
    const row = rows.at(-1);
    const first = row?.[0];
    if (row !== undefined && first !== undefined && first.y0 - line.y0 < line.size * SAME_ROW) row.push(line);
    else rows.push([line]);
  }
  return wrappedJoined(rows, columns, between(lines, lying));
}

/** The rules that part rows of a table: they run along most of its width. */
function between(lines: readonly Line[], lying: readonly Rule[]): readonly number[] {
  const x0 = Math.min(...lines.map((line) => line.x0));
  const x1 = Math.max(...lines.map((line) => line.x1));
  const top = Math.max(...lines.map((line) => line.y1));
  const bottom = Math.min(...lines.map((line) => line.y0));
  return lying
    .filter(
      ({ from, to, at }) =>
        at < top && at > bottom && Math.min(to, x1) - Math.max(from, x0) > (x1 - x0) * 0.6,
    )
    .map(({ at }) => at);
}

function wrappedJoined(
  rows: readonly (readonly Line[])[],
  columns: readonly Column[],
  rules: readonly number[],
): readonly (readonly Line[])[] {
  const steps = rows.slice(1).map((row, at) => (rows[at]?.[0]?.y0 ?? 0) - (row[0]?.y0 ?? 0));
  const size = rows[0]?.[0]?.size ?? 1;
  const tightest = Math.min(...steps);
  const wide = steps.filter((step) => step > tightest * WIDER).length;
  const isSpaced = tightest < size * TIGHT && wide >= 2 && wide >= rows.length * 0.2;
  const isParted = rules.length >= 2 && rules.length >= rows.length * 0.25;
  const joined: Line[][] = [];
  for (const [at, row] of rows.entries()) {
    const above = joined.at(-1);
    const step = steps[at - 1] ?? Number.POSITIVE_INFINITY;
    const [upper, lower] = [rows[at - 1]?.[0]?.y0 ?? 0, row[0]?.y0 ?? 0];
    const parted = rules.some((rule) => rule < upper && rule > lower);
    const evidence = isParted ? !parted : isSpaced && step <= tightest * WIDER;
    if (
      above !== undefined &&
      !parted &&
      step < size * TIGHT * 1.1 &&
      isRest(above, row, columns, evidence)
    ) {
      above.push(...row);
    } else joined.push([...row]);
  }
  return joined;
}

export const NUMERIC = /^[([]?[-–−+<>≤≥~±]?\s?[€$£¥]?\s?\d[\d\s.,'’/:–-]*\s?[%€$£¥]?[)\]]?$/;

/** Whether a line holds the rest of cells above it, by what it leaves empty and how it goes on. */
function isRest(
  above: readonly Line[],
  row: readonly Line[],
  columns: readonly Column[],
  evidence: boolean,
): boolean {
  const upper = cellsInColumns(above, columns);
  const lower = cellsInColumns(row, columns);
  const pairs = lower.flatMap((text, at) => (text === '' ? [] : [{ text, before: upper[at] ?? '' }]));
  if (pairs.some(({ text, before }) => NUMERIC.test(text) && NUMERIC.test(before))) return false;
  const leavesOut = pairs.length < columns.length;
  const goesOn = pairs.every(({ text, before }) => before !== '' && continuesText(before, text));
  if (evidence)
    return leavesOut ? pairs.every(({ before, text }) => before !== '' || !NUMERIC.test(text)) : goesOn;
  return leavesOut && (lower[0] ?? '') === '' && goesOn;
}

const continuesText = (before: string, text: string): boolean =>
  /^[\p{Ll}(&]/u.test(text) ||
  /(?:[-‐,;(/&]|\b(?:and|or|of|the|to|for|in|with|by|und|der|die|et|de|du|y|e|di))$/iu.test(before);

/** Each cell stands in the first column that it touches. */
function cellsInColumns(lines: readonly Line[], columns: readonly Column[]): readonly string[] {
  const row = columns.map(() => '');
  for (const line of lines) {
    for (const cell of line.cells) {
      const at = columnOf(cell, columns);
      const before = row[at] ?? '';
      row[at] = before === '' ? cell.text : joinedCell(before, cell.text);
    }
  }
  return row;
}

/** The text of a cell with its next line. */
export const joinedCell = (before: string, text: string): string => {
  if (!/\p{L}[-‐]$/u.test(before) || !/^\p{Ll}/u.test(text)) return `${before} ${text}`;
  return (keepsHyphen(before, text) ? before : before.slice(0, -1)) + text;
};

const columnOf = (cell: Column, columns: readonly Column[]): number => {
  const touched = columns.findIndex((column) => cell.x0 < column.x1 && column.x0 < cell.x1);
  return touched >= 0 ? touched : spanUnder(cell, columns).from;
};

/** The neighbouring columns over whose middle a cell stands that touches none of them. */
function spanUnder(
  cell: Column,
  columns: readonly Column[],
): { readonly from: number; readonly count: number } {
  const middle = (cell.x0 + cell.x1) / 2;
  let best = { from: 0, count: 1, off: Number.POSITIVE_INFINITY };
  for (let from = 0; from < columns.length; from += 1) {
    for (let count = 1; from + count <= columns.length; count += 1) {
      const [a, b] = [columns[from], columns[from + count - 1]];
      if (a === undefined || b === undefined) continue;
      const [x0, x1] = [Math.min(a.x0, b.x0), Math.max(a.x1, b.x1)];
      const off = Math.abs((x0 + x1) / 2 - middle) + (x1 - x0) * 0.02;
      if (off < best.off) best = { from, count, off };
    }
  }
  return best;
}

/** Cells that lie over several columns span them. */
function spanned(
  rows: readonly (readonly string[])[],
  rowLines: readonly (readonly Line[])[],
  columns: readonly Column[],
): readonly (readonly TableCell[])[] {
  return rows.map((row, at) => {
    const spans = new Map<number, number>();
    for (const cell of (rowLines[at] ?? []).flatMap((line) => line.cells)) {
      const touched = columns.filter(({ x0, x1 }) => cell.x0 < x1 && x0 < cell.x1).length;
      const met = touched === 0 ? spanUnder(cell, columns).count : touched;
      const first = columnOf(cell, columns);
      if (met > 1) spans.set(first, Math.max(spans.get(first) ?? 1, met));
    }
    const cells: TableCell[] = [];
    for (let column = 0; column < row.length; column += 1) {
      const text = row[column] ?? '';
      const wanted = spans.get(column) ?? 1;
      let columnSpan = 1;
      while (columnSpan < wanted && (row[column + columnSpan] ?? 'x') === '') columnSpan += 1;
      cells.push(columnSpan > 1 ? { text, columnSpan } : text);
      column += columnSpan - 1;
    }
    return cells;
  });
}
