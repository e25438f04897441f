import type { Draft } from '../../block.ts';
import { dataTable } from './data-table.ts';

/** A cell as it is read before it is known whether the table is one. */
export interface ReadCell {
  readonly blocks: readonly Draft[];
  columnSpan: number;
  rowSpan: number;
}

/** Tables that lay out a page (one column, or sections in cells) are read as their contents, cell by cell. */
export function* tableOrContents(rows: readonly (readonly ReadCell[])[], marked: number): Iterable<Draft> {
  if (isLayout(rows)) {
    for (const cell of rows.flat()) yield* cell.blocks;
    return;
  }
  yield* dataTable(
    rows.map((row) =>
      row.map(({ blocks, columnSpan, rowSpan }) => ({ text: cellText(blocks), columnSpan, rowSpan })),
    ),
    marked,
  );
}

function isLayout(rows: readonly (readonly ReadCell[])[]): boolean {
  const cells = rows.flat();
  const filled = rows.filter((row) => row.some(({ blocks }) => blocks.length > 0));
  if (filled.every((row) => row.filter(({ blocks }) => blocks.length > 0).length <= 1)) {
    return filled.every((row) => row.length <= 1) || filled.length === 1;
  }
  if (cells.some(({ blocks }) => blocks.some(({ block }) => block === 'heading'))) return true;
  const holdsTable = cells.some(({ blocks }) =>
    blocks.some(({ block, rows: inner = [] }) => block === 'table' && inner.length > 1),
  );
  if (holdsTable && rows.length <= 2) return true;
  return rows.length === 1 && cells.some(({ blocks }) => blocks.length > 2);
}

/** Lines of lists and inner tables are kept apart. */
const cellText = (blocks: readonly Draft[]): string =>
  blocks
    .map(({ text, block }) =>
      block === 'table' || block === 'list'
        ? text
            .split('\n')
            .map((line) => line.trim())
            .join('; ')
        : text,
    )
    .join(' ');
