import type { Draft } from '../../block.ts';
import { type ReadCell, tableOrContents } from '../office/cell-table.ts';

/** One story of a document (its body, a note, a header), and the paragraph that is being written. */
export class Story {
  readonly drafts: Draft[] = [];
  text = '';
  label = '';
  level = 0;
  style = 0;
  outline: number | undefined;
  isInTable = false;
  cells: Draft[][] = [];
  cell: Draft[] = [];
  rows: ReadCell[][] = [];
  /** Of the row: how each cell is merged with others. */
  merges: ('' | 'first' | 'next')[] = [];
  verticals: ('' | 'first' | 'next')[] = [];
  merge: '' | 'first' | 'next' = '';
  vertical: '' | 'first' | 'next' = '';
  /** Notes of the paragraph. */
  readonly after: Draft[] = [];
  #list: string[] = [];

  endParagraph(headings: ReadonlyMap<number, number>): void {
    const text = this.text.replace(/[ \u00a0]{2,}/g, ' ').trim();
    const level = headings.get(this.style) ?? this.outline;
    const label = this.label.replace(/[\t\s]+/g, ' ').trim();
    this.text = '';
    this.label = '';
    if (!this.isInTable) this.endTable();
    const place = this.isInTable ? this.cell : this.drafts;
    const notes = this.after.splice(0);
    if (label !== '' && level === undefined && text !== '') {
      const line = `${'  '.repeat(this.level)}${/^[\p{L}\p{N}(]/u.test(label) ? label : '-'} ${text}`;
      if (this.isInTable) place.push({ text: line.trim(), block: 'paragraph' });
      else this.#list.push(line);
      this.#noted(place, notes);
      return;
    }
    this.endList();
    if (text === '') return;
    if (level !== undefined)
      place.push({ text: label === '' ? text : `${label} ${text}`, block: 'heading', level });
    else place.push({ text, block: 'paragraph' });
    this.#noted(place, notes);
  }

  #noted(place: Draft[], notes: readonly Draft[]): void {
    if (notes.length === 0) return;
    this.endList();
    place.push(...notes);
  }

  endList(): void {
    if (this.#list.length > 0) this.drafts.push({ text: this.#list.join('\n'), block: 'list' });
    this.#list = [];
  }

  endRow(): void {
    const row: ReadCell[] = [];
    const above = this.rows.at(-1) ?? [];
    for (const [at, blocks] of this.cells.entries()) {
      const last = row.at(-1);
      if (this.merges[at] === 'next' && last !== undefined) {
        last.columnSpan += 1;
        continue;
      }
      row.push({
        blocks: this.verticals[at] === 'next' ? this.#continued(above[at]?.blocks, blocks) : blocks,
        columnSpan: 1,
        rowSpan: 1,
      });
    }
    if (row.length > 0) this.rows.push(row);
    this.cells = [];
  }

  /** A cell that goes on from the row above says the same as that. */
  #continued(above: readonly Draft[] | undefined, own: readonly Draft[]): readonly Draft[] {
    return own.length > 0 ? own : (above ?? []);
  }

  endTable(): void {
    this.endList();
    if (this.rows.length > 0) this.drafts.push(...tableOrContents(this.rows, 0));
    this.rows = [];
    this.cells = [];
    this.cell = [];
  }
}
