import type { Line } from './pdf-line.ts';
import { BULLET } from './pdf-paragraph.ts';

/** A heading is set this much larger than the body. */
const HEADING_RATIO = 1.15;
const MAX_HEADING_LENGTH = 200;

/** How the document's running text is set, and which larger sizes it uses for headings. */
export interface Style {
  readonly size: number;
  readonly font: string;
  /** Whether the running text itself is bold: then boldness says nothing. */
  readonly bold: boolean;
  /** The length of a usual full line, in points. */
  readonly measure: number;
  readonly levels: ReadonlyMap<number, number>;
  readonly outline: ReadonlyMap<string, number>;
}

export function styleOf(lines: readonly Line[], outline: ReadonlyMap<string, number>): Style {
  const size = mostUsed(lines, (line) => rounded(line.size)) ?? 0;
  const font = mostUsed(lines, (line) => line.font) ?? '';
  const bold = mostUsed(lines, (line) => line.bold) ?? false;
  const larger = new Set(
    lines
      .filter((line) => isWorded(line.text))
      .map((line) => rounded(line.size))
      .filter((one) => one >= size * HEADING_RATIO),
  );
  const levels = [...larger].toSorted((a, b) => b - a).map((one, at) => [one, Math.min(at + 1, 6)] as const);
  const lengths = lines.map((line) => line.x1 - line.x0).toSorted((a, b) => a - b);
  const measure = lengths[Math.floor(lengths.length * 0.9)] ?? 0;
  return { size, font, bold, measure, levels: new Map(levels), outline };
}

/** What most characters have. */
function mostUsed<Key>(lines: readonly Line[], keyOf: (line: Line) => Key): Key | undefined {
  const lengths = new Map<Key, number>();
  for (const line of lines) lengths.set(keyOf(line), (lengths.get(keyOf(line)) ?? 0) + line.text.length);
  return [...lengths].toSorted((a, b) => b[1] - a[1])[0]?.[0];
}

export const rounded = (size: number): number => Math.round(size * 2) / 2;

export const isLarger = (line: Line, style: Style): boolean => line.size >= style.size * HEADING_RATIO;

/** More letters than figures: "94 %" in large type shows a figure, it heads nothing. */
const isWorded = (text: string): boolean => {
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  return letters > 1 && letters >= (text.match(/\p{N}/gu)?.length ?? 0);
};

const CAPTION = /^(?:fig(?:ure|\.)?|table|listing|chart|box|abb(?:ildung|\.)|tab(?:elle|\.))\s*\d/i;
/** The number of a section before its title. */
export const SECTION =
  /^(?:\(?(?:\d{1,2}|[A-Z]|[IVX]{1,4})[.)]|\d{1,2}(?:\.\d{1,2})+\.?|§\s?\d+|(?:chapter|section|part|article|kapitel|teil|artikel)\s+\w+)\s+\p{Lu}/iu;

export const outlineKey = (title: string): string => title.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');

/** A line that is set like a heading in the size of the text: all of it bold, or in another font, and short. */
export function isTitle(line: Line, style: Style): boolean {
  if (line.text.length > MAX_HEADING_LENGTH / 2 || line.size < style.size * 0.95) return false;
  if (line.cells.length > 2 || !isWorded(line.text)) return false;
  const set = style.bold ? line.uniform && line.font !== style.font : line.bold && line.uniform;
  const isOther = line.uniform && line.font !== style.font && !style.bold;
  return (set || isOther) && (!BULLET.test(line.text) || SECTION.test(line.text));
}

/**
 * The level of a heading; null for text. A heading stands in the document's outline, or is larger than the running text,
 * or is set apart in its size straight above it.
 */
export function headingLevel(
  group: readonly Line[],
  text: string,
  next: Line | 'table' | null,
  style: Style,
): number | null {
  const first = group[0];
  if (first === undefined || first.turned || text.length > MAX_HEADING_LENGTH || !isWorded(text)) return null;
  const listed = style.outline.get(outlineKey(text));
  if (listed !== undefined && group.length <= 3 && !/[.,;]$/.test(text)) return listed;
  const level = style.levels.get(rounded(first.size));
  if (level !== undefined) return level;
  if (group.length > 2 || !group.every((line) => isTitle(line, style))) return null;
  if (/[.,;:]$/.test(text) && !SECTION.test(text)) return null;
  if (CAPTION.test(text)) return null;
  if (next === null || (next !== 'table' && isTitle(next, style) && next.size >= first.size)) return null;
  return first.bold || (next !== 'table' && next.font === style.font)
    ? Math.min(style.levels.size + sectionDepth(text), 6)
    : null;
}

/** How deep a numbered section lies: 1 for "2 Scope" and unnumbered ones, 2 for "2.1 Drivers". */
const sectionDepth = (text: string): number => /^\d+(?:\.\d+)+/.exec(text)?.[0].split('.').length ?? 1;
