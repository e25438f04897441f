import { DomHandler, Parser } from 'htmlparser2';
import type { Draft } from '../block.ts';
import { MAX_DEPTH, MAX_NODES } from '../limits.ts';
import { refuse } from '../refusal.ts';
import { tableBlocks } from './table.ts';

type Node = DomHandler['dom'][number];
type Element = Extract<Node, { readonly attribs: Record<string, string> }>;

const skipped = new Set(
  'script style noscript template svg math head iframe object canvas select button input textarea dialog'.split(
    ' ',
  ),
);
/** What stands around a page's text rather than in it. */
const surroundings = new Set(['nav', 'header', 'footer', 'aside', 'form']);
const inline = new Set(
  'a abbr b bdi bdo cite code data del dfn em font i img ins kbd label mark q s samp small span strong sub sup time tt u var wbr br'.split(
    ' ',
  ),
);

const isElement = (node: Node): node is Element => 'attribs' in node;
const childrenOf = (node: Node): readonly Node[] => ('children' in node ? node.children : []);

/** The main content in reading order; without `<main>` or a single `<article>`, the body without its surroundings. */
export function* parseHtml(html: string): Iterable<Draft> {
  const nodes = readHtml(html);
  const named = landmarks(nodes);
  const articles = named.articles.length === 1 ? named.articles : [];
  const main = [...named.mains.slice(0, 1), ...articles][0];
  const drafts = [...blocksIn(main === undefined ? nodes : main.children, main === undefined)];
  if (named.title !== '' && drafts[0]?.block !== 'heading') {
    yield { text: named.title, block: 'heading', level: 1 };
  }
  yield* drafts;
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

function readHtml(html: string): readonly Node[] {
  const handler = new BoundedHandler();
  new Parser(handler, { decodeEntities: true }).end(html);
  return handler.dom;
}

function landmarks(nodes: readonly Node[]) {
  const found = { mains: [] as Element[], articles: [] as Element[], title: '' };
  const look = (node: Node): void => {
    if (isElement(node)) {
      if (node.name === 'main') found.mains.push(node);
      if (node.name === 'article') found.articles.push(node);
      if (node.name === 'title' && found.title === '') found.title = squeeze(textIn(childrenOf(node)));
    }
    for (const child of childrenOf(node)) look(child);
  };
  for (const node of nodes) look(node);
  return found;
}

function* blocksIn(nodes: readonly Node[], dropSurroundings: boolean): Iterable<Draft> {
  let run: Node[] = [];
  for (const node of nodes) {
    if (!isElement(node) || inline.has(node.name)) {
      run.push(node);
      continue;
    }
    yield* paragraph(run);
    run = [];
    if (!isHidden(node) && !(dropSurroundings && surroundings.has(node.name))) {
      yield* blockOf(node, dropSurroundings);
    }
  }
  yield* paragraph(run);
}

function* paragraph(nodes: readonly Node[]): Iterable<Draft> {
  const text = squeeze(textIn(nodes));
  if (text !== '') yield { text, block: 'paragraph' };
}

function* blockOf(element: Element, dropSurroundings: boolean): Iterable<Draft> {
  const heading = /^h([1-6])$/.exec(element.name)?.[1];
  if (heading !== undefined) {
    yield { text: squeeze(textIn(element.children)), block: 'heading', level: Number(heading) };
  } else if (element.name === 'p') {
    yield* paragraph(element.children);
  } else if (element.name === 'ul' || element.name === 'ol') {
    yield { text: listText(element, 0), block: 'list' };
  } else if (element.name === 'dl') {
    yield { text: definitions(element), block: 'list' };
  } else if (element.name === 'pre') {
    yield { text: textIn(element.children), block: 'code' };
  } else if (element.name === 'table') {
    yield* readTable(element);
  } else if (element.name === 'figcaption') {
    yield { text: squeeze(textIn(element.children)), block: 'figure' };
  } else {
    yield* blocksIn(element.children, dropSurroundings);
  }
}

/** Tables that only lay out the page (one column, or blocks inside) are read as their contents. */
function* readTable(table: Element): Iterable<Draft> {
  const rows = [...descendants(table, 'tr')].map((row) =>
    childrenOf(row)
      .filter(isElement)
      .filter((cell) => cell.name === 'td' || cell.name === 'th')
      .map((cell) => ({
        text: squeeze(textIn(cell.children)),
        rowSpan: Number.parseInt(cell.attribs.rowspan ?? '1', 10),
        columnSpan: Number.parseInt(cell.attribs.colspan ?? '1', 10),
        isHeader: cell.name === 'th',
      })),
  );
  const filled = rows.filter((row) => row.some((cell) => cell.text !== ''));
  if (filled.every((row) => row.length <= 1)) {
    for (const row of filled) yield { text: row[0]?.text ?? '', block: 'paragraph' };
    return;
  }
  for (const caption of descendants(table, 'caption')) yield* paragraph(caption.children);
  const headed = rows.findIndex((row) => !row.every((cell) => cell.isHeader));
  yield* tableBlocks({ rows, headerRows: Math.max(1, headed) });
}

/** Elements of that name below `element`, not looking into inner tables. */
function* descendants(element: Element, name: string): Iterable<Element> {
  for (const child of element.children.filter(isElement)) {
    if (child.name === name) yield child;
    else if (child.name !== 'table') yield* descendants(child, name);
  }
}

const isList = (node: Node): boolean =>
  isElement(node) && (node.name === 'ul' || node.name === 'ol') && !isHidden(node);

/** Word and old pages put lists and paragraphs straight into a list; a reader sees them, so they are kept. */
function listText(list: Element, depth: number): string {
  const indent = '  '.repeat(depth);
  const lines: string[] = [];
  let items = 0;
  for (const child of list.children) {
    const children = isElement(child) && !isList(child) ? child.children : [child];
    const own =
      isElement(child) && isHidden(child) ? '' : squeeze(textIn(children.filter((one) => !isList(one))));
    const inner = children.filter(isElement).filter(isList);
    if (own !== '' || (inner.length > 0 && !isList(child))) {
      items += 1;
      lines.push(`${indent}${list.name === 'ol' ? `${items}.` : '-'} ${own}`);
    }
    lines.push(...inner.map((one) => listText(one, depth + 1)));
  }
  return lines.join('\n');
}

const definitions = (list: Element): string =>
  [...descendants(list, 'dt'), ...descendants(list, 'dd')].length === 0
    ? ''
    : childrenOf(list)
        .filter(isElement)
        .flatMap((node) => (node.name === 'div' ? node.children.filter(isElement) : [node]))
        .map((node) => `${node.name === 'dt' ? '- ' : '  '}${squeeze(textIn(node.children))}`)
        .join('\n');

/** What a reader sees: entities decoded, hidden elements left out, a line break for `<br>`. */
function textIn(nodes: readonly Node[]): string {
  let text = '';
  for (const node of nodes) {
    if (node.type === 'text') text += node.data;
    else if (!isElement(node) || isHidden(node)) continue;
    else if (node.name === 'br') text += '\n';
    else if (node.name === 'img') text += node.attribs.alt ?? '';
    else text += inline.has(node.name) ? textIn(node.children) : ` ${textIn(node.children)} `;
  }
  return text;
}

const isHidden = (element: Element): boolean =>
  skipped.has(element.name) ||
  element.attribs.hidden !== undefined ||
  element.attribs['aria-hidden'] === 'true' ||
  /display\s*:\s*none/i.test(element.attribs.style ?? '');

const squeeze = (text: string): string => text.replace(/\s+/g, ' ').trim();
