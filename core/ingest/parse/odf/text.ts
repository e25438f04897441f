import type { Draft } from '../../block.ts';
import { subscript, superscript } from '../raised.ts';
import { childOf, descendantsOf, elementsOf, isElement, textOf, type XmlElement } from '../xml.ts';
import type { OpenDocumentStyles } from './styles.ts';

export interface TextContext {
  readonly styles: OpenDocumentStyles;
  /** What stands in objects of the package, by './Object 1': blocks of a chart, or a formula. */
  readonly objects: ReadonlyMap<string, EmbeddedObject>;
  /** What is written or ticked in the fields of forms, by the control's id. */
  readonly controls: ReadonlyMap<string, string>;
}

export type EmbeddedObject = { readonly formula: string } | { readonly blocks: readonly Draft[] };

/** A paragraph's words, and what hangs on it. */
export interface Words {
  text: string;
  readonly boxes: XmlElement[];
  readonly blocks: Draft[];
  readonly notes: { readonly mark: string; readonly body: XmlElement }[];
}

/** The words of a paragraph, a heading or a span (OpenDocument 1.3, 6). */
export function wordsOf(element: XmlElement, context: TextContext): Words {
  const words: Words = { text: '', boxes: [], blocks: [], notes: [] };
  walk(element, context, words);
  return words;
}

function walk(parent: XmlElement, context: TextContext, words: Words): void {
  for (const node of parent.children) {
    // White space is one space; more are written as elements.
    if (isElement(node)) inline(node, context, words);
    else words.text += node.replace(/\s+/g, ' ');
  }
}

function inline(element: XmlElement, context: TextContext, words: Words): void {
  const { attributes } = element;
  switch (element.name) {
    case 'text:s':
      words.text += ' '.repeat(Math.min(100, Number(attributes['text:c'] ?? 1) || 1));
      return;
    case 'text:tab':
      words.text += '\t';
      return;
    case 'text:line-break':
      words.text += '\n';
      return;
    case 'text:page-number':
    case 'text:page-count':
    case 'text:soft-page-break':
    case 'text:ruby-text':
    case 'office:annotation-end':
      return;
    case 'text:note': {
      const mark = textOf(childOf(element, 'text:note-citation') ?? '').trim();
      const body = childOf(element, 'text:note-body');
      words.text += mark === '' ? '' : `[${mark}]`;
      if (body !== undefined) words.notes.push({ mark: `[${mark}]`, body });
      return;
    }
    case 'office:annotation':
      words.text += ` [Comment${annotation(element)}]`;
      return;
    case 'text:span': {
      const style = attributes['text:style-name'];
      if (context.styles.property('text', style, 'text', 'text:display') === 'none') return;
      const position = context.styles.property('text', style, 'text', 'style:text-position') ?? '';
      const from = words.text.length;
      walk(element, context, words);
      const own = words.text.slice(from);
      if (/^super|^[1-9]/.test(position)) words.text = words.text.slice(0, from) + superscript(own);
      else if (/^sub|^-/.test(position)) words.text = words.text.slice(0, from) + subscript(own);
      return;
    }
    case 'text:a': {
      const from = words.text.length;
      walk(element, context, words);
      const address = (attributes['xlink:href'] ?? '').replace(/^mailto:/i, '');
      const isOutside = /^(?:https?|mailto|ftp):/i.test(attributes['xlink:href'] ?? '');
      if (isOutside && !words.text.slice(from).includes(address)) words.text += ` (${address})`;
      return;
    }
    case 'draw:control':
      words.text += context.controls.get(attributes['draw:control'] ?? '') ?? '';
      return;
    case 'draw:frame':
    case 'draw:custom-shape':
    case 'draw:rect':
    case 'draw:g':
      drawn(element, context, words);
      return;
    default:
      walk(element, context, words);
  }
}

const annotation = (element: XmlElement): string => {
  const author = textOf(childOf(element, 'dc:creator') ?? '').trim();
  const text = elementsOf(element)
    .filter((one) => one.name === 'text:p' || one.name === 'text:list')
    .map(textOf)
    .join(' ');
  return `${author === '' ? '' : ` by ${author}`}: ${text.replace(/\s+/g, ' ').trim()}`;
};

/** ' [Note by Ida: …]' for the comment on a cell. */
export const noteOn = (cell: XmlElement): string => {
  const note = childOf(cell, 'office:annotation');
  return note === undefined ? '' : ` [Note${annotation(note)}]`;
};

/** What a frame shows: a formula in its line; text, tables and charts after the paragraph; pictures by their descriptions. */
export function drawn(element: XmlElement, context: TextContext, words: Words): void {
  for (const object of descendantsOf(element, 'draw:object')) {
    const found = context.objects.get((object.attributes['xlink:href'] ?? '').replace(/^\.\//, ''));
    if (found === undefined) continue;
    if ('formula' in found) words.text += ` ${found.formula} `;
    else words.blocks.push(...found.blocks);
  }
  const described = [...descendantsOf(element, 'svg:desc', 'svg:title')].map((one) => textOf(one).trim());
  for (const text of new Set(described)) if (text !== '') words.blocks.push({ text, block: 'figure' });
  if (element.name === 'draw:frame')
    words.boxes.push(...descendantsOf(element, 'draw:text-box', 'table:table'));
  else if (element.name === 'draw:g') {
    for (const child of elementsOf(element)) if (child.name.startsWith('draw:')) drawn(child, context, words);
  } else
    words.boxes.push({
      ...element,
      children: elementsOf(element).filter(({ name }) => name.startsWith('text:')),
    });
}
