import type { Draft } from '../../block.ts';
import { type ReadCell, tableOrContents } from '../office/cell-table.ts';
import { elementsOf, type XmlElement } from '../xml.ts';
import { drawn, type TextContext, type Words, wordsOf } from './text.ts';

/** The blocks of a text document, of a box or of a cell. */
export class OpenDocumentBody {
  readonly #context: TextContext;
  readonly #outline: number[] = [];
  /** What each list has counted to on its first level, so that a later one can count on. */
  readonly #lists = new Map<string, number>();
  #lastList = '';
  #hasTitle = false;
  #code: string[] = [];

  constructor(context: TextContext) {
    this.#context = context;
  }

  *all(parent: XmlElement): Iterable<Draft> {
    for (const child of elementsOf(parent)) yield* this.read(child);
    yield* this.end();
  }

  *end(): Iterable<Draft> {
    if (this.#code.length > 0) yield { text: this.#code.join('\n'), block: 'code' };
    this.#code = [];
  }

  *read(element: XmlElement): Iterable<Draft> {
    if (element.name === 'text:p') {
      yield* this.#paragraph(element);
      return;
    }
    yield* this.end();
    switch (element.name) {
      case 'text:h': {
        const words = wordsOf(element, this.#context);
        const level = Math.max(1, Number(element.attributes['text:outline-level'] ?? 1) || 1);
        yield {
          text: `${this.#number(element, level)}${squeeze(words.text)}`,
          block: 'heading',
          level: level + (this.#hasTitle ? 1 : 0),
        };
        yield* this.#hanging(words);
        return;
      }
      case 'text:list': {
        const hanging: Draft[] = [];
        const lines = [...this.#list(element, undefined, [], hanging)];
        yield { text: lines.join('\n'), block: 'list' };
        yield* hanging;
        return;
      }
      case 'table:table':
        yield* this.#table(element);
        return;
      case 'draw:frame':
      case 'draw:custom-shape':
      case 'draw:rect':
      case 'draw:g': {
        const words: Words = { text: '', boxes: [], blocks: [], notes: [] };
        drawn(element, this.#context, words);
        yield { text: words.text, block: 'paragraph' };
        yield* this.#hanging(words);
        return;
      }
      case 'text:tracked-changes':
      case 'office:forms':
      case 'text:sequence-decls':
      case 'office:annotation':
        return;
      default:
        for (const child of elementsOf(element)) yield* this.read(child);
    }
  }

  *#paragraph(element: XmlElement): Iterable<Draft> {
    const style = element.attributes['text:style-name'];
    const { styles } = this.#context;
    if (styles.property('paragraph', style, 'text', 'text:display') === 'none') return;
    const words = wordsOf(element, this.#context);
    if (styles.isCode(style)) {
      this.#code.push(words.text);
      return;
    }
    yield* this.end();
    const text = squeeze(words.text);
    if (styles.isTitle(style) && text !== '') {
      this.#hasTitle = true;
      yield { text, block: 'heading', level: 1 };
    } else {
      yield { text, block: 'paragraph' };
    }
    yield* this.#hanging(words);
  }

  *#hanging({ blocks, boxes, notes }: Words): Iterable<Draft> {
    yield* blocks;
    for (const box of boxes) {
      const inner = new OpenDocumentBody(this.#context);
      yield* box.name === 'table:table' ? inner.read(box) : inner.all(box);
    }
    for (const { mark, body } of notes) {
      const [first, ...rest] = new OpenDocumentBody(this.#context).all(body);
      if (first !== undefined) yield { ...first, text: `${mark} ${first.text}` };
      yield* rest;
    }
  }

  /** Headings are counted by their levels; what is shown is up to the outline's style. */
  #number(heading: XmlElement, level: number): string {
    if (heading.attributes['text:is-list-header'] === 'true') return '';
    this.#outline.length = Math.min(this.#outline.length, level);
    for (let at = 0; at < level; at += 1) this.#outline[at] ??= at === level - 1 ? 0 : 1;
    this.#outline[level - 1] = (this.#outline[level - 1] ?? 0) + 1;
    const label = this.#context.styles.outlineLabel(this.#outline);
    return label === '' ? '' : `${label} `;
  }

  *#list(
    list: XmlElement,
    outer: string | undefined,
    above: readonly number[],
    hanging: Draft[],
  ): Iterable<string> {
    const { attributes } = list;
    const id = attributes['xml:id'] ?? attributes['text:style-name'] ?? outer ?? '';
    const style = attributes['text:style-name'] ?? outer;
    const depth = above.length;
    const goesOn =
      attributes['text:continue-list'] ??
      (attributes['text:continue-numbering'] === 'true' ? this.#lastList : undefined);
    let count = this.#context.styles.startOf(style, depth) - 1;
    if (depth === 0 && goesOn !== undefined) count = this.#lists.get(goesOn) ?? count;
    for (const item of elementsOf(list)) {
      if (item.name !== 'text:list-item' && item.name !== 'text:list-header') continue;
      const isCounted = item.name === 'text:list-item';
      const start = Number(item.attributes['text:start-value'] ?? Number.NaN);
      if (isCounted) count = Number.isNaN(start) ? count + 1 : start;
      let label = isCounted ? `${this.#context.styles.label(style, [...above, count])} ` : '';
      for (const child of elementsOf(item)) {
        if (child.name === 'text:list') {
          yield* this.#list(child, style, [...above, count], hanging);
        } else if (child.name === 'text:p' || child.name === 'text:h') {
          const words = wordsOf(child, this.#context);
          hanging.push(...this.#hanging(words));
          const text = squeeze(words.text);
          if (text === '') continue;
          yield `${'  '.repeat(depth)}${label === ' ' ? '' : label}${text}`;
          label = '  ';
        } else {
          hanging.push(...this.read(child));
        }
      }
    }
    if (depth === 0) {
      this.#lists.set(id, count);
      this.#lastList = id;
    }
  }

  *#table(table: XmlElement): Iterable<Draft> {
    const rows: ReadCell[][] = [];
    let marked = 0;
    for (const { row, isHeader } of rowsOf(table, false)) {
      if (isHeader) marked += 1;
      rows.push(
        elementsOf(row)
          .filter(({ name }) => name === 'table:table-cell')
          .flatMap((cell) => {
            const { attributes } = cell;
            const repeated = Math.min(100, Number(attributes['table:number-columns-repeated'] ?? 1) || 1);
            return Array.from({ length: repeated }, () => ({
              blocks: [...new OpenDocumentBody(this.#context).all(cell)].filter(
                ({ text }) => text.trim() !== '',
              ),
              columnSpan: Number(attributes['table:number-columns-spanned'] ?? 1),
              rowSpan: Number(attributes['table:number-rows-spanned'] ?? 1),
            }));
          }),
      );
    }
    yield* tableOrContents(rows, marked);
  }
}

function* rowsOf(
  parent: XmlElement,
  isHeader: boolean,
): Iterable<{ readonly row: XmlElement; readonly isHeader: boolean }> {
  for (const child of elementsOf(parent)) {
    if (child.name === 'table:table-row') yield { row: child, isHeader };
    else if (/^table:table-(?:header-rows|rows|row-group)$/.test(child.name)) {
      yield* rowsOf(child, isHeader || child.name === 'table:table-header-rows');
    }
  }
}

const squeeze = (text: string): string => text.replace(/[ \u00a0]{2,}/g, ' ').trim();
