import type { Draft } from '../block.ts';
import { isListElement, listBlocks } from './html-list.ts';
import { type Note, notesOf } from './html-notes.ts';
import { surroundingsOf } from './html-regions.ts';
import { cellText, tableElement } from './html-table.ts';
import { lineOf, type TextReader, textIn } from './html-text.ts';
import {
  type Element,
  elementsIn,
  type HtmlReader,
  isBlank,
  isElement,
  isInline,
  type Node,
  readHtml,
  squeeze,
} from './html-tree.ts';
import { inkOf, isControl, isDisclosing, visibilityOf } from './html-visibility.ts';
import { parseText } from './text.ts';

export interface HtmlOptions {
  /** All of it is content: what came out of Markdown or a Word document has no menus. */
  readonly whole?: boolean;
}

/** Words a link: where links stand closer, their addresses would drown the text. */
const WORDS_A_LINK = 15;
/** Longer addresses are made for machines. */
const MAX_ADDRESS_LENGTH = 200;

/** A page as blocks in reading order. What is left out, and why, stands in html-visibility.ts and html-regions.ts. */
export function* parseHtml(html: string, { whole = false }: HtmlOptions = {}): Iterable<Draft> {
  const nodes = readHtml(html);
  const visibility = visibilityOf(nodes);
  const surroundings = whole ? new Set<Element>() : surroundingsOf(nodes, visibility);
  const notes = notesOf(nodes);
  const reader = new PageReader(
    (element) => visibility.isVisible(element) && !surroundings.has(element) && !notes.moved.has(element),
    whole ? keepAddress : addressesOf(nodes),
    notes.byId,
  );
  const title = titleOf(nodes);
  let isFirst = true;
  for (const draft of withNotes(reader, nodes)) {
    if (isFirst && title !== '' && (draft.block !== 'heading' || whole)) {
      yield { text: title, block: 'heading', level: 1 };
    }
    const remark = isFirst && visibility.unhidden ? { remark: UNHIDDEN } : {};
    isFirst = false;
    yield { ...draft, ...remark };
  }
  if (isFirst && title !== '') yield { text: title, block: 'heading', level: 1 };
}

const UNHIDDEN = 'Read although the page hides it until a script shows it: it is most of the page.';

function titleOf(nodes: readonly Node[]): string {
  for (const element of elementsIn(nodes)) {
    if (element.name === 'title' && element.parent?.type !== 'root' && isInSvg(element)) continue;
    if (element.name === 'title') return squeeze(textIn(element.children, everything));
  }
  return '';
}

const everything: TextReader = { isShown: () => true, addressOf: () => undefined };

const isInSvg = (element: Element): boolean => {
  for (let at = element.parent; at !== null; at = at.parent)
    if ('name' in at && at.name === 'svg') return true;
  return false;
};

const keepAddress = (link: Element): string | undefined => {
  const href = (link.attribs.href ?? '').trim();
  const [, scheme = ''] = /^([a-z]+):/i.exec(href) ?? [];
  if (!/^(?:https?|mailto|tel|s?ftp)$/i.test(scheme) || href.length > MAX_ADDRESS_LENGTH) return;
  return href.replace(/^(?:mailto|tel):/i, '');
};

/** Of a page, those of people and of other sites, unless it is made of links. */
function addressesOf(nodes: readonly Node[]): (link: Element) => string | undefined {
  let links = 0;
  let ink = 0;
  let own = '';
  const look = (node: Node): void => {
    if (node.type === 'text') ink += inkOf(node.data);
    else if (isElement(node)) {
      if (node.name === 'a' && /^https?:/i.test(node.attribs.href ?? '')) links += 1;
      if (node.name === 'base' || node.attribs.rel === 'canonical') own ||= hostOf(node.attribs.href);
      if (node.attribs.property === 'og:url') own ||= hostOf(node.attribs.content);
      for (const child of node.children) look(child);
    }
  };
  for (const node of nodes) look(node);
  const isDense = links * WORDS_A_LINK * 5 > ink;
  return (link) => {
    const href = link.attribs.href ?? '';
    if (/^https?:/i.test(href) && ((isDense && links > 3) || (own !== '' && hostOf(href) === own))) return;
    return keepAddress(link);
  };
}

const hostOf = (address: string | undefined): string =>
  /^https?:\/\/([^/?#]+)/i.exec(address ?? '')?.[1] ?? '';

/**
 * The notes that a block refers to follow it: what is said of a sentence stands beside it, in a passage and in a quote. So
 * do the addresses of its links, in a block of their own: inside a sentence they would be most of what is quoted of it.
 */
function* withNotes(reader: PageReader, nodes: readonly Node[]): Iterable<Draft> {
  for (const draft of reader.blocks(nodes)) {
    const links = reader.takeLinks();
    const [only] = links;
    if (only !== undefined && only.words === draft.text) {
      yield { ...draft, text: `${only.words} (${only.address})` };
    } else {
      yield draft;
      if (links.length > 0) yield { text: addressLines(links), block: 'paragraph' };
    }
    yield* reader.takeNotes();
  }
}

interface Link {
  readonly words: string;
  readonly address: string;
}

const addressLines = (links: readonly Link[]): string =>
  [...new Set(links.map(({ words, address }) => (words === '' ? address : `${words}: ${address}`)))].join(
    '\n',
  );

class PageReader implements HtmlReader, TextReader {
  readonly isShown: (element: Element) => boolean;
  readonly addressOf: (link: Element) => string | undefined;
  readonly #notes: ReadonlyMap<string, Note>;
  readonly #told = new Set<string>();
  #waiting: Note[] = [];
  #links: Link[] = [];
  #isInTable = false;
  /** Of the last heading: what a disclosure opens is a section below it. */
  #level = 0;

  constructor(
    isShown: (element: Element) => boolean,
    addressOf: (link: Element) => string | undefined,
    notes: ReadonlyMap<string, Note>,
  ) {
    this.isShown = isShown;
    this.addressOf = addressOf;
    this.#notes = notes;
  }

  /** Once a note: several marks may refer to it. */
  readonly onNote = (id: string): void => {
    const note = this.#notes.get(id);
    if (note === undefined || this.#told.has(id)) return;
    this.#told.add(id);
    this.#waiting.push(note);
  };

  /** What stands in a row belongs to the row; an address of a person is short enough to stay. */
  readonly onAddress = (words: string, address: string): boolean => {
    if (this.#isInTable || !/^\w+:/.test(address)) return false;
    this.#links.push({ words, address });
    return true;
  };

  takeLinks(): readonly Link[] {
    const links = this.#links;
    this.#links = [];
    return links;
  }

  *takeNotes(): Iterable<Draft> {
    for (let note = this.#waiting.shift(); note !== undefined; note = this.#waiting.shift()) {
      const text = cellText(note.element.children, this);
      yield { text: `${note.mark} ${text}`, block: 'paragraph' };
    }
  }

  *blocks(nodes: readonly Node[]): Iterable<Draft> {
    let run: Node[] = [];
    for (const node of nodes) {
      if (isInline(node) && !isTitlingControl(node)) {
        run.push(node);
        continue;
      }
      yield* this.#paragraph(run);
      run = [];
      if (isElement(node) && this.isShown(node)) yield* this.#block(node);
    }
    yield* this.#paragraph(run);
  }

  *#paragraph(nodes: readonly Node[]): Iterable<Draft> {
    const text = lineOf(nodes, this);
    if (text === '') return;
    const isPicture = nodes.every((node) =>
      isElement(node) ? /^(?:img|svg|br|picture)$/.test(node.name) : isBlank(node),
    );
    yield { text, block: isPicture ? 'figure' : 'paragraph' };
  }

  *#block(element: Element): Iterable<Draft> {
    const level = /^h([1-6])$/.exec(element.name)?.[1];
    if (level !== undefined) {
      this.#level = Number(level);
      yield {
        text: lineOf(element.children, { ...this, addressOf: noAddress }),
        block: 'heading',
        level: this.#level,
      };
    } else if (element.name === 'summary' || (isControl(element) && isDisclosing(element))) {
      yield this.#disclosure(element);
    } else if (element.name === 'p') yield* this.blocks(element.children);
    else if (isListElement(element)) yield* listBlocks(element, this);
    else if (/^(?:pre|listing|xmp|plaintext)$/.test(element.name)) yield* this.#preformatted(element);
    else if (element.name === 'table') yield* this.#table(element);
    else if (element.name === 'figcaption') {
      yield { text: lineOf(element.children, this), block: 'figure' };
    } else if (element.name === 'blockquote') yield* admonished(this.blocks(element.children));
    else yield* this.blocks(element.children);
  }

  *#table(element: Element): Iterable<Draft> {
    const before = this.#isInTable;
    this.#isInTable = true;
    yield* tableElement(element, this);
    this.#isInTable = before;
  }

  #disclosure(element: Element): Draft {
    const text = lineOf(element.children, this);
    return { text, block: 'heading', level: Math.min(6, this.#level + 1) };
  }

  /** Code, or a whole text in one `<pre>`, as old mailing lists and specifications have it. */
  *#preformatted(element: Element): Iterable<Draft> {
    const text = textIn(element.children, this).replace(/^\n|\s+$/g, '');
    const isCode = [...elementsIn(element.children)].some(({ name }) => name === 'code' || name === 'span');
    if (isCode || text.length < LONG_CODE || !/\n\s*\n/.test(text)) yield { text, block: 'code' };
    else yield* parseText(text);
  }
}

const LONG_CODE = 4_000;

/** A control that opens what follows it is that part's heading. */
const isTitlingControl = (node: Node): boolean =>
  isElement(node) && node.name === 'button' && isDisclosing(node);

const noAddress = (): undefined => undefined;

/** GitHub's and Obsidian's `> [!WARNING]`. */
function* admonished(drafts: Iterable<Draft>): Iterable<Draft> {
  for (const draft of drafts) {
    const [mark, kind = ''] = /^\[!(\w+)\][+-]?\s*/.exec(draft.text) ?? [];
    if (mark === undefined) yield draft;
    else {
      const rest = draft.text.slice(mark.length);
      yield {
        ...draft,
        text: `${kind.charAt(0).toUpperCase()}${kind.slice(1).toLowerCase()}: ${rest}`.trim(),
      };
    }
  }
}
