import type { Draft } from '../block.ts';
import type { Line } from './pdf-line.ts';
import type { Column, FoundTable } from './pdf-table.ts';
import { type TableCell, tableBlocks } from './table.ts';

/** Parts of one table, a page each. */
export interface PagedTable {
  readonly kind: 'table';
  readonly tables: readonly FoundTable[];
}

interface TextElement {
  readonly kind: 'text';
  readonly lines: Line[];
}

type Element = TextElement | { readonly kind: 'table'; readonly table: FoundTable };

/** Tables that follow each other over a page break, with the same columns, are one. */
export function joinedTables(elements: readonly Element[]): readonly (TextElement | PagedTable)[] {
  const joined: (TextElement | { readonly kind: 'table'; readonly tables: FoundTable[] })[] = [];
  for (const element of elements) {
    const last = joined.at(-1);
    if (element.kind === 'text') joined.push(element);
    else if (last?.kind === 'table' && goesOn(last.tables.at(-1), element.table))
      last.tables.push(element.table);
    else joined.push({ kind: 'table', tables: [element.table] });
  }
  return joined;
}

/** Columns of the two parts of a table begin or end at the same places, up to so many points. */
const SAME_PLACE = 12;

function goesOn(before: FoundTable | undefined, next: FoundTable): boolean {
  if (before === undefined || next.page !== before.page + 1) return false;
  if (before.columns.length !== next.columns.length) return false;
  const matching = before.columns.filter((column, at) => isSame(column, next.columns[at])).length;
  return matching >= before.columns.length * 0.6;
}

const isSame = (a: Column, b: Column | undefined): boolean =>
  b !== undefined && (Math.abs(a.x0 - b.x0) < SAME_PLACE || Math.abs(a.x1 - b.x1) < SAME_PLACE);

/** The heading of the table is said once, though every page repeats it. */
export function* tableDrafts(
  { tables }: PagedTable,
  place: (lines: readonly Line[]) => Pick<Draft, 'page' | 'bbox'>,
): Iterable<Draft> {
  const [whole, ...others] = tables;
  if (whole === undefined) return;
  const { title, table: first } = withoutTitle(whole);
  if (title.length > 0) {
    const text = title.map((line) => line.text).join(' ');
    yield {
      text,
      block: title.every(({ bold }) => bold) ? 'heading' : 'paragraph',
      level: 6,
      ...place(title),
    };
  }
  const headerRows = headerRowsOf(first);
  const header = first.rows.slice(0, headerRows).map(textOf);
  const rows = [...first.rows];
  const pages = first.rows.map(() => first.page);
  for (const table of others) {
    const repeated = table.rows.slice(0, headerRows).map(textOf);
    const skipped = header.length > 0 && header.every((row, at) => row === repeated[at]) ? headerRows : 0;
    rows.push(...table.rows.slice(skipped));
    pages.push(...table.rows.slice(skipped).map(() => table.page));
  }
  yield* tableBlocks({ rows, headerRows, pages }, place(first.lines));
}

/** Lines over the rows of a table that lie in its first column alone, and in bold, are its title. */
function withoutTitle(table: FoundTable): { readonly title: readonly Line[]; readonly table: FoundTable } {
  const isTitle = table.rows.map(
    (row, at) =>
      row.length > 0 &&
      row.slice(1).every((cell) => cellText(cell) === '') &&
      (table.rowLines[at] ?? []).length > 0 &&
      (table.rowLines[at] ?? []).every((line) => line.cells.every(({ bold }) => bold)),
  );
  const count = isTitle.indexOf(false);
  if (table.ruled || count < 1 || count > MOST_HEADER_ROWS || table.rows.length - count < 2)
    return { title: [], table };
  return {
    title: table.rowLines.slice(0, count).flat(),
    table: {
      ...table,
      rows: table.rows.slice(count),
      rowLines: table.rowLines.slice(count),
      lines: table.lines.filter((line) => !table.rowLines.slice(0, count).flat().includes(line)),
    },
  };
}

const cellText = (cell: TableCell): string => (typeof cell === 'string' ? cell : cell.text);
const textOf = (row: readonly TableCell[]): string => row.map(cellText).join('|').replace(/\s+/g, '');

const FIGURE = /\p{N}/u;
/** A year or a quarter heads a column as well as a word does. */
const YEAR = /^(?:FY\s?)?(?:19|20|21)\d\d(?:[/–-]\d{2,4})?$|^Q[1-4]/i;
const MOST_HEADER_ROWS = 4;

const isValue = (text: string): boolean => FIGURE.test(text) && !YEAR.test(text) && !/\p{L}{3}/u.test(text);

/**
 * How many rows name the columns: those set bold above others that are not, else those without figures above rows that
 * have them. Where neither says anything, a full first row of three columns or more.
 */
function headerRowsOf({ rows, rowLines, columns }: FoundTable): number {
  if (rows.length < 2) return 0;
  const isBold = (at: number) => (rowLines[at] ?? []).every((line) => line.cells.every(({ bold }) => bold));
  const bold = rows.findIndex((_, at) => !isBold(at));
  if (bold > 0 && bold <= MOST_HEADER_ROWS && rows.slice(bold).some((_, at) => !isBold(bold + at)))
    return bold;
  const values = rows.map((row) => row.slice(1).filter((cell) => isValue(cellText(cell))).length);
  const firstValues = values.findIndex((count) => count > 0);
  if (firstValues > 0) {
    // The name of a group of rows stands over it in the first column alone.
    const last = rows
      .slice(0, firstValues)
      .findLastIndex((row) => row.slice(1).some((cell) => cellText(cell) !== ''));
    if (last >= 0 && last < MOST_HEADER_ROWS) return last + 1;
    if (last >= 0) return 1;
  }
  if (firstValues === 0) return 0;
  const isFull =
    (rows[0] ?? []).every((cell) => cellText(cell) !== '') && (rows[0]?.length ?? 0) === columns.length;
  return isFull && columns.length > 2 ? 1 : 0;
}
