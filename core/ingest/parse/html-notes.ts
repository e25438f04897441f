import { noteReference } from './html-text.ts';
import { childrenOf, type Element, elementsIn, hasClass, type Node } from './html-tree.ts';

export interface Note {
  readonly mark: string;
  readonly element: Element;
}

export interface Notes {
  readonly byId: ReadonlyMap<string, Note>;
  /** Their elements where they stand, and what stands around them alone. */
  readonly moved: ReadonlySet<Element>;
}

/** Longer ones are appendices, and stay where they are. */
const MAX_NOTE_LENGTH = 600;

/**
 * The notes of a page that a raised mark refers to. Lists of references (Wikipedia has hundreds) stay where they are:
 * what a sentence is taken from is not said of it.
 */
export function notesOf(nodes: readonly Node[]): Notes {
  const marks = new Map<string, string>();
  const byAnchor = new Map<string, Element>();
  for (const element of elementsIn(nodes)) {
    const { id } = element.attribs;
    if (id !== undefined && /^(?:li|p|div|aside|dd)$/.test(element.name)) byAnchor.set(id, element);
    if (element.name !== 'sup' && element.attribs.role !== 'doc-noteref') continue;
    const reference = noteReference(element);
    if (reference !== undefined && !marks.has(reference.id)) marks.set(reference.id, reference.mark);
  }
  const byId = new Map<string, Note>();
  const moved = new Set<Element>();
  for (const [id, mark] of marks) {
    const element = byAnchor.get(id);
    if (element === undefined || isReference(element) || lengthOf(element) > MAX_NOTE_LENGTH) continue;
    byId.set(id, { mark, element });
    moved.add(element);
  }
  for (const element of elementsIn(nodes)) {
    if (element.attribs['data-footnotes'] !== undefined) {
      const items = [...elementsIn(element.children)].filter(({ name }) => name === 'li');
      if (items.every((item) => moved.has(item))) moved.add(element);
    }
  }
  return { byId, moved };
}

const isReference = (note: Element): boolean => {
  if (/^cite_note/.test(note.attribs.id ?? '')) return true;
  for (let at: Element['parent'] = note; at !== null; at = at.parent) {
    if ('attribs' in at && hasClass(at as Element, /reference|reflist|biblio|citation/i)) return true;
  }
  return false;
};

const lengthOf = (node: Node): number =>
  node.type === 'text' ? node.data.length : childrenOf(node).reduce((sum, child) => sum + lengthOf(child), 0);
