import { subscript, superscript } from '../raised.ts';
import { childOf, descendantsOf, elementsOf, textOf, type XmlElement } from '../xml.ts';
import { equation } from './math.ts';
import type { Relationships } from './package.ts';

/** The words of one paragraph in a shape (DrawingML, ECMA-376-1, 21.1.2). */
export function shapeParagraph(paragraph: XmlElement, relationships?: Relationships): string {
  let text = '';
  for (const child of elementsOf(paragraph)) {
    switch (child.name) {
      case 'a:r':
      case 'a:fld':
        text += runText(child, relationships);
        break;
      case 'a:br':
        text += '\n';
        break;
      case 'mc:AlternateContent':
      case 'a14:m': {
        const [math] = descendantsOf(child, 'm:oMathPara', 'm:oMath');
        if (math !== undefined) text += ` ${equation(math)} `;
        break;
      }
    }
  }
  return text.replace(/[ \u00a0]{2,}/g, ' ').trim();
}

/** All paragraphs of a shape, a line each. */
export const shapeText = (body: XmlElement): string =>
  [...descendantsOf(body, 'a:p')].map((paragraph) => shapeParagraph(paragraph)).join('\n');

function runText(run: XmlElement, relationships: Relationships | undefined): string {
  const properties = childOf(run, 'a:rPr');
  const text = textOf(childOf(run, 'a:t') ?? '');
  const link = relationships?.get(childOf(properties, 'a:hlinkClick')?.attributes['r:id'] ?? '');
  if (link?.isExternal && /^(?:https?|mailto):/i.test(link.target) && text.trim() !== '') {
    const address = link.target.replace(/^mailto:/i, '');
    return text.includes(address) ? text : `${text} (${address})`;
  }
  // In thousandths of the size of the letters.
  const raisedBy = Number(properties?.attributes.baseline ?? 0);
  if (raisedBy > 0) return superscript(text);
  return raisedBy < 0 ? subscript(text) : text;
}
