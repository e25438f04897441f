import type { Draft } from '../../block.ts';
import { equation } from '../office/math.ts';
import { valueIn } from '../office/package.ts';
import { childOf, elementsOf, type XmlElement } from '../xml.ts';
import { type Inline, type InlineContext, readInline } from './inline.ts';
import type { Numbering } from './numbering.ts';
import { outline, type Style } from './styles.ts';
import { tableOf } from './table.ts';

export interface BodyContext extends InlineContext {
  readonly numbering: Numbering;
  /** What stands in charts, diagrams and embedded documents, by relationship. */
  readonly parts: ReadonlyMap<string, readonly Draft[]>;
  /** The text of a note, by `footnote:3`. */
  readonly notes: ReadonlyMap<string, XmlElement>;
}

/** Longer lines in bold are emphasis, and no headings. */
const MAX_BOLD_HEADING = 120;

/**
 * The blocks of one story (the body, a header, a note): paragraphs that belong together are joined, and what hangs on a
 * paragraph (boxes, pictures, notes) follows it.
 */
export class BodyReader {
  readonly #context: BodyContext;
  readonly #isInner: boolean;
  #lines: { readonly block: 'list' | 'code'; readonly lines: string[] } | null = null;
  /** A line in bold, which is a heading if ordinary text follows. */
  #bold: string | null = null;
  #headingLevel = 0;
  #hasTitle = false;
  #hanging: Draft[] = [];

  /** `isInner`: in a cell, a box or a note, where bold lines are no headings. */
  constructor(context: BodyContext, isInner = false) {
    this.#context = context;
    this.#isInner = isInner;
  }

  *all(parent: XmlElement): Iterable<Draft> {
    for (const child of elementsOf(parent)) yield* this.read(child);
    yield* this.end();
  }

  *read(element: XmlElement): Iterable<Draft> {
    switch (element.name) {
      case 'w:p':
        yield* this.#paragraph(element);
        return;
      case 'w:tbl': {
        yield* this.#flush(true);
        yield* tableOf(element, (cell) => [...new BodyReader(this.#context, true).all(cell)]);
        return;
      }
      case 'w:altChunk':
        yield* this.#flush(true);
        yield* this.#context.parts.get(element.attributes['r:id'] ?? '') ?? [];
        return;
      case 'm:oMathPara':
        yield* this.#flush(true);
        yield { text: equation(element), block: 'paragraph' };
        return;
      case 'w:del':
      case 'w:moveFrom':
      case 'w:sdtPr':
        return;
      case 'mc:AlternateContent':
        for (const child of elementsOf(childOf(element, 'mc:Choice') ?? element)) yield* this.read(child);
        return;
      default:
        for (const child of elementsOf(element)) yield* this.read(child);
    }
  }

  *end(): Iterable<Draft> {
    yield* this.#flush(false);
  }

  *#paragraph(paragraph: XmlElement): Iterable<Draft> {
    const properties = childOf(paragraph, 'w:pPr');
    const style = this.#context.styles.ofParagraph(valueIn(properties, 'w:pStyle'));
    const inline = readInline(paragraph, this.#context, style);
    yield* this.#block(inline, style, properties);
    this.#hang(inline);
    if (this.#lines === null && this.#bold === null) yield* this.#hung();
  }

  *#block(inline: Inline, style: Style, properties: XmlElement | undefined): Iterable<Draft> {
    const isCode = style.isMonospaced || inline.isMonospaced;
    const text = isCode ? inline.text : squeeze(inline.text);
    if (text.trim() === '') {
      if (isCode && this.#lines?.block === 'code') this.#lines.lines.push('');
      else yield* this.#flush(false);
      return;
    }
    const number = this.#number(properties, style);
    const level = outline(valueIn(properties, 'w:outlineLvl')) ?? style.headingLevel;
    if (style.isTitle || (level !== undefined && !isTableOfContents(style))) {
      yield* this.#flush(true);
      if (style.isTitle) this.#hasTitle = true;
      this.#headingLevel = style.isTitle ? 1 : (level ?? 1) + (this.#hasTitle ? 1 : 0);
      const label = number === null || number.label === '-' || number.label === '' ? '' : `${number.label} `;
      yield { text: `${label}${text}`, block: 'heading', level: this.#headingLevel };
    } else if (number !== null) {
      const indent = '  '.repeat(number.level);
      yield* this.#line('list', `${indent}${number.label === '' ? '' : `${number.label} `}${text}`);
    } else if (isCode) {
      yield* this.#line('code', text);
    } else if (inline.isBold && !this.#isInner && isHeadingLike(text, style)) {
      yield* this.#flush(false);
      this.#bold = text;
    } else {
      yield* this.#flush(true);
      yield { text, block: 'paragraph' };
    }
  }

  /** Counts the paragraph where it has a number or a bullet. */
  #number(
    properties: XmlElement | undefined,
    style: Style,
  ): { readonly label: string; readonly level: number } | null {
    const own = childOf(properties, 'w:numPr');
    const list = valueIn(own, 'w:numId') ?? style.numbering?.id;
    if (list === undefined || list === '0') return null;
    const byStyle = style.numbering?.level ?? this.#context.numbering.levelOfStyle(list, style.id);
    const level = Number(valueIn(own, 'w:ilvl') ?? byStyle) || 0;
    const label = this.#context.numbering.next(list, level);
    // Word's "List Bullet 2" is a list of its own that is set further in.
    const inset = Number(/^list (?:bullet|number) ([2-5])$/.exec(style.name)?.[1] ?? 1) - 1;
    return label === null ? null : { label, level: level + inset };
  }

  *#line(block: 'list' | 'code', line: string): Iterable<Draft> {
    if (this.#lines?.block !== block || this.#bold !== null) {
      yield* this.#flush(true);
      this.#lines = { block, lines: [] };
    }
    this.#lines.lines.push(line);
  }

  /** Ends what is open. A line in bold is a heading if `isText` follows it. */
  *#flush(isText: boolean): Iterable<Draft> {
    if (this.#lines !== null) {
      yield { text: this.#lines.lines.join('\n'), block: this.#lines.block };
      this.#lines = null;
    }
    if (this.#bold !== null) {
      const text = this.#bold;
      this.#bold = null;
      yield isText ? { text, block: 'heading', level: this.#headingLevel + 1 } : { text, block: 'paragraph' };
    }
    yield* this.#hung();
  }

  #hang(inline: Inline): void {
    const alternatives = new Set(inline.pictures.map((text) => text.replace(generated, '').trim()));
    for (const text of alternatives) if (text !== '') this.#hanging.push({ text, block: 'figure' });
    for (const box of inline.boxes) this.#hanging.push(...new BodyReader(this.#context, true).all(box));
    for (const part of inline.parts) this.#hanging.push(...(this.#context.parts.get(part) ?? []));
    for (const { kind, id, mark } of inline.notes) {
      const note = this.#context.notes.get(`${kind}:${id}`);
      if (note === undefined) continue;
      const [first, ...rest] = new BodyReader({ ...this.#context, notes: new Map() }, true).all(note);
      if (first === undefined) continue;
      this.#hanging.push({ ...first, text: `${mark} ${first.text}`.trim() }, ...rest);
    }
  }

  *#hung(): Iterable<Draft> {
    const hanging = this.#hanging;
    this.#hanging = [];
    yield* hanging;
  }
}

const squeeze = (text: string): string =>
  text
    .replace(/[ \u00a0]{2,}/g, ' ')
    .replace(/ +(?=[\n,.;:!?)])/g, '')
    .trim();

/** What Word writes under pictures that it has looked at itself. */
const generated = /\s*(?:Description automatically generated.*|Automatisch generierte Beschreibung.*)$/i;

const isTableOfContents = (style: Style): boolean => /^toc \d|^table of figures/.test(style.name);

/** Quotations and captions are set in bold by their styles. */
const isHeadingLike = (text: string, style: Style): boolean =>
  !/quote|caption|emphasis/.test(style.name) &&
  text.length <= MAX_BOLD_HEADING &&
  !/[.!?,;]$/.test(text) &&
  !text.includes('\n') &&
  /\p{L}/u.test(text);
