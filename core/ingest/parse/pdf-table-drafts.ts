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
  const [first] = tables;
  if (first === undefined) return;
  const headerRows = headerRowsOf(first);
  const header = first.rows.slice(0, headerRows).map(textOf);
  const rows = [...first.rows];
  const pages = first.rows.map(() => first.page);
  for (const table of tables.slice(1)) {
    const repeated = table.rows.slice(0, headerRows).map(textOf);
    const skipped = header.length > 0 && header.every((row, at) => row === repeated[at]) ? headerRows : 0;
    rows.push(...table.rows.slice(skipped));
    pages.push(...table.rows.slice(skipped).map(() => table.page));
  }
  yield* tableBlocks({ rows, headerRows, pages }, place(first.lines));
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
  if (firstValues > 0 && firstValues <= MOST_HEADER_ROWS) return firstValues;
  if (firstValues === 0) return 0;
  const isFull =
    (rows[0] ?? []).every((cell) => cellText(cell) !== '') && (rows[0]?.length ?? 0) === columns.length;
  return isFull && columns.length > 2 ? 1 : 0;
}
