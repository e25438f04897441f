import type { Draft } from '../../block.ts';
import { MAX_VALUES } from '../../limits.ts';
import { refuse } from '../../refusal.ts';
import type { OfficePackage, Relationships } from '../office/package.ts';
import { Region, type SheetCell, type SheetRow } from '../office/region.ts';
import { childOf, elementsOf, textOf, type XmlElement } from '../xml.ts';
import type { CellFormats } from './cell-formats.ts';
import { contains, type Place, placeOf, type Range, rangeOf } from './place.ts';
import { richText, type SharedStrings } from './shared-strings.ts';

export interface SheetContext {
  readonly strings: SharedStrings;
  readonly formats: CellFormats;
  readonly relationships: Relationships;
  /** By the place of their cell: ' [Note by Ida: check this]'. */
  readonly notes: ReadonlyMap<string, string>;
  /** Tables that the workbook itself has named: their first row is a header. */
  readonly tables: readonly Range[];
}

/** What is said of a sheet after its rows: they come after these parts in the file, so they are looked for first. */
interface Layout {
  readonly merged: readonly Range[];
  readonly hiddenColumns: readonly (readonly [number, number])[];
  readonly filter: Range | undefined;
  readonly links: ReadonlyMap<string, string>;
}

/** The blocks of one sheet, row by row. What its reader cannot see (hidden rows and columns) is left out and counted. */
export class SheetReader {
  readonly #office: OfficePackage;
  readonly #part: string;
  readonly #context: SheetContext;
  #layout: Layout = { merged: [], hiddenColumns: [], filter: undefined, links: new Map() };
  #hiddenRows = 0;
  #unknownResults = 0;
  #cells = 0;
  readonly #hiddenColumns = new Set<number>();

  constructor(office: OfficePackage, part: string, context: SheetContext) {
    this.#office = office;
    this.#part = part;
    this.#context = context;
  }

  /** What was left out, once the blocks have been read. */
  get remarks(): readonly string[] {
    const hiddenColumns = this.#hiddenColumns.size;
    return [
      this.#hiddenRows === 0 ? '' : `${this.#hiddenRows} hidden row(s) were not read`,
      hiddenColumns === 0 ? '' : `${hiddenColumns} hidden column(s) were not read`,
      this.#unknownResults === 0
        ? ''
        : `${this.#unknownResults} formula(s) are shown as formulas, because the file has no results of them`,
    ].filter((remark) => remark !== '');
  }

  async *blocks(): AsyncGenerator<Draft> {
    this.#layout = await this.#readLayout();
    const starts = new Map<number, Range[]>();
    for (const range of this.#layout.merged) {
      starts.set(range.from.row, [...(starts.get(range.from.row) ?? []), range]);
    }
    const { tables } = this.#context;
    const { filter } = this.#layout;
    const region = new Region((row, column) =>
      [...tables, ...(filter === undefined ? [] : [filter])].some(
        ({ from, to }) => row === from.row && column >= from.column && column <= to.column,
      ),
    );
    let active: Range[] = [];
    let number = 0;
    let shownBefore = 0;
    for await (const { element } of this.#office.units(this.#part, (name) => name === 'x:row')) {
      number = Number(element.attributes.r ?? number + 1);
      if (!Number.isInteger(number)) continue;
      if (this.#isHidden(element, number)) {
        this.#hiddenRows += 1;
        if (shownBefore === number - 1) shownBefore = number;
        continue;
      }
      active = [...active, ...(starts.get(number) ?? [])].filter(({ to }) => to.row >= number);
      const row = this.#row(element, number, active);
      if (row.cells.size === 0 && row.covered.size === 0) continue;
      if (number > shownBefore + 1) yield* region.end();
      shownBefore = number;
      yield* region.add(row);
    }
    yield* region.end();
  }

  /** Rows that a filter leaves out for now are data like the others. */
  #isHidden(row: XmlElement, number: number): boolean {
    if (!['1', 'true'].includes(row.attributes.hidden ?? '')) return false;
    const { filter } = this.#layout;
    const ranges = [...this.#context.tables, ...(filter === undefined ? [] : [filter])];
    return !ranges.some(({ from, to }) => number >= from.row && number <= to.row);
  }

  #row(element: XmlElement, number: number, active: readonly Range[]): SheetRow {
    const cells = new Map<number, SheetCell>();
    const covered = new Set<number>();
    let column = 0;
    for (const cell of elementsOf(element)) {
      if (cell.name !== 'x:c') continue;
      column = placeOf(cell.attributes.r)?.column ?? column + 1;
      this.#cells += 1;
      if (this.#cells > MAX_VALUES)
        throw refuse('too_large', `A sheet has more than ${MAX_VALUES} cells. Split it.`);
      const place = { row: number, column };
      const range = active.find((one) => contains(one, place));
      if (range !== undefined && (range.from.row !== number || range.from.column !== column)) continue;
      const text = this.#text(cell, place);
      if (text === '') continue;
      if (this.#isHiddenColumn(column)) {
        this.#hiddenColumns.add(column);
        continue;
      }
      cells.set(column, {
        text,
        rowSpan: range === undefined ? 1 : range.to.row - range.from.row + 1,
        columnSpan: range === undefined ? 1 : range.to.column - range.from.column + 1,
      });
    }
    for (const { from, to } of active) {
      // What covers a whole sheet covers what is on it; a thousand columns are enough to look at.
      for (let at = from.column; at <= Math.min(to.column, from.column + 1_000); at += 1) {
        if (number > from.row || (at > from.column && cells.has(from.column))) covered.add(at);
      }
    }
    return { number, cells, covered };
  }

  #isHiddenColumn(column: number): boolean {
    return this.#layout.hiddenColumns.some(([first, last]) => column >= first && column <= last);
  }

  #text(cell: XmlElement, place: Place): string {
    const key = `${place.row},${place.column}`;
    const text = this.#value(cell).replace(/\s+/g, ' ').trim();
    const link = this.#layout.links.get(key);
    const linked = link === undefined || text === '' || text.includes(link) ? text : `${text} (${link})`;
    return `${linked}${this.#context.notes.get(key) ?? ''}`.trim();
  }

  #value(cell: XmlElement): string {
    const written = textOf(childOf(cell, 'x:v') ?? '');
    switch (cell.attributes.t ?? 'n') {
      case 's':
        return this.#context.strings.at(Number(written));
      case 'inlineStr': {
        const inline = childOf(cell, 'x:is');
        return inline === undefined ? '' : richText(inline);
      }
      case 'b':
        return written === '1' || written === 'true' ? 'TRUE' : 'FALSE';
      case 'n': {
        if (written !== '') return this.#context.formats.shown(written, Number(cell.attributes.s ?? 0));
        const formula = textOf(childOf(cell, 'x:f') ?? '');
        if (formula === '') return '';
        this.#unknownResults += 1;
        return `=${formula}`;
      }
      default:
        return written;
    }
  }

  async #readLayout(): Promise<Layout> {
    const merged: Range[] = [];
    const hiddenColumns: (readonly [number, number])[] = [];
    const links = new Map<string, string>();
    let filter: Range | undefined;
    const wanted = new Set(['x:mergeCell', 'x:col', 'x:autoFilter', 'x:hyperlink']);
    for await (const { element } of this.#office.units(this.#part, (name) => wanted.has(name))) {
      const { attributes, name } = element;
      const range = rangeOf(attributes.ref);
      if (name === 'x:col') {
        if (['1', 'true'].includes(attributes.hidden ?? '')) {
          hiddenColumns.push([Number(attributes.min), Number(attributes.max)]);
        }
      } else if (range === undefined) {
      } else if (name === 'x:mergeCell') {
        merged.push(range);
      } else if (name === 'x:autoFilter') {
        filter = range;
      } else {
        const target = this.#context.relationships.get(attributes['r:id'] ?? '')?.target;
        if (target !== undefined && /^(?:https?|mailto):/i.test(target)) {
          links.set(`${range.from.row},${range.from.column}`, target.replace(/^mailto:/i, ''));
        }
      }
    }
    return { merged, hiddenColumns, filter, links };
  }
}
