import type { Draft } from '../block.ts';
import { boxOf, type Cell, type Line } from './pdf-line.ts';
import { tableBlocks } from './table.ts';

/**
 * Tables by geometry alone: lines that are cut by wide gaps at the same places. Rules and fills are not looked
 * at, so a table of one column, or one whose cells are all wrapped, is read as text.
 */

/** Lines with at least two cells that make a table. */
const MIN_ROWS = 3;
/** Lines of one cell between them: a wrapped cell, a spanning header, a group's name. */
const MAX_SINGLE = 2;
/** Neighbouring lines of a table lie at most this many font sizes apart. */
const MAX_STEP = 4;
/** Lines whose baselines are this close (in font sizes) are one row. */
const SAME_ROW = 0.5;
/** Text in columns also has gaps at the same places, but long lines: cells are shorter on average. */
const MAX_MEAN_CELL = 45;

/** How many of the lines from `from` on are a table; 0 when none begins there. */
export function tableLength(lines: readonly Line[], from: number): number {
  const first = lines[from];
  if (first === undefined || first.cells.length < 2) return 0;
  let end = from + 1;
  let rows = 1;
  let singles = 0;
  for (let at = from + 1; at < lines.length; at += 1) {
    const line = lines[at];
    const before = lines[at - 1];
    if (line === undefined || before === undefined || line.page !== first.page) break;
    if (Math.abs(before.y0 - line.y0) > Math.max(line.size, before.size) * MAX_STEP) break;
    if (line.cells.length >= 2) {
      rows += 1;
      singles = 0;
      end = at + 1;
    } else {
      singles += 1;
      if (singles > MAX_SINGLE) break;
    }
  }
  const cells = lines.slice(from, end).flatMap((line) => line.cells);
  const mean = cells.reduce((sum, cell) => sum + cell.text.length, 0) / cells.length;
  return rows >= MIN_ROWS && mean <= MAX_MEAN_CELL ? end - from : 0;
}

export function tableDrafts(lines: readonly Line[]): Iterable<Draft> {
  const columns = columnsOf(lines);
  const rows = rowsOf(lines).map((row) => cellsInColumns(row, columns));
  const first = lines[0];
  const place = first === undefined ? {} : { page: first.page, bbox: boxOf(lines) };
  return tableBlocks({ rows, headerRows: 1 }, place);
}

type Column = Pick<Cell, 'x0' | 'x1'>;

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
  return columns.toSorted((a, b) => a.x0 - b.x0);
}

/** Lines on one baseline are a row, from top to bottom, whatever order they were written in. */
function rowsOf(lines: readonly Line[]): readonly (readonly Cell[])[] {
  const rows: { readonly y: number; readonly cells: Cell[] }[] = [];
  for (const line of lines.toSorted((a, b) => b.y0 - a.y0)) {
    const row = rows.at(-1);
    if (row !== undefined && row.y - line.y0 < line.size * SAME_ROW) row.cells.push(...line.cells);
    else rows.push({ y: line.y0, cells: [...line.cells] });
  }
  return rows.map((row) => row.cells.toSorted((a, b) => a.x0 - b.x0));
}

/** Each cell stands in the first column that it touches. */
function cellsInColumns(cells: readonly Cell[], columns: readonly Column[]): readonly string[] {
  const row = columns.map(() => '');
  for (const cell of cells) {
    const at = Math.max(
      0,
      columns.findIndex((column) => cell.x0 < column.x1 && column.x0 < cell.x1),
    );
    row[at] = [row[at], cell.text].filter(Boolean).join(' ');
  }
  return row;
}
