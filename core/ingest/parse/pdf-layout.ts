import type { Draft } from '../block.ts';

/** A line of a page: box in PDF points, origin bottom left; `size` is the largest font's. */
export interface Line {
  readonly page: number;
  readonly text: string;
  readonly size: number;
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/** Baselines of one paragraph lie at most this many font sizes apart; 1.2 is usual, 1.5 is «one and a half». */
const LINE_SPACING = 1.75;
/** A heading is set this much larger than the body. */
const HEADING_RATIO = 1.15;
const MAX_HEADING_LENGTH = 200;
const BULLET = /^\s*(?:[•◦▪●■‣∙*–-]|\(?\d{1,2}[.)]|\(?[a-z][.)])\s+\S/u;

/** Groups lines into headings, lists and paragraphs, keeping their order. */
export function layOut(lines: readonly Line[]): readonly Draft[] {
  const body = bodySize(lines);
  const levels = headingLevels(lines, body);
  const drafts: Draft[] = [];
  for (const group of groups(lines, body)) {
    const text = joinLines(group);
    const first = group[0];
    if (first === undefined || text.trim() === '') continue;
    const place = { page: first.page, bbox: boxOf(group) };
    const level = levels.get(rounded(first.size));
    if (level !== undefined && text.length <= MAX_HEADING_LENGTH && /\p{L}/u.test(text)) {
      drafts.push({ text, block: 'heading', level, ...place });
    } else {
      drafts.push({ text, block: BULLET.test(first.text) ? 'list' : 'paragraph', ...place });
    }
  }
  return drafts;
}

const rounded = (size: number): number => Math.round(size * 2) / 2;

/** The size in which most characters are set. */
function bodySize(lines: readonly Line[]): number {
  const characters = new Map<number, number>();
  for (const { size, text } of lines) {
    characters.set(rounded(size), (characters.get(rounded(size)) ?? 0) + text.length);
  }
  return [...characters].reduce((best, next) => (next[1] > best[1] ? next : best), [0, 0])[0];
}

/** Larger sizes are higher headings; six levels, as in HTML. */
function headingLevels(lines: readonly Line[], body: number): ReadonlyMap<number, number> {
  const sizes = new Set(
    lines.map((line) => rounded(line.size)).filter((size) => size >= body * HEADING_RATIO),
  );
  return new Map([...sizes].toSorted((a, b) => b - a).map((size, index) => [size, Math.min(index + 1, 6)]));
}

function groups(lines: readonly Line[], body: number): readonly (readonly Line[])[] {
  const found: Line[][] = [];
  let current: Line[] = [];
  for (const line of lines) {
    const previous = current.at(-1);
    if (previous !== undefined && !continues(previous, line, body, current)) {
      found.push(current);
      current = [];
    }
    current.push(line);
  }
  if (current.length > 0) found.push(current);
  return found;
}

function continues(previous: Line, line: Line, body: number, group: readonly Line[]): boolean {
  const isHeading = (one: Line) => one.size >= body * HEADING_RATIO;
  if (isHeading(previous) !== isHeading(line)) return false;
  if (isHeading(line) && rounded(previous.size) !== rounded(line.size)) return false;
  if (previous.page !== line.page) return false;
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

function boxOf(group: readonly Line[]): readonly [number, number, number, number] {
  const point = (value: number) => Math.round(value * 100) / 100;
  return [
    point(Math.min(...group.map((line) => line.x0))),
    point(Math.min(...group.map((line) => line.y0))),
    point(Math.max(...group.map((line) => line.x1))),
    point(Math.max(...group.map((line) => line.y1))),
  ];
}
