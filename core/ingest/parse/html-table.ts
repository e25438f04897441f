import type { Draft } from '../block.ts';
import { isListElement } from './html-list.ts';
import { lineOf, type TextReader, textIn } from './html-text.ts';
import {
  childrenOf,
  type Element,
  elementsIn,
  type HtmlReader,
  hasClass,
  isBlank,
  isElement,
  isInline,
  type Node,
  ownElements,
  roleOf,
  squeeze,
} from './html-tree.ts';
import { type SpanningCell, tableBlocks } from './table.ts';
import { headerRowsByEvidence } from './table-header.ts';

type Reader = HtmlReader & TextReader;

interface Cell extends SpanningCell {
  readonly element: Element;
  readonly isHeader: boolean;
}

/** Beyond this a cell holds an article and no value. */
const MAX_VALUE_LENGTH = 1_000;

/** A table as a table, as code where each row is a line of it, or as what it lays out. */
export function* tableElement(table: Element, reader: Reader): Iterable<Draft> {
  const groups = rowGroups(table, reader);
  const rows = groups.flatMap(({ rows: some }) => some).map((row) => cellsOf(row, reader));
  const filled = rows.filter((row) => row.some(hasContent));
  if (filled.length === 0) return;
  for (const caption of ownElements(table, 'caption')) yield* reader.blocks(caption.children);
  const code = codeIn(filled, reader);
  if (code !== undefined) {
    yield { text: code, block: 'code' };
    return;
  }
  if (isLayout(table, filled)) {
    for (const row of filled) for (const { element } of row) yield* reader.blocks(element.children);
    return;
  }
  const headed = headedRows(table, groups, rows);
  yield* tableBlocks({ rows: clipped(groups, rows), headerRows: headed });
}

const hasContent = ({ text, element }: Cell): boolean =>
  text !== '' || [...elementsIn(element.children)].some((one) => one.name === 'table');

interface RowGroup {
  readonly name: string;
  readonly rows: readonly Element[];
}

/** Head, bodies and foot in the order in which they are drawn; spans end with their group. */
function rowGroups(table: Element, reader: Reader): readonly RowGroup[] {
  const groups: RowGroup[] = [];
  let loose: Element[] = [];
  const flush = () => {
    if (loose.length > 0) groups.push({ name: 'tbody', rows: loose });
    loose = [];
  };
  const look = (nodes: readonly Node[]): void => {
    for (const node of nodes) {
      if (!isElement(node) || !reader.isShown(node)) continue;
      if (isGroup(node)) {
        flush();
        const own = [...ownElements(node, 'tr')].filter((row) => reader.isShown(row));
        groups.push({ name: node.name, rows: own.filter((row) => !isStray(row, node)) });
        for (const row of own) look(strayGroups(row));
      } else if (node.name === 'tr') {
        loose.push(node);
        look(strayGroups(node));
      } else if (node.name !== 'table' && node.name !== 'caption') look(node.children);
    }
  };
  look(table.children);
  flush();
  const inOrder = ['thead', 'tbody', 'tfoot'];
  return groups.toSorted((a, b) => inOrder.indexOf(a.name) - inOrder.indexOf(b.name));
}

const isGroup = (node: Node): boolean => isElement(node) && /^(?:thead|tbody|tfoot)$/.test(node.name);

/** A group that begins where a cell's end was left out stands inside that cell; it belongs to the table. */
const strayGroups = (row: Element): readonly Node[] =>
  row.children.flatMap((cell) => childrenOf(cell).filter(isGroup));

const isStray = (row: Element, group: Element): boolean => {
  for (let at = row.parent; at !== null && at !== group; at = at.parent) if (isGroup(at as Node)) return true;
  return false;
};

const cellsOf = (row: Element, reader: Reader): readonly Cell[] =>
  childrenOf(row)
    .filter(isElement)
    .filter((cell) => (cell.name === 'td' || cell.name === 'th') && reader.isShown(cell))
    .map((element) => ({
      element,
      text: cellText(element.children, reader),
      rowSpan: spanOf(element.attribs.rowspan),
      columnSpan: Math.max(1, spanOf(element.attribs.colspan)),
      isHeader: element.name === 'th',
    }));

const spanOf = (value: string | undefined): number => {
  const span = Number.parseInt(value ?? '1', 10);
  return Number.isNaN(span) || span < 0 ? 1 : span;
};

/** Paragraphs and items of a cell stand apart; an inner table is read row by row. */
export function cellText(nodes: readonly Node[], reader: Reader): string {
  const parts: string[] = [];
  let run: Node[] = [];
  const flush = () => {
    const text = lineOf(run, reader);
    if (text !== '') parts.push(text);
    run = [];
  };
  for (const node of nodes) {
    if (isInline(node)) {
      run.push(node);
      continue;
    }
    flush();
    if (!isElement(node) || !reader.isShown(node) || isGroup(node)) continue;
    if (node.name === 'table') {
      for (const row of ownElements(node, 'tr')) {
        parts.push(
          cellsOf(row, reader)
            .map(({ text }) => text)
            .filter((text) => text !== '')
            .join(', '),
        );
      }
    } else if (node.name === 'pre') parts.push(squeeze(textIn(node.children, reader)));
    else parts.push(cellText(node.children, reader));
  }
  flush();
  const said = parts.filter((part) => part !== '');
  return said
    .map((part, at) => (at < said.length - 1 && !/[.,;:!?。]$/.test(part) ? `${part};` : part))
    .join(' ');
}

/** HTML's `rowspan=0` reaches to the end of the group, and no span reaches beyond it. */
const clipped = (
  groups: readonly RowGroup[],
  rows: readonly (readonly Cell[])[],
): readonly (readonly Cell[])[] => {
  const left = groups.flatMap((group) => group.rows.map((_, at) => group.rows.length - at));
  return rows.map((row, at) =>
    row.map((cell) => {
      const most = left[at] ?? 1;
      const span = cell.rowSpan ?? 1;
      return { ...cell, rowSpan: span === 0 ? most : Math.min(span, most) };
    }),
  );
};

/** What the page says (`<thead>`, rows of `<th>`), else what the cells say. */
function headedRows(table: Element, groups: readonly RowGroup[], rows: readonly (readonly Cell[])[]): number {
  const head = groups
    .filter(({ name }) => name === 'thead')
    .reduce((sum, group) => sum + group.rows.length, 0);
  if (head > 0 && head < rows.length) return head;
  const firstData = rows.findIndex((row) => row.length > 0 && !row.every(({ isHeader }) => isHeader));
  if (firstData > 0) return firstData;
  // A corner that is a plain cell over names of rows: `<td></td><th>2030</th><th>2031</th>`.
  const [first = [], ...rest] = rows;
  const namesRows = rest.length > 0 && rest.every((row) => row[0]?.isHeader === true);
  if (first.slice(1).length > 0 && first.slice(1).every(({ isHeader }) => isHeader) && namesRows) return 1;
  if (namesRows && first[0]?.isHeader === true && first.some(({ isHeader }) => !isHeader)) return 0;
  if (first.length > 1 && first.every(({ element }) => isBold(element) || hasClass(element, /head/i)))
    return 1;
  const hasSpans = first.some(({ rowSpan, columnSpan }) => rowSpan !== 1 || columnSpan !== 1);
  if (hasSpans) return roleOf(table) === 'grid' ? 1 : 0;
  return headerRowsByEvidence(rows.map((row) => row.map(({ text }) => text)));
}

function isBold(cell: Element): boolean {
  const [only, ...others] = cell.children.filter((node) => isElement(node) || !isBlank(node));
  if (only === undefined || others.length > 0 || !isElement(only)) return false;
  return /^(?:b|strong)$/.test(only.name) || (only.name === 'p' && isBold(only));
}

/** Tables that only lay out the page: one column, or what no cell of a table of values holds. */
function isLayout(table: Element, rows: readonly (readonly Cell[])[]): boolean {
  if (/^(?:presentation|none)$/.test(roleOf(table))) return true;
  if (rows.every((row) => row.filter(hasContent).length <= 1) && rows.every((row) => row.length <= 1))
    return true;
  const cells = rows.flat();
  if (cells.some(({ isHeader }) => isHeader)) return false;
  return cells.some(
    ({ element, text }) =>
      text.length > MAX_VALUE_LENGTH ||
      [...elementsIn(element.children)].some((one) =>
        /^(?:h[1-6]|table|pre|article|section)$/.test(one.name),
      ) ||
      (rows.length === 1 &&
        element.children.some((one) => isElement(one) && (one.name === 'p' || isListElement(one)))),
  );
}

/** Numbers of lines beside their code, as highlighters draw them: a row a line, or one row. */
function codeIn(rows: readonly (readonly Cell[])[], reader: Reader): string | undefined {
  if (!rows.every((row) => row.length === 2 && isLineNumber(row[0]))) return;
  const sources = rows.map((row) => row[1]?.element);
  const isCode = (cell: Element | undefined) =>
    cell !== undefined &&
    (hasClass(cell, /code|line|source/i) ||
      cell.children.some((one) => isElement(one) && /^(?:pre|code)$/.test(one.name)));
  if (!sources.every(isCode)) return;
  return sources.map((cell) => textIn(cell?.children ?? [], reader).replace(/^\n+|\n+$/g, '')).join('\n');
}

const isLineNumber = (cell: Cell | undefined): boolean =>
  cell !== undefined &&
  /^\d*(?:\s*\d+)*$/.test(cell.text) &&
  (cell.text !== '' || 'data-line-number' in cell.element.attribs);
