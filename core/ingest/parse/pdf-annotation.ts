import { moved, type PageFrame } from './pdf-frame.ts';
import type { TextItem } from './pdf-text.ts';

/** What pdf.js says of an annotation (ISO 32000-1, 12.5); only what we read. */
export interface Annotation {
  readonly subtype?: string;
  readonly fieldType?: string | null;
  readonly fieldValue?: unknown;
  readonly exportValue?: string;
  readonly buttonValue?: string | null;
  readonly checkBox?: boolean;
  readonly radioButton?: boolean;
  readonly password?: boolean;
  readonly hidden?: boolean;
  readonly options?: readonly { readonly exportValue?: string | null; readonly displayValue?: string }[];
  readonly rect?: readonly number[];
  readonly contentsObj?: { readonly str: string };
  readonly titleObj?: { readonly str: string };
}

/** The name under which filled-in values appear among the page's fonts. */
export const FIELD_FONT = 'field';
/** Type in fields is set at this size (points) at most. */
const FIELD_SIZE = 12;

/** Values of form fields, ticks and choices as text at their places among the text of the page. */
export function withFields(
  items: readonly TextItem[],
  annotations: readonly Annotation[],
  frame: PageFrame,
): readonly TextItem[] {
  const all = [...items];
  for (const annotation of annotations) {
    const text = stateOf(annotation);
    const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = annotation.rect ?? [];
    if (text === '' || annotation.rect === undefined) continue;
    const turnsOver = Math.abs(moved(frame.matrix, 1, 0)[1] - moved(frame.matrix, 0, 0)[1]) > 0.5;
    const height = Math.max(4, turnsOver ? x1 - x0 : y1 - y0);
    const size = Math.min(FIELD_SIZE, height * 0.8);
    const lines = text.split(/\r\n?|\n/).filter((line) => line.trim() !== '');
    for (const [at, line] of lines.entries()) {
      const baseline = lines.length > 1 ? height - size * (1 + at * 1.2) : (height - size) / 2 + size * 0.15;
      const item: TextItem = {
        str: line,
        transform: turnsOver ? [0, size, -size, 0, x1 - baseline, y0] : [size, 0, 0, size, x0, y0 + baseline],
        width: Math.min(turnsOver ? y1 - y0 : x1 - x0, line.length * size * 0.5),
        height: size,
        fontName: FIELD_FONT,
      };
      all.splice(placeAmong(all, item, frame), 0, item);
    }
  }
  return all;
}

function stateOf(annotation: Annotation): string {
  const { subtype, fieldType, fieldValue, hidden, password } = annotation;
  if (subtype !== 'Widget' || hidden === true || password === true) return '';
  if (fieldType === 'Btn') {
    if (annotation.checkBox === true) return isOn(fieldValue, annotation.exportValue) ? '[x]' : '[ ]';
    if (annotation.radioButton === true) return isOn(fieldValue, annotation.buttonValue) ? '[x]' : '[ ]';
    return '';
  }
  const values = Array.isArray(fieldValue) ? fieldValue : [fieldValue];
  return values
    .filter((value): value is string => typeof value === 'string')
    .map((value) => annotation.options?.find((one) => one.exportValue === value)?.displayValue ?? value)
    .join(', ')
    .trim();
}

const isOn = (value: unknown, on: string | null | undefined): boolean =>
  typeof value === 'string' && value !== 'Off' && value !== '' && (on == null || on === value);

/** Behind what stands left of it on its line, else before what stands right of it, else behind what stands above it. */
function placeAmong(items: readonly TextItem[], item: TextItem, frame: PageFrame): number {
  const [x, y] = originOf(item, frame);
  const size = item.height;
  let left = { at: -1, x: Number.NEGATIVE_INFINITY };
  let right = { at: -1, x: Number.POSITIVE_INFINITY };
  let above = { at: -1, y: Number.POSITIVE_INFINITY };
  for (const [at, other] of items.entries()) {
    if (other.str.trim() === '') continue;
    const [ox, oy] = originOf(other, frame);
    if (Math.abs(oy - y) < size * 0.7) {
      if (ox <= x && ox > left.x) left = { at, x: ox };
      if (ox > x && ox < right.x) right = { at, x: ox };
    } else if (oy > y && oy <= above.y) above = { at, y: oy };
  }
  if (right.at >= 0 && right.x - x < size * 3) return right.at;
  if (left.at >= 0) return left.at + 1;
  return right.at >= 0 ? right.at : above.at + 1;
}

const originOf = ({ transform }: TextItem, frame: PageFrame): readonly [number, number] =>
  moved(frame.matrix, transform[4] ?? 0, transform[5] ?? 0);

const REMARKING = new Set([
  'Text',
  'FreeText',
  'Highlight',
  'Underline',
  'Squiggly',
  'StrikeOut',
  'Caret',
  'Stamp',
  'Square',
  'Circle',
  'Line',
  'Polygon',
  'Ink',
]);

export interface Comment {
  readonly text: string;
  /** In the file's coordinates. */
  readonly rect: readonly number[];
}

/** What people have written onto the page. */
export function commentsOf(annotations: readonly Annotation[]): readonly Comment[] {
  return annotations.flatMap(({ subtype = '', hidden, contentsObj, titleObj, rect = [] }) => {
    const said = contentsObj?.str.trim() ?? '';
    if (!REMARKING.has(subtype) || hidden === true || said === '') return [];
    const author = titleObj?.str.trim() ?? '';
    const text = subtype === 'FreeText' ? said : `[Comment${author === '' ? '' : ` by ${author}`}: ${said}]`;
    return [{ text, rect }];
  });
}
