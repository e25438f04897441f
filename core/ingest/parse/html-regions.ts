import { type Element, elementsIn, isElement, type Node, roleOf } from './html-tree.ts';
import { inkOf, isControl, type Visibility } from './html-visibility.ts';

/**
 * What of a page stands around its text: menus, banners, the lines at the bottom. A name is a hint and no proof (a whole
 * page may stand in `<form>`, `<header>` or `<aside>`, and `<main>` may be empty), so a region goes only by what it holds.
 *
 *  ING-26 A region of a page is left out only if it is small beside the rest, or is nothing but links and controls; all
 *     that is left out is less than a quarter of what can be read outside of links.
 */

/** Of the page's prose: a smaller region under such a name is left out. */
const SMALL = 0.12;
/** Of a region's text in links and controls: then it is a menu. */
const LINKED = 0.6;
/** Of the page's prose: what may be left out altogether. */
const MOST_LEFT_OUT = 0.25;
/** Of the page's prose: then `<main>` (or `<article>`) is what the page is about. */
const MOST = 0.5;
/** Characters, or of all text, beside headings: if less than this stays, the links were the content. */
const LEAST_KEPT = { ink: 20, share: 0.05 };

const roles = new Set(['navigation', 'banner', 'contentinfo', 'complementary', 'search']);
const sections = new Set([
  'article',
  'section',
  'main',
  'aside',
  'nav',
  'blockquote',
  'details',
  'figure',
  'td',
]);

interface Weight {
  /** Characters that are drawn; `linked` of them in links and controls. */
  readonly ink: number;
  readonly linked: number;
}

interface Region extends Weight {
  readonly element: Element;
  readonly prose: number;
}

/** Elements to leave out; what stands in them goes with them. */
export function surroundingsOf(nodes: readonly Node[], visibility: Visibility): ReadonlySet<Element> {
  const weights = new Map<Element, Weight>();
  const page = weigh(nodes, visibility, weights, false);
  const prose = page.ink - page.linked;
  const regionOf = (element: Element): Region => {
    const weight = weights.get(element) ?? { ink: 0, linked: 0 };
    return { element, ...weight, prose: weight.ink - weight.linked };
  };
  const roots = rootsOf(nodes, regionOf, prose);
  const candidates = [...around(nodes, new Set(roots))].map(regionOf).filter(({ ink }) => ink > 0);
  const isTitled = roots.some((root) => hasTitle(root));
  const dropped = candidates.filter((region) => {
    if (!isTitled && hasTitle(region.element)) return false;
    if (region.linked >= region.ink * LINKED) return true;
    // Beside text that the page hides, nothing that it shows is small.
    return !visibility.unhidden && region.prose <= prose * SMALL;
  });
  const headings = [...outermost(nodes, ({ name }) => /^(?:h[1-6]|title)$/.test(name))];
  const titles = headings.reduce((sum, heading) => sum + regionOf(heading).ink, 0);
  return bounded(dropped, { ink: page.ink - titles, prose: Math.min(prose, visibility.prose) });
}

/** Not more than may be left out: what is most text is kept first. */
function bounded(
  dropped: readonly Region[],
  { ink, prose }: { readonly ink: number; readonly prose: number },
): ReadonlySet<Element> {
  const kept = new Set(dropped.toSorted((a, b) => a.prose - b.prose).map(({ element }) => element));
  let left = dropped.reduce((sum, region) => sum + region.prose, 0);
  for (const region of dropped.toSorted((a, b) => b.prose - a.prose)) {
    if (left <= prose * MOST_LEFT_OUT) break;
    kept.delete(region.element);
    left -= region.prose;
  }
  const inkLeft = dropped.reduce((sum, one) => sum + (kept.has(one.element) ? one.ink : 0), 0);
  const stays = ink - inkLeft;
  return stays < Math.max(LEAST_KEPT.ink, ink * LEAST_KEPT.share) ? new Set() : kept;
}

function weigh(
  nodes: readonly Node[],
  visibility: Visibility,
  weights: Map<Element, Weight>,
  inLink: boolean,
): Weight {
  let ink = 0;
  let linked = 0;
  for (const node of nodes) {
    if (node.type === 'text') {
      const own = inkOf(node.data);
      ink += own;
      if (inLink) linked += own;
    } else if (isElement(node) && visibility.isVisible(node)) {
      const isLink = node.name === 'a' || isControl(node) || node.name === 'option';
      const weight = weigh(node.children, visibility, weights, inLink || isLink);
      weights.set(node, weight);
      ink += weight.ink;
      linked += weight.linked;
    }
  }
  return { ink, linked };
}

/** The outermost elements that say they are the content, if they hold most of it. */
function rootsOf(
  nodes: readonly Node[],
  regionOf: (element: Element) => Region,
  prose: number,
): readonly Element[] {
  for (const isRoot of [
    (one: Element) => one.name === 'main' || roleOf(one) === 'main',
    (one: Element) => one.name === 'article' || roleOf(one) === 'article',
  ]) {
    const found = [...outermost(nodes, isRoot)].filter((one) => regionOf(one).ink > 0);
    const held = found.reduce((sum, one) => sum + regionOf(one).prose, 0);
    if (found.length > 0 && held >= prose * MOST) return found;
  }
  return [];
}

function* outermost(nodes: readonly Node[], wanted: (element: Element) => boolean): Iterable<Element> {
  for (const node of nodes) {
    if (!isElement(node)) continue;
    if (wanted(node)) yield node;
    else yield* outermost(node.children, wanted);
  }
}

/** Regions that may be surroundings: those outside the roots, and without roots those that say so. */
function* around(nodes: readonly Node[], roots: ReadonlySet<Element>): Iterable<Element> {
  for (const node of nodes) {
    if (!isElement(node) || roots.has(node)) continue;
    const holdsRoot = roots.size > 0 && [...elementsIn(node.children)].some((one) => roots.has(one));
    if (isSurrounding(node) && !holdsRoot) {
      yield node;
      // A banner that is kept for its title still loses its menu.
      for (const inner of outermost(node.children, isMenu)) yield inner;
    } else if (roots.size > 0 && !holdsRoot && !isStructure(node)) yield node;
    else if (!sections.has(node.name) || holdsRoot) yield* around(node.children, roots);
    else yield* outermost(node.children, isMenu);
  }
}

const isStructure = (element: Element): boolean => /^(?:html|head|body|form)$/.test(element.name);
const isMenu = (element: Element): boolean =>
  element.name === 'nav' || roleOf(element) === 'navigation' || roleOf(element) === 'search';
const isSurrounding = (element: Element): boolean =>
  /^(?:nav|header|footer|aside)$/.test(element.name) || roles.has(roleOf(element));

const hasTitle = (element: Element): boolean =>
  [...elementsIn([element])].some((one) => one.name === 'h1' && inkIn(one) > 0);

const inkIn = (node: Node): number =>
  node.type === 'text'
    ? inkOf(node.data)
    : 'children' in node
      ? node.children.reduce((sum, child) => sum + inkIn(child), 0)
      : 0;
