import { parse } from 'csv-parse/browser/esm/sync';
import { errorMessage } from '../../error-message.ts';
import type { Draft } from '../block.ts';
import { refuse } from '../refusal.ts';
import { remarkedFirst } from '../remark.ts';
import { refuseCrowd } from './crowd.ts';
import { delimiterOf } from './csv-delimiter.ts';
import { tableBlocks } from './table.ts';
import { headerRowsByEvidence, shapeOf } from './table-header.ts';

type Row = readonly string[];

/**
 * What spreadsheets and programs export: tables between blank lines, with titles and remarks above.
 *
 *  ING-45 A record is never taken for the names of columns: where nothing names them they are numbered, and what stands
 *     above a table is a paragraph.
 */
export function* parseCsv(text: string): Iterable<Draft> {
  // Excel's own line, which says what separates.
  const [line = '', said] = /^\uFEFF?"?sep=(.)"?\r?\n/i.exec(text) ?? [];
  const body = text.slice(line.length);
  const delimiter = said ?? delimiterOf(body);
  refuseCrowd(body, `${delimiter}\n`, 'cells');
  const { rows, remark } = readRows(body, delimiter);
  yield* remarkedFirst(sectionBlocks(rows), remark);
}

function readRows(
  text: string,
  delimiter: string,
): { readonly rows: readonly Row[]; readonly remark?: string } {
  const options = {
    delimiter,
    bom: true,
    relax_column_count: true,
    relax_quotes: true,
    max_record_size: 1_000_000,
  };
  try {
    return { rows: parse(text, options) };
  } catch (cause) {
    if (!/quote/i.test(errorMessage(cause))) {
      throw refuse('malformed', `The CSV cannot be read: ${errorMessage(cause)}.`, cause);
    }
    const rows: string[][] = parse(text, { ...options, quote: null });
    return { rows, remark: 'A quotation mark is not closed, so all of them were read as text.' };
  }
}

function* sectionBlocks(rows: readonly Row[]): Iterable<Draft> {
  let before: Names | undefined;
  const sections = [...sectionsOf(rows)];
  const isList = sections.every((section) => usualWidth(section) < 2);
  for (const section of sections) {
    const width = usualWidth(section);
    const start = section.findIndex((row) => isList || (width > 1 && filled(row) > 1));
    const above = start < 0 ? section : section.slice(0, start);
    for (const row of above) {
      const text = row.filter((cell) => cell.trim() !== '').join(' ');
      yield { text, block: 'paragraph' };
    }
    const table = start < 0 ? [] : section.slice(start);
    const [first] = table;
    if (first === undefined) continue;
    // A blank line inside of a table: it goes on under its names.
    const goesOn = above.length === 0 && before?.width === width && !isHeader(table);
    const isNamed = goesOn ? false : isHeader(table);
    const names: Names = goesOn && before !== undefined ? before : namesOf(isNamed ? first : [], width);
    before = names;
    const records = isNamed ? table.slice(1) : table;
    if (records.length === 0) yield { text: first.join(' | '), block: 'paragraph' };
    const widest = records.reduce((most, row) => Math.max(most, row.length), 0);
    yield* tableBlocks({ rows: [names.of(widest), ...records], headerRows: 1, records: true });
  }
}

/** Rows between blank ones. */
function* sectionsOf(rows: readonly Row[]): Iterable<readonly Row[]> {
  let section: Row[] = [];
  for (const row of rows) {
    if (filled(row) > 0) section.push(row);
    else if (section.length > 0) {
      yield section;
      section = [];
    }
  }
  if (section.length > 0) yield section;
}

const filled = (row: Row): number => row.reduce((count, cell) => count + (cell.trim() === '' ? 0 : 1), 0);

/** Of most rows, without the empty cells at their ends that spreadsheets write. */
function usualWidth(rows: readonly Row[]): number {
  const counts = new Map<number, number>();
  for (const row of rows) {
    const width = row.findLastIndex((cell) => cell.trim() !== '') + 1;
    counts.set(width, (counts.get(width) ?? 0) + 1);
  }
  return [...counts].reduce((best, one) => (one[1] > best[1] ? one : best), [0, 0])[0];
}

/** One column is a list: its first line is a name only if it is of another kind than the others. */
function isHeader(table: readonly Row[]): boolean {
  const [first, ...rest] = table;
  if (first === undefined) return false;
  if (first.length > 1) return headerRowsByEvidence(table) === 1;
  return (
    rest.length > 0 &&
    shapeOf(first[0] ?? '') === 'word' &&
    rest.every(([cell]) => shapeOf(cell ?? '') !== 'word')
  );
}

interface Names {
  readonly width: number;
  of(columns: number): readonly string[];
}

/** Each column has a name of its own; a list in one column needs none. */
function namesOf(header: Row, width: number): Names {
  const seen = new Map<string, number>();
  const named = header.map((cell) => {
    const name = cell.replace(/\s+/g, ' ').trim();
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return name !== '' && count > 1 ? `${name} (${count})` : name;
  });
  return {
    width,
    of: (columns) =>
      Array.from({ length: Math.max(columns, named.length) }, (_, at) => {
        const name = named[at] ?? '';
        return name === '' && (columns > 1 || named.length > 1) ? `Column ${at + 1}` : name;
      }),
  };
}
