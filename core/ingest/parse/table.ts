import type { Draft, PageBreak } from '../block.ts';

/**
 * Every table of every format becomes blocks here, so that a row says what its cells mean wherever the table is cut.
 *
 *  ING-21 A table that may be cut into several passages is written as records: each line names its cells
 *     ("Part: 097 | Price: 89"). A short one is written as a grid, a line a row.
 *     A row of one cell over the whole width heads the rows under it, and stands in the line of each.
 *  ING-22 What spans rows stands in the line of each of them; `rows` have it in its first cell alone.
 */
export interface Table {
  readonly rows: readonly (readonly TableCell[])[];
  /** How many of the first rows name the columns; the names of several are joined. 0 where nothing names them. */
  readonly headerRows: number;
  /** Written as records however short it is: a file of records, whose rows are read one at a time. */
  readonly records?: true;
  /** The page of each row, ascending, in formats that have pages. */
  readonly pages?: readonly number[];
}

export type TableCell = string | SpanningCell;

/** In HTML's terms: the cells that it covers are left out of its own row and of those below. */
export interface SpanningCell {
  readonly text: string;
  readonly rowSpan?: number;
  readonly columnSpan?: number;
}

/** Longer tables may be cut, so they are written as records: about one passage of the default size. */
const GRID_LENGTH = 1_400;
/** Characters a block: a table of a million rows must not be one object. */
const BLOCK_LENGTH = 20_000;
/** HTML's own limits of `colspan`, and a tenth of that of `rowspan` (65,534): what claims more is a mistake. */
const MAX_COLUMN_SPAN = 1_000;
const MAX_ROW_SPAN = 6_000;

type Position = Pick<Draft, 'page' | 'bbox'>;

/** Blocks in order; none for a table without text. */
export function* tableBlocks(table: Table, position: Position = {}): Iterable<Draft> {
  const grid = placeCells(table.rows).map((row, at) => ({ ...row, page: table.pages?.[at] }));
  const headerRows = Math.min(table.headerRows, grid.length);
  const header = grid.slice(0, headerRows);
  const records = grid.slice(headerRows);
  const gridLines = grid.map(gridLine);
  const length = gridLines.reduce((sum, line) => sum + line.length + 1, 0);
  const block = (
    lines: readonly { readonly text: string; readonly row: PagedRow }[],
    rows: readonly PagedRow[],
  ): Draft => ({
    text: lines.map(({ text }) => text).join('\n'),
    block: 'table',
    rows: rows.map(({ shown }) => shown),
    headerRows,
    ...position,
    ...pagesOfLines(lines),
  });
  if (records.length === 0 || (length <= GRID_LENGTH && table.records === undefined)) {
    const lines = grid.map((row) => ({ text: gridLine(row), row })).filter(({ text }) => text !== '');
    if (lines.length > 0) yield block(lines, grid);
    return;
  }
  const names = columnNames(header);
  let lines: { readonly text: string; readonly row: PagedRow }[] = [];
  let rows: PagedRow[] = [];
  let written = 0;
  let section = '';
  for (const record of records) {
    const title = sectionTitle(record);
    if (title !== undefined) section = title;
    const own = title ?? recordLine(names, record);
    if (own === '') continue;
    const line = section === '' || title !== undefined ? own : `${section} | ${own}`;
    if (lines.length > 0 && written + line.length > BLOCK_LENGTH) {
      yield block(lines, [...header, ...rows]);
      lines = [];
      rows = [];
      written = 0;
    }
    lines.push({ text: line, row: record });
    rows.push(record);
    written += line.length + 1;
  }
  if (lines.length > 0) yield block(lines, [...header, ...rows]);
}

interface PagedRow extends GridRow {
  readonly page: number | undefined;
}

/** The page of the first line, and where the text goes on to others. */
function pagesOfLines(
  lines: readonly { readonly text: string; readonly row: PagedRow }[],
): Pick<Draft, 'page' | 'pageBreaks'> {
  const first = lines[0]?.row.page;
  if (first === undefined) return {};
  const pageBreaks: PageBreak[] = [];
  let page = first;
  let at = 0;
  for (const { text, row } of lines) {
    if (row.page !== undefined && row.page !== page) {
      page = row.page;
      pageBreaks.push({ at, page });
    }
    at += text.length + 1;
  }
  return pageBreaks.length === 0 ? { page: first } : { page: first, pageBreaks };
}

interface GridRow {
  /** A spanning cell's text in its first cell, '' in the others. */
  readonly shown: readonly string[];
  /** A spanning cell's text in each row that it spans, once a row. */
  readonly read: readonly string[];
  /** A spanning cell's text in every cell that it covers: for the names of columns. */
  readonly covered: readonly string[];
}

/** Spans resolved as HTML's table model does it: a cell takes the first free place of its row. */
function placeCells(rows: readonly (readonly TableCell[])[]): readonly GridRow[] {
  const hanging: { text: string; rowsLeft: number; first: boolean }[] = [];
  return rows.map((cells) => {
    const shown: string[] = [];
    const read: string[] = [];
    const covered: string[] = [];
    const takeHanging = () => {
      for (;;) {
        const above = hanging[shown.length];
        if (above === undefined || above.rowsLeft === 0) return;
        above.rowsLeft -= 1;
        shown.push('');
        read.push(above.first ? above.text : '');
        covered.push(above.text);
      }
    };
    for (const cell of cells) {
      takeHanging();
      const { text, rowSpan = 1, columnSpan = 1 } = typeof cell === 'string' ? { text: cell } : cell;
      const clean = text.replace(/\s+/g, ' ').trim();
      for (let at = 0; at < between(columnSpan, 1, MAX_COLUMN_SPAN); at += 1) {
        hanging[shown.length] = {
          text: clean,
          rowsLeft: between(rowSpan, 1, MAX_ROW_SPAN) - 1,
          first: at === 0,
        };
        shown.push(at === 0 ? clean : '');
        read.push(at === 0 ? clean : '');
        covered.push(clean);
      }
    }
    takeHanging();
    return { shown, read, covered };
  });
}

const between = (value: number, least: number, most: number): number =>
  Math.min(Math.max(Math.trunc(value) || least, least), most);

/** "Price" over "EUR" is "Price / EUR"; a name that a span repeats below itself is said once. */
function columnNames(header: readonly GridRow[]): readonly string[] {
  const width = Math.max(0, ...header.map(({ covered }) => covered.length));
  return Array.from({ length: width }, (_, column) =>
    header
      .map(({ covered }) => covered[column] ?? '')
      .filter((name, at, all) => name !== '' && name !== all[at - 1])
      .join(' / '),
  );
}

/** A cell over the whole width, inside of a table, heads the rows under it. */
const sectionTitle = ({ covered }: GridRow): string | undefined => {
  const [title] = covered;
  return covered.length > 1 && title !== '' && covered.every((cell) => cell === title) ? title : undefined;
};

const gridLine = ({ read }: GridRow): string => (read.some((cell) => cell !== '') ? read.join(' | ') : '');

const recordLine = (names: readonly string[], { read }: GridRow): string =>
  read
    .map((value, column) => {
      const name = names[column] ?? '';
      if (value === '') return '';
      return name === '' ? value : `${name}: ${value}`;
    })
    .filter((part) => part !== '')
    .join(' | ');
