import { childrenOf, type Element, elementsIn, hasClass, isElement, type Node, roleOf } from './html-tree.ts';

/**
 * What of a page a reader can see.
 *
 *  ING-25 What a page hides is left out, except where a control of the page shows it (tabs, accordions, dialogs) and where
 *     it is most of the page, which only waits for a script: that is read, and said in a remark.
 */
export interface Visibility {
  isVisible(element: Element): boolean;
  /** Whether hidden regions were read because the page has hardly anything else. */
  readonly unhidden: boolean;
  /** Characters that are drawn as the page stands, outside of links and controls. */
  readonly prose: number;
}

/** Never text of the page. */
const silent = new Set(
  'script style head iframe object embed canvas audio video link meta base datalist rp source track map optgroup'.split(
    ' ',
  ),
);
/** Their content is not drawn, as if they were hidden. */
const undrawn = new Set(['template', 'noscript', 'noframes']);

/** A region must hold this share of what is hidden to be read with it: the rest are menus and messages. */
const REGION_SHARE = 0.1;

export function visibilityOf(nodes: readonly Node[]): Visibility {
  const revealed = idsOfControls(nodes);
  const isHidden = (element: Element): boolean =>
    isHiddenByMarkup(element) && !isRevealed(element, revealed) && !holdsFormula(element);
  const hidden: { element: Element; prose: number }[] = [];
  let seen = 0;
  const look = (node: Node, inLink: boolean): void => {
    if (node.type === 'text') {
      if (!inLink) seen += inkOf(node.data);
    } else if (isElement(node)) {
      if (silent.has(node.name)) return;
      if (isHidden(node)) hidden.push({ element: node, prose: proseOf(node) });
      else for (const child of node.children) look(child, inLink || node.name === 'a' || isControl(node));
    }
  };
  for (const node of nodes) look(node, false);
  const total = hidden.reduce((sum, { prose }) => sum + prose, 0);
  const shown = new Set(
    total > seen
      ? hidden.filter(({ prose }) => prose > total * REGION_SHARE).map(({ element }) => element)
      : [],
  );
  return {
    isVisible: (element) =>
      !silent.has(element.name) && (!isHidden(element) || shown.has(element)) && !isBareControl(element),
    unhidden: shown.size > 0,
    prose: seen,
  };
}

/** Characters that are drawn. */
export const inkOf = (text: string): number => text.replace(/\s+/g, '').length;

/** Ink outside of links and controls. */
function proseOf(node: Node): number {
  if (node.type === 'text') return inkOf(node.data);
  if (isElement(node) && (silent.has(node.name) || node.name === 'a' || isControl(node))) return 0;
  return childrenOf(node).reduce((sum, child) => sum + proseOf(child), 0);
}

function isHiddenByMarkup(element: Element): boolean {
  const { attribs } = element;
  return (
    undrawn.has(element.name) ||
    (attribs.hidden !== undefined && attribs.hidden !== 'until-found') ||
    attribs['aria-hidden'] === 'true' ||
    /(?:display\s*:\s*none|visibility\s*:\s*hidden)/i.test(attribs.style ?? '') ||
    (element.name === 'dialog' && attribs.open === undefined)
  );
}

/** A part of the page that a reader opens: it is named by the control that does, or is a tab's panel. */
const isRevealed = (element: Element, ids: ReadonlySet<string>): boolean =>
  roleOf(element) === 'tabpanel' ||
  (element.name === 'template' && element.attribs.shadowrootmode !== undefined) ||
  (element.name !== 'template' && ids.has(element.attribs.id ?? '')) ||
  hasClass(element, /\b(?:tab-?pane|tab-?panel|accordion-(?:body|content|panel|collapse))\b/i);

/** Wikipedia draws formulas as pictures, and hides their MathML. */
const holdsFormula = (element: Element): boolean =>
  element.name === 'math' || element.children.some((child) => isElement(child) && child.name === 'math');

const references = [
  'aria-controls',
  'aria-owns',
  'data-target',
  'data-bs-target',
  'popovertarget',
  'commandfor',
] as const;

function idsOfControls(nodes: readonly Node[]): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const element of elementsIn(nodes)) {
    for (const name of references) {
      for (const id of (element.attribs[name] ?? '').split(/\s+/))
        if (id !== '') ids.add(id.replace(/^#/, ''));
    }
    const { href = '' } = element.attribs;
    const opens =
      isDisclosing(element) || roleOf(element) === 'button' || hasClass(element, /modal|popup|tab/i);
    if (element.name === 'a' && opens && href.startsWith('#')) ids.add(href.slice(1));
  }
  return ids;
}

export const isControl = (element: Element): boolean =>
  element.name === 'button' || (element.name === 'input' && isPush(element));

const isPush = ({ attribs }: Element): boolean =>
  /^(?:submit|button|reset|image|hidden|password|file)$/i.test(attribs.type ?? '');

/** Whether a control opens a part of the page, so that its words name that part. */
export function isDisclosing(element: Element): boolean {
  const { attribs } = element;
  if (attribs['aria-haspopup'] !== undefined || hasClass(element, /nav|menu|dropdown/i)) return false;
  return (
    attribs['aria-expanded'] !== undefined ||
    attribs['aria-controls'] !== undefined ||
    attribs.popovertarget !== undefined ||
    attribs.commandfor !== undefined ||
    /^(?:tab|collapse|accordion)$/i.test(attribs['data-toggle'] ?? attribs['data-bs-toggle'] ?? '') ||
    roleOf(element) === 'tab' ||
    hasClass(element, /accordion|collaps|expand|toggle|faq|question|tab/i)
  );
}

/** A button says what it does, which is no text of the page, unless it names what it opens, or says a whole sentence. */
function isBareControl(element: Element): boolean {
  if (!isControl(element)) return false;
  if (element.name === 'input') return true;
  return (
    !isDisclosing(element) &&
    !isWithin(element, /^(?:h[1-6]|summary|dt|legend|caption)$/) &&
    !saysMuch(element)
  );
}

const MANY_WORDS = 5;
function saysMuch(element: Element): boolean {
  const words = textOf(element).trim();
  return words.endsWith('?') || words.split(/\s+/).length >= MANY_WORDS;
}

const textOf = (node: Node): string =>
  node.type === 'text' ? node.data : childrenOf(node).map(textOf).join('');

function isWithin(element: Element, names: RegExp): boolean {
  for (let at = element.parent; at !== null; at = at.parent) {
    if ('name' in at && names.test(at.name)) return true;
  }
  return false;
}
