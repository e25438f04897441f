import type { Draft } from '../block.ts';
import { lineOf, type TextReader } from './html-text.ts';
import { type Element, type HtmlReader, isElement, isInline, type Node } from './html-tree.ts';

type Reader = HtmlReader & TextReader;

/**
 * Lists as blocks, a line an item. What cannot be lines of a list (code, tables, headings, figures) is a block of its own,
 * and the list goes on after it with its numbers.
 *
 * Word and old pages put lists and paragraphs straight into a list; a reader sees them, so they are kept.
 */
export function listBlocks(list: Element, reader: Reader): Iterable<Draft> {
  return gathered(isDefinitions(list) ? definitionLines(list, 0, reader) : listLines(list, 0, reader));
}

export const isListElement = (node: Node): boolean =>
  isElement(node) && /^(?:ul|ol|dl|menu|dir)$/.test(node.name);

const isDefinitions = (list: Element): boolean => list.name === 'dl';

/** Lines up to what is no line make one block. */
function* gathered(parts: Iterable<string | Draft>): Iterable<Draft> {
  let lines: string[] = [];
  for (const part of parts) {
    if (typeof part === 'string') {
      lines.push(part);
      continue;
    }
    if (lines.length > 0) yield { text: lines.join('\n'), block: 'list' };
    lines = [];
    yield part;
  }
  if (lines.length > 0) yield { text: lines.join('\n'), block: 'list' };
}

function* listLines(list: Element, depth: number, reader: Reader): Iterable<string | Draft> {
  const items = list.children.filter((node) => isElement(node) && node.name === 'li').length;
  const step = list.attribs.reversed === undefined ? 1 : -1;
  let number = numberOr(list.attribs.start, step === 1 ? 1 : items);
  for (const child of list.children) {
    if (isElement(child) && !reader.isShown(child)) continue;
    if (isElement(child) && isListElement(child)) {
      yield* innerLines(child, depth + 1, reader);
      continue;
    }
    const isItem = isElement(child) && child.name === 'li';
    if (isItem) number = numberOr(child.attribs.value, number);
    const mark = list.name === 'ol' ? `${numeral(number, list.attribs.type)}.` : '-';
    const content = isElement(child) && (isItem || !isInline(child)) ? child.children : [child];
    let lines = 0;
    for (const part of contentLines(content, depth, reader)) {
      if (typeof part === 'string' && lines === 0) yield `${indent(depth)}${mark} ${part.trimStart()}`;
      else {
        if (typeof part !== 'string' && lines === 0 && isItem && part.block === 'list') {
          yield `${indent(depth)}${mark}`;
        }
        yield part;
      }
      lines += 1;
    }
    if (lines > 0) number += step;
  }
}

/** An item's paragraphs, each a line, and its inner lists. */
function* contentLines(nodes: readonly Node[], depth: number, reader: Reader): Iterable<string | Draft> {
  let run: Node[] = [];
  let isFirst = true;
  const flush = function* (): Iterable<string> {
    const text = lineOf(run, reader);
    run = [];
    if (text === '') return;
    yield isFirst ? text : `${indent(depth + 1)}${text}`;
    isFirst = false;
  };
  for (const node of nodes) {
    if (isElement(node) && isListElement(node)) {
      yield* flush();
      if (reader.isShown(node)) {
        // An item that begins with a list has a mark of its own all the same.
        if (isFirst) yield '';
        isFirst = false;
        yield* innerLines(node, depth + 1, reader);
      }
    } else if (isInline(node)) run.push(node);
    else if (isElement(node)) {
      yield* flush();
      for (const draft of reader.blocks([node])) {
        if (draft.block === 'paragraph') {
          yield isFirst ? draft.text : `${indent(depth + 1)}${draft.text}`;
          isFirst = false;
        } else if (draft.block === 'list') {
          for (const line of draft.text.split('\n')) yield `${indent(depth + 1)}${line}`;
          isFirst = false;
        } else yield draft;
      }
    }
  }
  yield* flush();
}

const innerLines = (list: Element, depth: number, reader: Reader): Iterable<string | Draft> =>
  isDefinitions(list) ? definitionLines(list, depth, reader) : listLines(list, depth, reader);

function* definitionLines(list: Element, depth: number, reader: Reader): Iterable<string | Draft> {
  for (const node of list.children) {
    if (!isElement(node)) {
      const text = lineOf([node], reader);
      if (text !== '') yield `${indent(depth)}- ${text}`;
    } else if (!reader.isShown(node)) continue;
    else if (node.name === 'div') yield* definitionLines(node, depth, reader);
    else if (node.name === 'dt') {
      const text = lineOf(node.children, reader);
      if (text !== '') yield `${indent(depth)}- ${text}`;
    } else {
      let isFirst = true;
      for (const part of contentLines(node.name === 'dd' ? node.children : [node], depth, reader)) {
        yield typeof part === 'string' && isFirst && part !== '' ? `${indent(depth + 1)}${part}` : part;
        isFirst = false;
      }
    }
  }
}

const indent = (depth: number): string => '  '.repeat(depth);

const numberOr = (value: string | undefined, otherwise: number): number => {
  const number = Number.parseInt(value ?? '', 10);
  return Number.isSafeInteger(number) ? number : otherwise;
};

/** As `type` asks for: the letters and numerals by which contracts cite their clauses. */
export function numeral(value: number, type: string | undefined): string {
  if (value < 1 || value > 3_999) return String(value);
  if (type === 'a' || type === 'A') {
    const text = letters(value);
    return type === 'a' ? text.toLowerCase() : text;
  }
  if (type === 'i' || type === 'I') {
    const text = roman(value);
    return type === 'i' ? text.toLowerCase() : text;
  }
  return String(value);
}

const letters = (value: number): string =>
  value > 26
    ? letters(Math.floor((value - 1) / 26)) + letters(((value - 1) % 26) + 1)
    : String.fromCharCode(64 + value);

const steps: readonly (readonly [number, string])[] = [
  [1000, 'M'],
  [900, 'CM'],
  [500, 'D'],
  [400, 'CD'],
  [100, 'C'],
  [90, 'XC'],
  [50, 'L'],
  [40, 'XL'],
  [10, 'X'],
  [9, 'IX'],
  [5, 'V'],
  [4, 'IV'],
  [1, 'I'],
];

function roman(value: number): string {
  let text = '';
  let rest = value;
  for (const [worth, sign] of steps) {
    while (rest >= worth) {
      text += sign;
      rest -= worth;
    }
  }
  return text;
}
