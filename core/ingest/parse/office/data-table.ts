import type { Draft } from '../../block.ts';
import { type SpanningCell, tableBlocks } from '../table.ts';
import { headerRowsByEvidence, shapeOf } from '../table-header.ts';

type Position = Parameters<typeof tableBlocks>[1];

/**
 * A table of an office document as blocks. A single cell over the whole width in front is its title. `marked`: how many rows
 * the document itself calls its header; where it says nothing, the cells tell.
 */
export function* dataTable(
  rows: readonly (readonly SpanningCell[])[],
  marked = 0,
  position: Position = {},
): Iterable<Draft> {
  const [first, second] = rows;
  const [title] = first ?? [];
  if (first?.length === 1 && title !== undefined && (second?.length ?? 0) > 1 && (title.rowSpan ?? 1) === 1) {
    yield { text: title.text, block: 'paragraph', ...position };
    yield* dataTable(rows.slice(1), Math.max(0, marked - 1), position);
    return;
  }
  const headerRows = marked > 0 && marked < rows.length ? marked : evidentHeader(rows);
  yield* tableBlocks({ rows, headerRows }, position);
}

/** Rows that are looked at for the header. */
const SAMPLE = 50;

/** Names that span columns stand above the names of these, where there are any. */
function evidentHeader(rows: readonly (readonly SpanningCell[])[]): number {
  const grid = withoutSpans(rows.slice(0, SAMPLE));
  const [first, second, ...rest] = grid;
  if (first === undefined || second === undefined) return 0;
  if (!hasNamesBelow(rows[0] ?? [], second, rest)) {
    // A name over several columns names them all.
    return headerRowsByEvidence([
      first.map((cell, at) => cell ?? lastName(first, at)),
      ...grid.slice(1).map(filled),
    ]);
  }
  return (
    1 +
    headerRowsByEvidence(
      grid
        .slice(1)
        .map((row, at) => (at === 0 ? row.map((cell, column) => cell ?? first[column] ?? '') : filled(row))),
    )
  );
}

const filled = (row: readonly (string | null)[]): readonly string[] => row.map((cell) => cell ?? '');

const lastName = (row: readonly (string | null)[], at: number): string =>
  `${row.slice(0, at).findLast((cell) => cell !== null) ?? ''} ${at}`;

function hasNamesBelow(
  first: readonly SpanningCell[],
  second: readonly (string | null)[],
  rest: readonly (readonly (string | null)[])[],
): boolean {
  let column = 0;
  for (const { columnSpan = 1 } of first) {
    const below = second.slice(column, column + columnSpan).filter((cell) => cell !== null && cell !== '');
    const values = rest.flatMap((row) => row.slice(column, column + columnSpan));
    const isAllWords = below.every(
      (name) => shapeOf(name ?? '') === 'word' || /^(?:19|20)\d{2}$/.test(name ?? ''),
    );
    const holdsFigures = values.some((value) => ['number', 'date'].includes(shapeOf(value ?? '')));
    if (columnSpan > 1 && below.length > 1 && isAllWords && (holdsFigures || rest.length > 2)) return true;
    column += columnSpan;
  }
  return false;
}

/** The grid of cells; null where another cell spans. */
function withoutSpans(rows: readonly (readonly SpanningCell[])[]): readonly (readonly (string | null)[])[] {
  const hanging: number[] = [];
  return rows.map((cells) => {
    const row: (string | null)[] = [];
    const skip = () => {
      while ((hanging[row.length] ?? 0) > 0) {
        hanging[row.length] = (hanging[row.length] ?? 0) - 1;
        row.push(null);
      }
    };
    for (const { text, rowSpan = 1, columnSpan = 1 } of cells) {
      skip();
      for (let at = 0; at < Math.min(columnSpan, 1_000); at += 1) {
        hanging[row.length] = rowSpan - 1;
        row.push(at === 0 ? text : null);
      }
    }
    skip();
    return row;
  });
}
