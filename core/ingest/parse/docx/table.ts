import type { Draft } from '../../block.ts';
import { type ReadCell, tableOrContents } from '../office/cell-table.ts';
import { isOn, valueIn } from '../office/package.ts';
import { childAt, childOf, elementsOf, type XmlElement } from '../xml.ts';

export function* tableOf(
  table: XmlElement,
  readCell: (cell: XmlElement) => readonly Draft[],
): Iterable<Draft> {
  const rowElements = [...unwrapped(table, 'w:tr')].filter((row) => !isGone(row));
  const rows = readRows(rowElements, readCell);
  const marked = rowElements.findIndex((row) => isOn(childOf(row, 'w:trPr'), 'w:tblHeader') !== true);
  yield* tableOrContents(rows, marked < 0 ? rows.length : marked);
}

function readRows(
  rows: readonly XmlElement[],
  readCell: (cell: XmlElement) => readonly Draft[],
): ReadCell[][] {
  /** By column: the cell that the next row's cell may continue. */
  const above = new Map<number, ReadCell>();
  return rows.map((row) => {
    const properties = childOf(row, 'w:trPr');
    const cells: ReadCell[] = [];
    let column = 0;
    const skip = (count: number) => {
      if (count <= 0) return;
      cells.push({ blocks: [], columnSpan: count, rowSpan: 1 });
      column += count;
    };
    skip(Number(valueIn(properties, 'w:gridBefore') ?? 0));
    for (const cell of unwrapped(row, 'w:tc')) {
      const own = childOf(cell, 'w:tcPr');
      const columnSpan = Math.max(1, Number(valueIn(own, 'w:gridSpan') ?? 1) || 1);
      const merge = childOf(own, 'w:vMerge');
      const continued =
        merge !== undefined && merge.attributes['w:val'] !== 'restart' ? above.get(column) : undefined;
      if (continued !== undefined) continued.rowSpan += 1;
      else {
        const read = { blocks: readCell(cell), columnSpan, rowSpan: 1 };
        cells.push(read);
        if (merge === undefined) above.delete(column);
        else above.set(column, read);
      }
      column += columnSpan;
    }
    skip(Number(valueIn(properties, 'w:gridAfter') ?? 0));
    return cells;
  });
}

/** Rows and cells stand in content controls and tracked insertions as well. */
export function* unwrapped(parent: XmlElement, name: string): Iterable<XmlElement> {
  for (const child of elementsOf(parent)) {
    if (child.name === name) yield child;
    else if (/^w:(?:sdt|sdtContent|customXml|ins|smartTag)$/.test(child.name)) yield* unwrapped(child, name);
  }
}

const isGone = (row: XmlElement): boolean =>
  childAt(row, 'w:trPr', 'w:del') !== undefined || isOn(childOf(row, 'w:trPr'), 'w:hidden') === true;
