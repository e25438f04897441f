import type { Draft } from '../../block.ts';
import type { SpanningCell } from '../table.ts';
import { headerRowsByEvidence } from '../table-header.ts';
import { dataTable } from './data-table.ts';

/** A row of a sheet without what is covered by merged cells. */
export interface SheetRow {
  readonly number: number;
  /** By column, from 1; those without text are left out. */
  readonly cells: ReadonlyMap<number, SheetCell>;
  /** Columns that a cell above or beside covers. */
  readonly covered: ReadonlySet<number>;
}

export interface SheetCell {
  readonly text: string;
  readonly rowSpan: number;
  readonly columnSpan: number;
}

interface WrittenTable {
  readonly columns: readonly number[];
  readonly header: readonly SheetRow[];
}

/** A longer region is written in parts, each under the same header. */
const PART_ROWS = 2_000;

/**
 * What stands together on a sheet: rows without an empty one between them. It may be several tables side by side, and have a
 * title and remarks above.
 */
export class Region {
  #rows: SheetRow[] = [];
  /** Of a region whose first part is written: its tables' columns and header rows. */
  #written: readonly WrittenTable[] = [];
  readonly #headerAt: (row: number, column: number) => boolean;

  /** `headerAt`: whether the workbook itself says that a row names columns there. */
  constructor(headerAt: (row: number, column: number) => boolean) {
    this.#headerAt = headerAt;
  }

  get lastRow(): number | undefined {
    return this.#rows.at(-1)?.number;
  }

  *add(row: SheetRow): Iterable<Draft> {
    this.#rows.push(row);
    if (this.#rows.length >= PART_ROWS) yield* this.#part();
  }

  *end(): Iterable<Draft> {
    yield* this.#part();
    this.#written = [];
  }

  *#part(): Iterable<Draft> {
    const rows = this.#rows;
    this.#rows = [];
    if (rows.length === 0) return;
    if (this.#written.length > 0) {
      for (const { columns, header } of withNewColumns(this.#written, rows)) {
        yield* dataTable(
          [...header, ...rows].map((row) => cellsOf(row, columns)),
          header.length,
        );
      }
      return;
    }
    const written: WrittenTable[] = [];
    const above = preamble(rows);
    for (const row of rows.slice(0, above)) yield lineOf(row);
    for (const columns of bandsOf(rows.slice(above))) {
      const own = rows
        .slice(above)
        .filter((row) => columns.some((column) => row.cells.has(column) || row.covered.has(column)));
      const title = preamble(own, columns);
      for (const row of own.slice(0, title)) yield lineOf(row, columns);
      const body = own.slice(title);
      if (body.length === 0) continue;
      const table = body.map((row) => cellsOf(row, columns));
      const [first] = body;
      const isNamed = first !== undefined && columns.some((column) => this.#headerAt(first.number, column));
      if (columns.length === 1 && body.length <= 3 && !isNamed) {
        for (const [cell] of table) if (cell !== undefined) yield { text: cell.text, block: 'paragraph' };
        continue;
      }
      const drafts = [...dataTable(table, isNamed ? 1 : 0)];
      yield* drafts;
      written.push({ columns, header: body.slice(0, drafts.at(-1)?.headerRows ?? 0) });
    }
    this.#written = written;
  }
}

/** Columns that first have text far below belong to the last table. */
function withNewColumns(
  written: readonly WrittenTable[],
  rows: readonly SheetRow[],
): readonly WrittenTable[] {
  const known = new Set(written.flatMap(({ columns }) => columns));
  const found = new Set(
    rows.flatMap(({ cells }) => [...cells.keys()]).filter((column) => !known.has(column)),
  );
  if (found.size === 0) return written;
  return written.map((table, at) =>
    at < written.length - 1
      ? table
      : { ...table, columns: [...table.columns, ...found].sort((a, b) => a - b) },
  );
}

const filledIn = ({ cells }: SheetRow, columns?: readonly number[]): readonly number[] =>
  [...cells.keys()].filter((column) => columns?.includes(column) ?? true);

/** Rows in front with one cell only, where the rows below have more: a title, a date, a remark. All of them, if none has. */
function preamble(rows: readonly SheetRow[], columns?: readonly number[]): number {
  if (new Set(rows.flatMap((row) => filledIn(row, columns))).size < 2) return 0;
  const first = rows.findIndex((row) => filledIn(row, columns).length > 1);
  return first < 0 ? rows.length : first;
}

const lineOf = (row: SheetRow, columns?: readonly number[]): Draft => ({
  text: filledIn(row, columns)
    .map((column) => row.cells.get(column)?.text ?? '')
    .join(' '),
  block: 'paragraph',
});

/** The columns with text, in groups that are tables of their own. */
function bandsOf(rows: readonly SheetRow[]): readonly (readonly number[])[] {
  const used = new Set<number>();
  for (const row of rows) {
    for (const column of row.cells.keys()) used.add(column);
    for (const column of row.covered) used.add(column);
  }
  const columns = [...used].sort((a, b) => a - b);
  const bands: number[][] = [];
  for (const column of columns) {
    const last = bands.at(-1);
    if (last !== undefined && last.at(-1) === column - 1) last.push(column);
    else bands.push([column]);
  }
  return bands.length > 1 && bands.every((band) => isTable(rows, band)) ? bands : [columns];
}

/** An empty column may also be there for looks: on both sides of one that parts tables is a table with names of its own. */
function isTable(rows: readonly SheetRow[], band: readonly number[]): boolean {
  if (band.length < 2) return false;
  const own = rows
    .filter((row) => band.some((column) => row.cells.has(column)))
    .map((row) => band.map((column) => row.cells.get(column)?.text ?? ''));
  return own.length > 1 && headerRowsByEvidence(own) === 1;
}

function cellsOf(row: SheetRow, columns: readonly number[]): readonly SpanningCell[] {
  const cells: SpanningCell[] = [];
  for (const column of columns) {
    if (row.covered.has(column)) continue;
    const cell = row.cells.get(column);
    if (cell === undefined) {
      cells.push({ text: '' });
      continue;
    }
    // Of the columns that it covers, those that are left out count for nothing.
    const columnSpan = columns.filter((one) => one >= column && one < column + cell.columnSpan).length;
    cells.push({ text: cell.text, rowSpan: cell.rowSpan, columnSpan });
  }
  return cells;
}
