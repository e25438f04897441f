import type { Draft } from '../../block.ts';
import { dataTable } from '../office/data-table.ts';
import type { Relationships } from '../office/package.ts';
import { shapeParagraph, shapeText } from '../office/shape-text.ts';
import type { SpanningCell } from '../table.ts';
import { childAt, childOf, descendantsOf, elementsOf, type XmlElement } from '../xml.ts';

export interface SlideContext {
  readonly relationships: Relationships;
  readonly parts: ReadonlyMap<string, readonly Draft[]>;
  /** Where the layout puts the shapes that say no place of their own. */
  readonly places: ReadonlyMap<string, Box>;
}

/** In English Metric Units: 914,400 an inch. */
interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface Shape {
  readonly box: Box | undefined;
  readonly blocks: readonly Draft[];
  readonly isTitle: boolean;
}

/** Blocks of all shapes: the title first, then by place, from above and from the left; as in the file where places lack. */
export function readShapes(tree: XmlElement | undefined, context: SlideContext): readonly Draft[] {
  const shapes = shapesIn(tree, context).filter(({ blocks }) => blocks.length > 0);
  const titles = shapes.filter(({ isTitle }) => isTitle);
  return [...titles, ...inReadingOrder(shapes.filter(({ isTitle }) => !isTitle))].flatMap(
    ({ blocks }) => blocks,
  );
}

export function layoutPlaces(layout: XmlElement | undefined): ReadonlyMap<string, Box> {
  const places = new Map<string, Box>();
  for (const shape of layout === undefined ? [] : descendantsOf(layout, 'p:sp')) {
    const box = boxOf(childAt(shape, 'p:spPr', 'a:xfrm'));
    const placeholder = placeholderOf(shape);
    if (box === undefined || placeholder === undefined) continue;
    for (const key of keysOf(placeholder)) if (!places.has(key)) places.set(key, box);
  }
  return places;
}

const placeholderOf = (shape: XmlElement): XmlElement | undefined =>
  childAt(shape, 'p:nvSpPr', 'p:nvPr', 'p:ph') ?? childAt(shape, 'p:nvPicPr', 'p:nvPr', 'p:ph');

const keysOf = ({ attributes }: XmlElement): readonly string[] =>
  [attributes.idx === undefined ? '' : `#${attributes.idx}`, attributes.type ?? ''].filter(
    (key) => key !== '',
  );

function shapesIn(tree: XmlElement | undefined, context: SlideContext): readonly Shape[] {
  if (tree === undefined) return [];
  return elementsOf(tree).flatMap((element): readonly Shape[] => {
    switch (element.name) {
      case 'p:sp':
      case 'p:cxnSp':
        return [textShape(element, context)];
      case 'p:graphicFrame':
        return [
          { box: boxOf(childOf(element, 'p:xfrm')), blocks: [...frame(element, context)], isTitle: false },
        ];
      case 'p:pic':
        return [
          { box: boxOf(childAt(element, 'p:spPr', 'a:xfrm')), blocks: described(element), isTitle: false },
        ];
      case 'p:grpSp': {
        const inner = shapesIn(element, context).filter(({ blocks }) => blocks.length > 0);
        const box = boxOf(childAt(element, 'p:grpSpPr', 'a:xfrm')) ?? inner[0]?.box;
        const blocks = inReadingOrder(inner).flatMap((shape) => shape.blocks);
        return [{ box, blocks: [...described(element), ...blocks], isTitle: false }];
      }
      case 'mc:AlternateContent':
        return shapesIn(childOf(element, 'mc:Choice') ?? childOf(element, 'mc:Fallback'), context);
      default:
        return [];
    }
  });
}

/** What the author says that a picture or group shows. */
function described(element: XmlElement): readonly Draft[] {
  const about = elementsOf(element).find(({ name }) => name.startsWith('p:nv'));
  const properties = childOf(about, 'p:cNvPr');
  const text = (properties?.attributes.descr ?? '')
    .replace(/\s*Description automatically generated.*$/i, '')
    .trim();
  return text === '' ? [] : [{ text, block: 'figure' }];
}

function boxOf(transform: XmlElement | undefined): Box | undefined {
  const [offset, extent] = [childOf(transform, 'a:off'), childOf(transform, 'a:ext')];
  if (offset === undefined) return undefined;
  return {
    x: Number(offset.attributes.x),
    y: Number(offset.attributes.y),
    width: Number(extent?.attributes.cx ?? 0),
    height: Number(extent?.attributes.cy ?? 0),
  };
}

function textShape(shape: XmlElement, context: SlideContext): Shape {
  const placeholder = placeholderOf(shape);
  const type = placeholder === undefined ? undefined : (placeholder.attributes.type ?? 'body');
  const inherited =
    placeholder === undefined ? [] : keysOf(placeholder).map((key) => context.places.get(key));
  const box = boxOf(childAt(shape, 'p:spPr', 'a:xfrm')) ?? inherited.find((one) => one !== undefined);
  const body = childOf(shape, 'p:txBody');
  const isTitle = type === 'title' || type === 'ctrTitle';
  if (body === undefined || type === 'sldNum') return { box, blocks: described(shape), isTitle };
  if (isTitle) {
    const text = shapeText(body).replace(/\s+/g, ' ').trim();
    return { box, blocks: text === '' ? [] : [{ text, block: 'heading', level: 1 }], isTitle };
  }
  if (type === 'ftr' || type === 'dt') {
    return { box, blocks: [{ text: shapeText(body), block: 'paragraph', furniture: true }], isTitle: false };
  }
  return { box, blocks: [...bodyBlocks(body, type === 'body' || type === 'obj', context)], isTitle: false };
}

/** Lines with bullets or numbers are a list; in the text of a layout, several lines are one unless they say otherwise. */
function* bodyBlocks(body: XmlElement, isOutline: boolean, context: SlideContext): Iterable<Draft> {
  const paragraphs = elementsOf(body).filter((one) => one.name === 'a:p');
  const filled = paragraphs.filter((one) => shapeParagraph(one) !== '').length;
  let lines: string[] = [];
  const flush = function* (): Iterable<Draft> {
    if (lines.length > 0) yield { text: lines.join('\n'), block: 'list' };
    lines = [];
  };
  const counted: number[] = [];
  for (const paragraph of paragraphs) {
    const text = shapeParagraph(paragraph, context.relationships);
    if (text === '') continue;
    const properties = childOf(paragraph, 'a:pPr');
    const level = Math.min(8, Math.max(0, Number(properties?.attributes.lvl ?? 0) || 0));
    const number = childOf(properties, 'a:buAutoNum');
    const hasBullet = number !== undefined || childOf(properties, 'a:buChar') !== undefined;
    const hasNone = childOf(properties, 'a:buNone') !== undefined;
    if (hasNone || !(hasBullet || (isOutline && filled > 1) || level > 0)) {
      yield* flush();
      yield { text, block: 'paragraph' };
      continue;
    }
    counted.length = level + 1;
    const start = Number(number?.attributes.startAt ?? 1) || 1;
    counted[level] = number === undefined ? 0 : Math.max(start - 1, counted[level] ?? 0) + 1;
    lines.push(`${'  '.repeat(level)}${number === undefined ? '-' : `${counted[level]}.`} ${text}`);
  }
  yield* flush();
}

function* frame(element: XmlElement, context: SlideContext): Iterable<Draft> {
  for (const found of descendantsOf(element, 'a:tbl', 'c:chart', 'dgm:relIds', 'p:oleObj')) {
    if (found.name === 'a:tbl') yield* dataTable(tableRows(found), 0);
    else yield* context.parts.get(found.attributes['r:id'] ?? found.attributes['r:dm'] ?? '') ?? [];
  }
}

const isCovered = (mark: string | undefined): boolean => mark === '1' || mark === 'true';

function tableRows(table: XmlElement): readonly (readonly SpanningCell[])[] {
  return elementsOf(table)
    .filter((row) => row.name === 'a:tr')
    .map((row) =>
      elementsOf(row)
        .filter((cell) => cell.name === 'a:tc')
        .filter(({ attributes }) => !isCovered(attributes.hMerge) && !isCovered(attributes.vMerge))
        .map((cell) => ({
          text: shapeText(cell),
          rowSpan: Number(cell.attributes.rowSpan ?? 1),
          columnSpan: Number(cell.attributes.gridSpan ?? 1),
        })),
    );
}

/**
 * Shapes that stand in one row (they share more than half of the height of the lower one) are read from the left, rows from
 * above.
 */
function inReadingOrder(shapes: readonly Shape[]): readonly Shape[] {
  if (shapes.some(({ box }) => box === undefined)) return shapes;
  const placed = shapes.flatMap((shape) => (shape.box === undefined ? [] : [{ shape, box: shape.box }]));
  const rows: { readonly shape: Shape; readonly box: Box }[][] = [];
  for (const one of placed.sort((a, b) => a.box.y - b.box.y)) {
    const row = rows.at(-1);
    const [first] = row ?? [];
    const shared =
      first === undefined
        ? 0
        : Math.min(first.box.y + first.box.height, one.box.y + one.box.height) - one.box.y;
    const least = first === undefined ? 0 : Math.min(first.box.height, one.box.height);
    if (row !== undefined && shared > least / 2) row.push(one);
    else rows.push([one]);
  }
  return rows.flatMap((row) => row.sort((a, b) => a.box.x - b.box.x).map(({ shape }) => shape));
}
