import type { Draft } from '../../block.ts';
import { MAX_VALUES } from '../../limits.ts';
import { refuse } from '../../refusal.ts';
import { Region, type SheetCell, type SheetRow } from '../office/region.ts';
import { elementsOf, textOf, type XmlElement, type XmlSurrounding, type XmlUnit } from '../xml.ts';
import { OpenDocumentBody } from './body.ts';
import { noteOn, type TextContext, wordsOf } from './text.ts';

/** Rows that are repeated beyond this are a format's way to fill a sheet to its end. */
const MAX_REPEATED = 1_000;

/** A spreadsheet, sheet by sheet, with values as they are shown; hidden sheets, rows and columns are counted and left out. */
export class SheetsReader {
  readonly #context: TextContext;
  #sheet: XmlSurrounding | undefined;
  #isHidden = false;
  #region = new Region(() => false);
  #row = 0;
  #lastShown = 0;
  #cells = 0;
  #columns: boolean[] = [];
  readonly #hidden = { sheets: [] as string[], rows: 0, columns: new Set<string>() };
  /** Rows in which a cell above still covers columns: column → rows left. */
  #covering = new Map<number, number>();
  /** Drawings of a sheet follow its cells. */
  #drawings: Draft[] = [];

  constructor(context: TextContext) {
    this.#context = context;
  }

  get remark(): string | undefined {
    const { sheets, rows, columns } = this.#hidden;
    const parts = [
      sheets.length === 0 ? '' : `${sheets.length} hidden sheet(s), ${sheets.join(', ')}`,
      rows === 0 ? '' : `${rows} hidden row(s)`,
      columns.size === 0 ? '' : `${columns.size} hidden column(s)`,
    ].filter((part) => part !== '');
    return parts.length === 0 ? undefined : `Not read: ${parts.join('; ')}.`;
  }

  *read({ element, around }: XmlUnit): Iterable<Draft> {
    const sheet = around.findLast(({ name }) => name === 'table:table');
    if (sheet === undefined) return;
    if (sheet !== this.#sheet) yield* this.#begin(sheet);
    if (this.#isHidden) return;
    if (element.name === 'table:table-column') {
      const repeated = Math.min(1_024, Number(element.attributes['table:number-columns-repeated'] ?? 1) || 1);
      const isHidden = (element.attributes['table:visibility'] ?? 'visible') !== 'visible';
      for (let at = 0; at < repeated; at += 1) this.#columns.push(isHidden);
    } else if (element.name === 'table:table-row') {
      yield* this.#rows(element);
    } else {
      this.#drawings.push(...new OpenDocumentBody(this.#context).all(element));
    }
  }

  *end(): Iterable<Draft> {
    yield* this.#region.end();
    yield* this.#drawings;
    this.#drawings = [];
  }

  *#begin(sheet: XmlSurrounding): Iterable<Draft> {
    yield* this.end();
    this.#sheet = sheet;
    const name = sheet.attributes['table:name'] ?? '';
    const style = sheet.attributes['table:style-name'];
    this.#isHidden = this.#context.styles.property('table', style, 'table', 'table:display') === 'false';
    this.#region = new Region(() => false);
    this.#row = 0;
    this.#lastShown = 0;
    this.#columns = [];
    this.#covering = new Map();
    if (this.#isHidden) this.#hidden.sheets.push(`'${name}'`);
    else yield { text: name, block: 'heading', level: 1 };
  }

  *#rows(element: XmlElement): Iterable<Draft> {
    const claimed = Number(element.attributes['table:number-rows-repeated'] ?? 1) || 1;
    const isCollapsed = element.attributes['table:visibility'] === 'collapse';
    const first = this.#readRow(element, this.#row + 1);
    const isEmpty = first.cells.size === 0 && first.covered.size === 0;
    if (isCollapsed && !isEmpty) this.#hidden.rows += Math.min(claimed, MAX_REPEATED);
    if (isEmpty || isCollapsed) {
      this.#row += claimed;
      if (isCollapsed && this.#lastShown === this.#row - claimed) this.#lastShown = this.#row;
      return;
    }
    for (let at = 0; at < Math.min(claimed, MAX_REPEATED); at += 1) {
      this.#row += 1;
      if (this.#row > this.#lastShown + 1) yield* this.#region.end();
      this.#lastShown = this.#row;
      yield* this.#region.add({ ...first, number: this.#row });
    }
  }

  #readRow(element: XmlElement, number: number): SheetRow {
    const cells = new Map<number, SheetCell>();
    const covered = new Set<number>();
    for (const [column, left] of this.#covering) {
      covered.add(column);
      if (left > 1) this.#covering.set(column, left - 1);
      else this.#covering.delete(column);
    }
    let column = 1;
    for (const cell of elementsOf(element)) {
      if (cell.name !== 'table:table-cell' && cell.name !== 'table:covered-table-cell') continue;
      const { attributes } = cell;
      const repeated = Number(attributes['table:number-columns-repeated'] ?? 1) || 1;
      const text = cell.name === 'table:table-cell' ? this.#text(cell) : '';
      if (text !== '') {
        const columnSpan = Number(attributes['table:number-columns-spanned'] ?? 1) || 1;
        const rowSpan = Number(attributes['table:number-rows-spanned'] ?? 1) || 1;
        for (let at = column; at < column + Math.min(repeated, MAX_REPEATED); at += 1) {
          this.#cells += 1;
          if (this.#cells > MAX_VALUES)
            throw refuse('too_large', `The sheets have more than ${MAX_VALUES} cells. Split them.`);
          if (this.#columns[at - 1] === true) {
            this.#hidden.columns.add(`${this.#sheet?.attributes['table:name']} ${at}`);
            continue;
          }
          cells.set(at, { text, columnSpan, rowSpan });
          for (let span = 0; span < Math.min(columnSpan, MAX_REPEATED); span += 1) {
            if (span > 0) covered.add(at + span);
            if (rowSpan > 1) this.#covering.set(at + span, rowSpan - 1);
          }
        }
      }
      column += repeated;
    }
    return { number, cells, covered };
  }

  #text(cell: XmlElement): string {
    const lines = elementsOf(cell)
      .filter(({ name }) => name === 'text:p' || name === 'text:list')
      .map((line) => (line.name === 'text:p' ? wordsOf(line, this.#context).text : textOf(line)));
    const shown = lines.join(' ').replace(/\s+/g, ' ').trim();
    const { attributes } = cell;
    const value =
      attributes['office:string-value'] ??
      attributes['office:value'] ??
      attributes['office:date-value'] ??
      '';
    return `${shown === '' ? value : shown}${noteOn(cell)}`.trim();
  }
}
