import { checkMark } from './check-mark.ts';
import {
  childrenOf,
  type Element,
  elementsIn,
  hasClass,
  isElement,
  isInline,
  type Node,
  roleOf,
  squeeze,
} from './html-tree.ts';
import { formula, withoutStyle } from './mathml.ts';
import { subscript, superscript } from './raised.ts';

/** What decides how a stretch of a page reads. */
export interface TextReader {
  isShown(element: Element): boolean;
  /** The address behind a link, where a reader would ask for it. */
  addressOf(link: Element): string | undefined;
  /** Told of each such address; true where it is written behind the block, else it follows the link's words. */
  onAddress?(words: string, address: string): boolean;
  /** Told of every mark of a note: the note follows the block that it is in. */
  onNote?(id: string): void;
}

/**
 * What a reader sees of these nodes, white space as it stands: entities decoded, hidden elements left out, a line break
 * for `<br>`; and what is seen without being text: ticks, chosen options, values, what is struck out or raised, formulas.
 */
export function textIn(nodes: readonly Node[], reader: TextReader): string {
  let text = '';
  for (const node of nodes) {
    if (node.type === 'text') text += node.data;
    else if (isElement(node)) text += isTex(node) ? texOf(node) : elementText(node, reader);
  }
  return text;
}

/** In one line. */
export const lineOf = (nodes: readonly Node[], reader: TextReader): string => squeeze(textIn(nodes, reader));

function elementText(element: Element, reader: TextReader): string {
  if (!reader.isShown(element)) return '';
  const inner = () => textIn(element.children, reader);
  const tick = tickOf(element);
  if (tick !== undefined) return `${tick}${inner()}`;
  switch (element.name) {
    case 'br':
      return '\n';
    case 'img':
      return element.attribs.alt ?? '';
    case 'pre':
      return `\n${inner()}\n`;
    case 'math':
      return formula(element);
    case 'mjx-container':
      return containedFormula(element, inner);
    case 'svg':
      return ` ${drawnText(element)} `;
    case 'sup':
      return raisedText(element, reader);
    case 'sub':
      return subscript(inner());
    case 'del':
    case 's':
    case 'strike':
      return struck(inner());
    case 'q':
      return `“${inner()}”`;
    case 'rt':
      return `(${inner()})`;
    case 'input':
      return ` ${element.attribs.value ?? ''} `;
    case 'select':
      return ` ${chosen(element, reader)} `;
    case 'textarea':
      return ` ${inner()} `;
    case 'a': {
      const words = inner();
      if (isWayBack(words)) return '';
      const address = reader.addressOf(element);
      if (address === undefined || words.includes(address)) return words;
      return reader.onAddress?.(squeeze(words), address) ? words : `${words} (${address})`;
    }
    default: {
      const text = isInline(element) ? inner() : ` ${inner()} `;
      return text.trim() === '' ? `${text}${labelOf(element)}` : text;
    }
  }
}

/** The arrow behind a note, back to its mark. */
const isWayBack = (words: string): boolean => /^\s*[↩↑^←⤴]\s*\d*\s*$/u.test(words.replaceAll('\ufe0e', ''));

/** Elements that stand for a picture or a state and say it only to screen readers. */
const labelOf = (element: Element): string =>
  /^(?:i|span|b|em)$/.test(element.name) && element.attribs['aria-label'] !== undefined
    ? ` ${element.attribs['aria-label']} `
    : '';

function tickOf(element: Element): string | undefined {
  const { type = '', checked } = element.attribs;
  const kind = type.toLowerCase();
  if (element.name === 'input' && (kind === 'checkbox' || kind === 'radio')) {
    const isTask = hasClass(element, /task/) || element.attribs.disabled !== undefined;
    return checkMark(checked !== undefined, kind === 'radio' ? 'choice' : isTask ? 'task' : 'box');
  }
  const state = element.attribs['aria-checked'];
  if (state === undefined) return;
  const role = roleOf(element);
  if (role === 'checkbox' || role === 'switch') return checkMark(state === 'true');
  return role === 'radio' ? checkMark(state === 'true', 'choice') : undefined;
}

const chosen = (select: Element, reader: TextReader): string =>
  [...elementsIn(select.children)]
    .filter((one) => one.name === 'option' && one.attribs.selected !== undefined)
    .map((option) => squeeze(textIn(option.children, reader)))
    .filter((text) => text !== '')
    .join(', ');

const struck = (text: string): string => (text.trim() === '' ? text : text.replace(/\S(?:.*\S)?/s, '~~$&~~'));

function raisedText(raised: Element, reader: TextReader): string {
  const text = textIn(raised.children, reader);
  const note = noteReference(raised);
  if (note === undefined) return superscript(text);
  reader.onNote?.(note.id);
  return note.mark;
}

export interface NoteReference {
  /** Of the note in the page. */
  readonly id: string;
  readonly mark: string;
}

/** "[3]" for a raised link to a note of the page, whatever it is drawn with. */
export function noteReference(raised: Element): NoteReference | undefined {
  const [link] = [...elementsIn([raised])].filter(
    (one) => one.name === 'a' && /^[^?]*#./.test(one.attribs.href ?? ''),
  );
  const mark = squeeze(plain(raised));
  if (link === undefined || mark === '' || mark.length > 20) return;
  const id = decodeId((link.attribs.href ?? '').replace(/^.*?#/, ''));
  return { id, mark: /^[\p{L}\p{N}]+$/u.test(mark) ? `[${mark}]` : mark };
}

const decodeId = (fragment: string): string => {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
};

/** MathJax 2 keeps the source in a script, and draws beside it. */
const isTex = (element: Element): boolean =>
  element.name === 'script' && /^math\/(?:tex|asciimath)/i.test(element.attribs.type ?? '');

const texOf = (script: Element): string => {
  const tex = withoutStyle(
    childrenOf(script)
      .map((node) => (node.type === 'text' ? node.data : ''))
      .join(''),
  );
  return tex === '' ? '' : ` $${tex}$ `;
};

/** MathJax 3 draws, and keeps MathML for screen readers. */
function containedFormula(container: Element, inner: () => string): string {
  const math = [...elementsIn(container.children)].find((one) => one.name === 'math');
  return math === undefined ? inner() : formula(math);
}

/** Words in a drawing: labels of a diagram, or the title of an icon. */
function drawnText(svg: Element): string {
  const named = (name: string) => [...elementsIn(svg.children)].filter((one) => one.name === name);
  const labels = named('text').length > 0 ? named('text') : named('title').slice(0, 1);
  const text = labels.map((one) => plain(one)).join(' ');
  return text === '' ? (svg.attribs['aria-label'] ?? '') : text;
}

const plain = (node: Node): string =>
  node.type === 'text' ? node.data : childrenOf(node).map(plain).join('');
