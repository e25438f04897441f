import { childrenOf, type Element, elementsIn, isElement, type Node, squeeze } from './html-tree.ts';

/**
 * A formula as text: the TeX that it was written in where the page carries it (KaTeX, MathJax and Wikipedia do, as
 * `<annotation encoding="application/x-tex">` or `alttext`), else presentation MathML written out as TeX
 * (https://www.w3.org/TR/mathml-core/).
 *
 *  ING-24 A formula keeps its content: a sentence never reads as if it were not there.
 */
export function formula(math: Element): string {
  const tex = texIn(math);
  return tex === '' ? '' : `$${tex}$`;
}

/** The first formula among these nodes: a part of an OpenDocument file is one. */
export function formulaIn(nodes: readonly Node[]): string {
  for (const element of elementsIn(nodes)) if (/^(?:\w+:)?math$/.test(element.name)) return formula(element);
  return '';
}

function texIn(math: Element): string {
  for (const element of elementsIn(math.children)) {
    const encoding = element.attribs.encoding ?? '';
    if (/^annotation$/i.test(element.name) && /tex/i.test(encoding)) return withoutStyle(rawText(element));
  }
  const alternative = withoutStyle(math.attribs.alttext ?? '');
  return alternative === '' ? squeeze(row(math.children)) : alternative;
}

const rawText = (node: Node): string =>
  node.type === 'text' ? node.data : childrenOf(node).map(rawText).join('');

/** Wikipedia wraps everything: "{\displaystyle E=mc^{2}}". */
export const withoutStyle = (tex: string): string =>
  squeeze(tex)
    .replace(/^\{\\(?:displaystyle|textstyle) ?(.*)\}$/s, '$1')
    .replace(/\\displaystyle ?/g, '')
    .trim();

const row = (nodes: readonly Node[]): string => nodes.map(linear).join('');

/** Braces where more than one character is raised, lowered or divided. */
const group = (node: Node | undefined): string => {
  const text = node === undefined ? '' : squeeze(linear(node));
  return [...text].length === 1 ? text : `{${text}}`;
};
const braced = (node: Node | undefined): string => `{${node === undefined ? '' : squeeze(linear(node))}}`;

function linear(node: Node): string {
  if (node.type === 'text') return squeeze(node.data);
  if (!isElement(node)) return '';
  const parts = node.children.filter(isElement);
  const [first, second, third] = parts;
  const base = first === undefined ? '' : linear(first);
  switch (node.name.replace(/^.*:/, '')) {
    case 'annotation':
    case 'annotation-xml':
      return '';
    case 'msup':
    case 'mover':
      return `${base}^${group(second)}`;
    case 'msub':
    case 'munder':
      return `${base}_${group(second)}`;
    case 'msubsup':
    case 'munderover':
      return `${base}_${group(second)}^${group(third)}`;
    case 'mfrac':
      return `\\frac${braced(first)}${braced(second)}`;
    case 'msqrt':
      return `\\sqrt{${row(node.children)}}`;
    case 'mroot':
      return `\\sqrt[${second === undefined ? '' : linear(second)}]{${base}}`;
    case 'mfenced': {
      const separator = node.attribs.separators ?? ',';
      const inside = parts.map(linear).join(separator.charAt(0));
      return `${node.attribs.open ?? '('}${inside}${node.attribs.close ?? ')'}`;
    }
    case 'mtable':
      return `\\begin{matrix}${parts.map(linear).join(' \\\\ ')}\\end{matrix}`;
    case 'mtr':
      return parts.map(linear).join(' & ');
    case 'mo':
      return operator(row(node.children));
    case 'mtext':
      return ` ${rawText(node).trim()} `;
    case 'mspace':
      return ' ';
    default:
      return row(node.children);
  }
}

/** Relations and words get room around them; the invisible operators (U+2061 to U+2064) none. */
const operator = (sign: string): string => {
  if (/^[\u2061-\u2064]$/.test(sign)) return '';
  return /^[=<>≤≥≠≈→⇒±×·+−-]$|^\p{L}{2,}$/u.test(sign) ? ` ${sign} ` : sign;
};
