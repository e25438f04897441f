/** Anything with a place, y growing downwards. */
export interface Placed {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
  readonly text: string;
}

/** A column has at least so many lines. */
const MIN_COLUMN = 4;
/** Lines of a column of prose are longer than cells of a table. */
const MIN_PROSE = 22;
/** A line that is wider than this share of the region goes over its columns: a title. */
const WIDE = 0.6;
/** Stretches of text share a row when they overlap by this share of the lower one's height. */
const SAME_ROW = 0.5;

/**
 * Rows of text in the order in which they are read, each from left to right: down the first column, then the second,
 * interrupted by what goes over both. Recursive, as XY cuts are (Nagy and Seth 1984), but a gap parts columns only where
 * prose stands on both sides of it: between the cells of a table it belongs to the rows.
 */
export function inReadingOrder<Item extends Placed>(items: readonly Item[]): readonly (readonly Item[])[] {
  const gap = columnGap(items);
  if (gap === null) return rowsOf(items);
  const isOver = (item: Item): boolean => item.x0 < gap && item.x1 > gap;
  const ordered: (readonly Item[])[] = [];
  let between: Item[] = [];
  const flush = (): void => {
    ordered.push(
      ...inReadingOrder(between.filter(({ x1 }) => x1 <= gap)),
      ...inReadingOrder(between.filter(({ x0 }) => x0 >= gap)),
    );
    between = [];
  };
  for (const item of items.toSorted((a, b) => a.y0 - b.y0)) {
    if (!isOver(item)) between.push(item);
    else {
      flush();
      ordered.push([item]);
    }
  }
  flush();
  return ordered;
}

/** The x of a vertical gap with prose on both sides; null where there is none. */
function columnGap(items: readonly Placed[]): number | null {
  if (items.length < 2 * MIN_COLUMN) return null;
  const left = Math.min(...items.map(({ x0 }) => x0));
  const right = Math.max(...items.map(({ x1 }) => x1));
  const narrow = items.filter(({ x0, x1 }) => x1 - x0 < (right - left) * WIDE);
  const height = median(narrow.map(({ y0, y1 }) => y1 - y0));
  let best: { readonly x: number; readonly width: number } | null = null;
  let reached = left;
  for (const { x0, x1 } of narrow.toSorted((a, b) => a.x0 - b.x0)) {
    const width = x0 - reached;
    if (width > height * 0.5 && (best === null || width > best.width)) {
      const x = reached + width / 2;
      if (isProse(narrow.filter((one) => one.x1 <= x)) && isProse(narrow.filter((one) => one.x0 >= x))) {
        best = { x, width };
      }
    }
    reached = Math.max(reached, x1);
  }
  return best?.x ?? null;
}

const isProse = (items: readonly Placed[]): boolean =>
  items.length >= MIN_COLUMN && median(items.map(({ text }) => text.length)) >= MIN_PROSE;

function rowsOf<Item extends Placed>(items: readonly Item[]): readonly (readonly Item[])[] {
  const rows: Item[][] = [];
  for (const item of items.toSorted((a, b) => middle(a) - middle(b))) {
    const row = rows.at(-1);
    const first = row?.[0];
    if (row !== undefined && first !== undefined && overlap(first, item) > SAME_ROW) row.push(item);
    else rows.push([item]);
  }
  return rows.map((row) => row.toSorted((a, b) => a.x0 - b.x0));
}

const middle = ({ y0, y1 }: Placed): number => (y0 + y1) / 2;

const overlap = (a: Placed, b: Placed): number =>
  (Math.min(a.y1, b.y1) - Math.max(a.y0, b.y0)) / Math.max(1, Math.min(a.y1 - a.y0, b.y1 - b.y0));

export function median(values: readonly number[]): number {
  const ordered = values.toSorted((a, b) => a - b);
  return ordered[Math.floor(ordered.length / 2)] ?? 0;
}
