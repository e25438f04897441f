import type { Line } from './pdf-line.ts';

/**
 * What is repeated on the pages: running heads, footers, page numbers, stamps. A line is furniture if the same text, up to
 * its figures, stands at the same place at the edge of the page on at least three and at least half of the pages (of the
 * odd or of the even ones, where books alternate), and only other furniture stands between it and the edge. Its figures
 * stay the same or count with the pages. The heading of a table that goes on over pages also repeats, so what belongs to
 * the lines under it stays; and a title with a number that is set larger than the text is one of many titles.
 */
export interface FurnishedPage {
  readonly number: number;
  readonly height: number;
  readonly lines: readonly Line[];
}

/** Lines from the edge inwards that are looked at, and the share of the page in which they lie. */
const MAX_DEPTH = 5;
const EDGE = 0.2;
/** Places are compared in steps of so many points. */
const STEP = 8;
const LEAST_PAGES = 3;
/** Where pages are as long as what is on them, the number of a page is the last of it wherever that ends. */
const ANYWHERE = -1_000;
/** Furniture of two pages alone is believed if it is smaller than the text by this, or counts the pages. */
const SMALLER = 0.92;
const LARGER = 1.08;

interface Candidate {
  readonly line: Line;
  readonly page: number;
  readonly edge: 'top' | 'bottom';
  readonly place: number;
  readonly key: string;
  /** The line that comes next towards the middle of the page. */
  readonly inner: Line | undefined;
}

export function furnitureOf(pages: readonly FurnishedPage[]): ReadonlySet<Line> {
  const body = bodySize(pages);
  const candidates = pages.flatMap((page) => [...candidatesOf(page)]);
  const groups = Map.groupBy(candidates, ({ edge, key }) => `${edge} ${key}`);
  const repeated = new Set<Line>();
  for (const same of groups.values()) {
    const places = Map.groupBy(same, ({ place }) => place);
    for (const [place, here] of places) {
      const there = [...(places.get(place - 1) ?? []), ...here, ...(places.get(place + 1) ?? [])];
      if (!repeats(there, pages) || !countsPages(there)) continue;
      for (const { line, key } of here) {
        const isTitle = key.includes('#') && line.size > body * LARGER;
        if (!isTitle) repeated.add(line);
      }
    }
  }
  const found = new Set<Line>();
  for (const page of pages) {
    for (const edge of [fromTop(page), fromBottom(page)]) {
      for (const line of edge) {
        if (!repeated.has(line)) break;
        found.add(line);
      }
    }
    for (const line of page.lines) if (line.turned && repeated.has(line)) found.add(line);
  }
  return found;
}

/** The size of most characters. */
function bodySize(pages: readonly FurnishedPage[]): number {
  const lengths = new Map<number, number>();
  for (const { text, size } of pages.flatMap(({ lines }) => lines)) {
    lengths.set(size, (lengths.get(size) ?? 0) + text.length);
  }
  return [...lengths].reduce((best, next) => (next[1] > best[1] ? next : best), [0, 0])[0];
}

function* candidatesOf(page: FurnishedPage): Iterable<Candidate> {
  const { height, number } = page;
  for (const [edge, lines] of [
    ['top', fromTop(page)],
    ['bottom', fromBottom(page)],
  ] as const) {
    const [outermost] = lines;
    if (outermost !== undefined && keyOf(outermost.text) === '#') {
      yield { line: outermost, page: number, edge, place: ANYWHERE, key: '#', inner: lines[1] };
    }
    for (const [depth, line] of lines.slice(0, MAX_DEPTH).entries()) {
      const distance = edge === 'top' ? height - line.y0 : line.y0;
      if (distance > height * EDGE) break;
      const inner = lines.slice(depth + 1).find((one) => Math.abs(one.y0 - line.y0) > line.size / 2);
      if (inner !== undefined && isRowAbove(line, inner)) continue;
      yield { line, page: number, edge, place: Math.round(distance / STEP), key: keyOf(line.text), inner };
    }
  }
  for (const line of page.lines) {
    if (!line.turned) continue;
    const place = Math.round(line.x0 / STEP);
    yield { line, page: number, edge: 'top', place, key: `turned ${keyOf(line.text)}`, inner: undefined };
  }
}

const upright = ({ lines }: FurnishedPage): readonly Line[] => lines.filter((line) => !line.turned);
const fromTop = (page: FurnishedPage): readonly Line[] => upright(page).toSorted((a, b) => b.y0 - a.y0);
const fromBottom = (page: FurnishedPage): readonly Line[] => upright(page).toSorted((a, b) => a.y0 - b.y0);

const ROMAN = /^[ivxlcdm]+$/;

function keyOf(text: string): string {
  const plain = text.toLowerCase().replace(/\s+/g, '');
  return ROMAN.test(plain) ? '#' : plain.replace(/\p{N}+/gu, '#');
}

/** Whether two lines are rows of one table: cells that begin at the same places, with no more than a row's space between. */
const isRowAbove = (line: Line, inner: Line): boolean =>
  line.cells.length >= 2 &&
  Math.abs(line.y0 - inner.y0) < line.size * 2.6 &&
  line.cells.filter(({ x0, x1 }) =>
    inner.cells.some((cell) => Math.abs(cell.x0 - x0) < 3 || Math.abs(cell.x1 - x1) < 3),
  ).length >= 2;

function repeats(same: readonly Candidate[], pages: readonly FurnishedPage[]): boolean {
  const on = new Set(same.map(({ page }) => page));
  if (pages.length === 2 && on.size === 2) return same.every(standsApart);
  if (on.size < LEAST_PAGES) return false;
  if (on.size * 2 >= pages.length) return true;
  const parities = new Set([...on].map((page) => page % 2));
  return parities.size === 1 && on.size * 4 >= pages.length;
}

/** On two pages alone, chance may repeat a line: it must be set smaller than the text, or count, and stand off. */
function standsApart({ line, inner, key }: Candidate): boolean {
  if (inner === undefined) return true;
  const isSmall = line.size <= inner.size * SMALLER;
  return (isSmall || key.includes('#')) && Math.abs(line.y0 - inner.y0) > inner.size * 2;
}

/** Every figure in it is the same on most pages, or counts as they do: a column of figures may reach down to the edge. */
function countsPages(same: readonly Candidate[]): boolean {
  if (!(same[0]?.key ?? '').includes('#')) return true;
  const figures = same.map(({ line, page }) => ({
    page,
    numbers: line.text.match(/\p{N}+/gu)?.map(Number) ?? [],
  }));
  const width = Math.max(...figures.map(({ numbers }) => numbers.length));
  return Array.from({ length: width }, (_, at) => at).every((at) => {
    const values = figures.map(({ numbers }) => numbers[at] ?? 0);
    const offsets = figures.map(({ numbers, page }) => (numbers[at] ?? 0) - page);
    return Math.max(most(values), most(offsets)) * 2 >= figures.length;
  });
}

/** How often the most frequent value is there. */
function most(values: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return Math.max(0, ...counts.values());
}
