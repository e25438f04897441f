import type { Draft } from '../../block.ts';
import type { ReadInner } from '../../source.ts';
import { OfficePackage, partsOf, type Relationships } from '../office/package.ts';
import { embeddedParts } from '../office/parts.ts';
import { shapeText } from '../office/shape-text.ts';
import { childAt, childOf, descendantsOf, elementsOf, textOf, type XmlElement } from '../xml.ts';
import { layoutPlaces, readShapes } from './shapes.ts';

/**
 * A presentation (PresentationML, ECMA-376-1, 19), slide by slide: its title as a heading, then what stands on it in the order
 * in which it is read, then the speaker's notes and comments. A slide is a page. Hidden slides are not read, and a remark names
 * them.
 */
export async function* parsePptx(
  bytes: Uint8Array<ArrayBuffer>,
  readInner: ReadInner,
): AsyncGenerator<Draft> {
  const office = new OfficePackage(bytes);
  const main = await office.mainPart('ppt/presentation.xml');
  const relationships = await office.relationshipsOf(main);
  const list = childOf(await office.root(main), 'p:sldIdLst');
  const hidden: number[] = [];
  let waiting: Draft | null = null;
  const said = new Set<string>();
  let page = 0;
  for (const { attributes } of list === undefined ? [] : elementsOf(list)) {
    const part = relationships.get(attributes['r:id'] ?? '')?.target;
    const slide = part === undefined ? undefined : await office.root(part);
    if (part === undefined || slide === undefined) continue;
    page += 1;
    if (['0', 'false'].includes(slide.attributes.show ?? '')) {
      hidden.push(page);
      continue;
    }
    for (const draft of await slideBlocks(office, part, slide, readInner)) {
      // What the foot of every slide repeats is said once.
      if (draft.furniture && said.has(draft.text)) continue;
      if (draft.furniture) said.add(draft.text);
      const { furniture: _, ...own } = draft;
      if (waiting !== null) yield waiting;
      waiting = { ...own, page };
    }
  }
  const remark = `Not read: ${hidden.length} hidden slide(s), ${hidden.join(', ')}.`;
  if (waiting !== null) yield hidden.length === 0 ? waiting : { ...waiting, remark };
}

async function slideBlocks(
  office: OfficePackage,
  part: string,
  slide: XmlElement,
  readInner: ReadInner,
): Promise<readonly Draft[]> {
  const own = await office.relationshipsOf(part);
  const [layout] = partsOf(own, 'slideLayout');
  const shapes = readShapes(childAt(slide, 'p:cSld', 'p:spTree'), {
    relationships: own,
    parts: await embeddedParts(office, own, readInner),
    places: layoutPlaces(layout === undefined ? undefined : await office.root(layout)),
  });
  return [...shapes, ...(await notesOf(office, own)), ...(await commentsOf(office, own))];
}

async function notesOf(office: OfficePackage, relationships: Relationships): Promise<readonly Draft[]> {
  const [part] = partsOf(relationships, 'notesSlide');
  const root = part === undefined ? undefined : await office.root(part);
  if (root === undefined) return [];
  const bodies = [...descendantsOf(root, 'p:sp')].filter((shape) => {
    const [placeholder] = descendantsOf(shape, 'p:ph');
    return placeholder?.attributes.type === 'body';
  });
  return bodies.flatMap((shape) => {
    const text = shapeText(shape).trim();
    return text === '' ? [] : [{ text: `Notes: ${text}`, block: 'paragraph' as const }];
  });
}

/** Of both ages: flat ones, and threads. */
async function commentsOf(office: OfficePackage, relationships: Relationships): Promise<readonly Draft[]> {
  const drafts: Draft[] = [];
  for (const part of partsOf(relationships, 'comments')) {
    const root = await office.root(part);
    for (const comment of root === undefined ? [] : elementsOf(root)) {
      const texts = [...descendantsOf(comment, 'p:text', 'a:t')].map(textOf);
      const text = texts.join(' ').replace(/\s+/g, ' ').trim();
      if (text !== '') drafts.push({ text: `[Comment: ${text}]`, block: 'paragraph' });
    }
  }
  return drafts;
}
