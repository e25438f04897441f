import type { Draft } from '../block.ts';
import { boxOf, type Line } from './pdf-line.ts';
import { tableDrafts, tableLength } from './pdf-table.ts';

/** Baselines of one paragraph lie at most this many font sizes apart; 1.2 is usual, 1.5 is "one and a half". */
const LINE_SPACING = 1.75;
/** A heading is set this much larger than the body. */
const HEADING_RATIO = 1.15;
const MAX_HEADING_LENGTH = 200;
const BULLET = /^\s*(?:[•◦▪●■‣∙*–-]|\(?\d{1,2}[.)]|\(?[a-z][.)])\s+\S/u;

/** Groups lines into headings, lists, tables and paragraphs, keeping their order. */
export function layOut(lines: readonly Line[]): readonly Draft[] {
  const style = styleOf(lines);
  const drafts: Draft[] = [];
  let text: Line[] = [];
  for (let at = 0; at < lines.length; ) {
    const length = tableLength(lines, at);
    if (length > 0) {
      drafts.push(...textDrafts(text, style), ...tableDrafts(lines.slice(at, at + length)));
      text = [];
      at += length;
    } else {
      text.push(...lines.slice(at, at + 1));
      at += 1;
    }
  }
  return [...drafts, ...textDrafts(text, style)];
}

/** How the document's running text is set, and which larger sizes it uses for headings. */
interface Style {
  readonly size: number;
  readonly font: string;
  readonly levels: ReadonlyMap<number, number>;
}

function styleOf(lines: readonly Line[]): Style {
  const size = mostUsed(lines, (line) => rounded(line.size)) ?? 0;
  const font = mostUsed(lines, (line) => line.font) ?? '';
  const larger = new Set(
    lines.map((line) => rounded(line.size)).filter((one) => one >= size * HEADING_RATIO),
  );
  const levels = [...larger].toSorted((a, b) => b - a).map((one, at) => [one, Math.min(at + 1, 6)] as const);
  return { size, font, levels: new Map(levels) };
}

/** What most characters have. */
function mostUsed<Key>(lines: readonly Line[], keyOf: (line: Line) => Key): Key | undefined {
  const lengths = new Map<Key, number>();
  for (const line of lines) lengths.set(keyOf(line), (lengths.get(keyOf(line)) ?? 0) + line.text.length);
  return [...lengths].toSorted((a, b) => b[1] - a[1])[0]?.[0];
}

function* textDrafts(lines: readonly Line[], style: Style): Iterable<Draft> {
  const all = groups(lines, style);
  for (const [at, group] of all.entries()) {
    const text = joinLines(group);
    const first = group[0];
    if (first === undefined || text.trim() === '') continue;
    const place = { page: first.page, bbox: boxOf(group) };
    const level = headingLevel(group, text, all[at + 1]?.[0], style);
    if (level !== null) yield { text, block: 'heading', level, ...place };
    else yield { text, block: BULLET.test(first.text) ? 'list' : 'paragraph', ...place };
  }
}

/** Larger than the running text, or in another font straight above it (bold, as a rule). */
function headingLevel(
  group: readonly Line[],
  text: string,
  next: Line | undefined,
  style: Style,
): number | null {
  const first = group[0];
  if (first === undefined || text.length > MAX_HEADING_LENGTH || !/\p{L}/u.test(text)) return null;
  const level = style.levels.get(rounded(first.size));
  if (level !== undefined) return level;
  const above =
    next !== undefined && next.font === style.font && next.page === first.page && next.y0 < first.y0;
  const titled =
    isAccented(first, style) && group.length <= 2 && !/[.,;:]$/.test(text) && !CAPTION.test(text);
  return above && titled ? Math.min(style.levels.size + 1, 6) : null;
}

const CAPTION = /^(?:fig(?:ure|\.)?|table|listing|chart|box)\b/i;

const isAccented = (line: Line, style: Style): boolean =>
  line.uniform &&
  line.font !== style.font &&
  line.size >= style.size * 0.95 &&
  line.text.length <= MAX_HEADING_LENGTH / 2 &&
  !BULLET.test(line.text);

const rounded = (size: number): number => Math.round(size * 2) / 2;

function groups(lines: readonly Line[], style: Style): readonly (readonly Line[])[] {
  const found: Line[][] = [];
  let current: Line[] = [];
  for (const line of lines) {
    const previous = current.at(-1);
    if (previous !== undefined && !continues(previous, line, style, current)) {
      found.push(current);
      current = [];
    }
    current.push(line);
  }
  if (current.length > 0) found.push(current);
  return found;
}

function continues(previous: Line, line: Line, style: Style, group: readonly Line[]): boolean {
  const isHeading = (one: Line) => one.size >= style.size * HEADING_RATIO;
  if (isHeading(previous) !== isHeading(line)) return false;
  if (isHeading(line) && rounded(previous.size) !== rounded(line.size)) return false;
  if (previous.page !== line.page) return false;
  if (group.length === 1 && isAccented(previous, style) && line.font === style.font) return false;
  const below = previous.y0 - line.y0;
  const size = Math.max(previous.size, line.size);
  if (below >= 0 && below <= size * LINE_SPACING) {
    const listed = BULLET.test(group[0]?.text ?? '');
    return !BULLET.test(line.text) || listed;
  }
  // The next column: the sentence goes on where the line above broke off.
  return below < 0 && /[\p{L},]\s*$/u.test(previous.text) && /^\s*\p{Ll}/u.test(line.text);
}

/** A hyphen at a line's end between two small letters was put there by the typesetter. */
function joinLines(group: readonly Line[]): string {
  let text = '';
  for (const line of group) {
    const next = line.text.replace(/\s+/g, ' ').trim();
    if (text === '') text = next;
    else if (BULLET.test(next)) text += `\n${next}`;
    else if (/\p{Ll}[-\u00AD]$/u.test(text) && /^\p{Ll}/u.test(next)) text = text.slice(0, -1) + next;
    else text += ` ${next}`;
  }
  return text;
}
