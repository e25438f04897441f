import type { Draft } from '../../block.ts';
import { childOf, descendantsOf, elementsOf, textOf, type XmlElement } from '../xml.ts';
import { OpenDocumentBody } from './body.ts';
import type { TextContext } from './text.ts';

/** The blocks of one slide: its title, then its frames from above and from the left, then the speaker's notes. */
export function* slideBlocks(slide: XmlElement, context: TextContext): Iterable<Draft> {
  const frames = elementsOf(slide).filter(({ name }) => name.startsWith('draw:'));
  const titles = frames.filter((frame) => isOf(frame, 'title'));
  for (const title of titles) {
    const text = [...descendantsOf(title, 'text:p')].map(textOf).join(' ').replace(/\s+/g, ' ').trim();
    yield { text, block: 'heading', level: 1 };
  }
  const others = frames.filter((frame) => !titles.includes(frame) && !isOf(frame, 'page-number'));
  for (const frame of others.sort(
    (a, b) => lengthOf(a, 'svg:y') - lengthOf(b, 'svg:y') || lengthOf(a, 'svg:x') - lengthOf(b, 'svg:x'),
  )) {
    yield* new OpenDocumentBody(context).read(frame);
  }
  const notes = childOf(slide, 'presentation:notes');
  const frame =
    notes === undefined
      ? undefined
      : [...descendantsOf(notes, 'draw:frame')].find((one) => isOf(one, 'notes'));
  if (frame === undefined) return;
  const text = [...descendantsOf(frame, 'text:p')].map(textOf).join('\n').trim();
  if (text !== '') yield { text: `Notes: ${text}`, block: 'paragraph' };
}

const isOf = (frame: XmlElement, kind: string): boolean => frame.attributes['presentation:class'] === kind;

const units: Readonly<Record<string, number>> = { cm: 1, mm: 0.1, in: 2.54, pt: 2.54 / 72 };

/** In centimetres, to half of one: what stands in a row is seldom set to the hair. */
function lengthOf(frame: XmlElement, name: string): number {
  const [, value = '0', unit = 'cm'] = /^(-?[\d.]+)([a-z]{2})/.exec(frame.attributes[name] ?? '') ?? [];
  return Math.round(Number(value) * (units[unit] ?? 1) * 2) / 2;
}
