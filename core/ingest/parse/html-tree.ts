import { DomHandler, Parser } from 'htmlparser2';
import type { Draft } from '../block.ts';
import { MAX_DEPTH, MAX_NODES } from '../limits.ts';
import { refuse } from '../refusal.ts';

export type Node = DomHandler['dom'][number];
export type Element = Extract<Node, { readonly attribs: Record<string, string> }>;

/** Reads what stands inside an element; the readers of lists and tables get it, since both hold anything. */
export interface HtmlReader {
  /** Whether a reader of the page sees the element, and it belongs to what the page is about. */
  isShown(element: Element): boolean;
  blocks(nodes: readonly Node[]): Iterable<Draft>;
}

export const isElement = (node: Node): node is Element => 'attribs' in node;
export const childrenOf = (node: Node): readonly Node[] => ('children' in node ? node.children : []);
/** White space, or no text at all. */
export const isBlank = (node: Node): boolean => node.type !== 'text' || node.data.trim() === '';
export const squeeze = (text: string): string => text.replace(/\s+/g, ' ').trim();
export const hasClass = (element: Element, name: RegExp): boolean => name.test(element.attribs.class ?? '');
export const roleOf = (element: Element): string => (element.attribs.role ?? '').trim().toLowerCase();

const inline = new Set(
  'a abbr acronym audio b bdi bdo big br button canvas cite code data del dfn em font i iframe img input ins kbd label link map mark math meta mjx-container nobr noscript object output picture q rp rt ruby s samp script select source small span strike strong style sub sup svg template textarea time tt u var video wbr'.split(
    ' ',
  ),
);

/** Elements that are read as a whole, whatever stands in them. */
const atoms = new Set([
  'math',
  'mjx-container',
  'svg',
  'select',
  'textarea',
  'script',
  'style',
  'noscript',
  'template',
]);

/** Whether the node is part of a line: old pages wrap whole sections in `<font>` or `<a>`, which then are not. */
export const isInline = (node: Node): boolean =>
  !isElement(node) || (inline.has(node.name) && (atoms.has(node.name) || node.children.every(isInline)));

export function* elementsIn(nodes: readonly Node[]): Iterable<Element> {
  for (const node of nodes) {
    if (!isElement(node)) continue;
    yield node;
    yield* elementsIn(node.children);
  }
}

/** Elements of that name below `element`, not looking into inner tables. */
export function* ownElements(element: Element, name: string): Iterable<Element> {
  for (const child of element.children.filter(isElement)) {
    if (child.name === name) yield child;
    else if (child.name !== 'table') yield* ownElements(child, name);
  }
}

/** The parser's time grows with the square of the depth, and our walks recurse: both want it bounded, and so does memory. */
class BoundedHandler extends DomHandler {
  #nodes = 0;

  protected override addNode(node: Node): void {
    this.#nodes += 1;
    if (this.#nodes > MAX_NODES) {
      throw refuse(
        'too_large',
        `The HTML has more than ${MAX_NODES} elements and stretches of text. Split it.`,
      );
    }
    super.addNode(node);
  }

  override onopentag(name: string, attributes: Record<string, string>): void {
    if (this.tagStack.length > MAX_DEPTH) {
      throw refuse('too_deep', `The HTML is nested deeper than ${MAX_DEPTH} levels.`);
    }
    super.onopentag(name, attributes);
  }
}

export function readHtml(html: string): readonly Node[] {
  const handler = new BoundedHandler();
  new Parser(handler, { decodeEntities: true }).end(html);
  return handler.dom;
}
