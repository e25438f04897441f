import type { Point, Quad } from './gray-image.ts';

/**
 * From the map of a detector with differentiable binarization (DB, Liao et al. 2020, arXiv 1911.08947) to the boxes of
 * text: connected regions above a threshold, each in its smallest rectangle, which is grown again by as much as the
 * training had shrunk it.
 */
export interface TextMap {
  readonly width: number;
  readonly height: number;
  /** How likely each pixel is text, in 0…1. */
  readonly values: Float32Array;
}

/** PaddleOCR's own figures for PP-OCRv4 (`det_db_thresh`, `det_db_box_thresh`, `det_db_unclip_ratio`). */
const PIXEL_THRESHOLD = 0.3;
const BOX_THRESHOLD = 0.6;
const UNCLIP_RATIO = 1.5;
/** A region narrower than this, in the map's pixels, is dirt. */
const MIN_SIDE = 3;

export function textBoxes(map: TextMap): readonly Quad[] {
  const boxes: Quad[] = [];
  for (const region of regions(map)) {
    const rectangle = smallestRectangle(region.outline);
    if (rectangle === null || Math.min(rectangle.width, rectangle.height) < MIN_SIDE) continue;
    if (region.sum / region.count < BOX_THRESHOLD) continue;
    const { width, height } = rectangle;
    const grown = (width * height * UNCLIP_RATIO) / (2 * (width + height));
    boxes.push(cornersOf({ ...rectangle, width: width + 2 * grown, height: height + 2 * grown }));
  }
  return boxes;
}

interface Region {
  /** The outermost points of each of its rows: its convex hull is that of the region. */
  readonly outline: readonly Point[];
  readonly sum: number;
  readonly count: number;
}

/** Connected by sides and corners, filled with a stack. */
function* regions({ width, height, values }: TextMap): Iterable<Region> {
  const seen = new Uint8Array(width * height);
  for (let start = 0; start < values.length; start += 1) {
    if (seen[start] === 1 || (values[start] ?? 0) <= PIXEL_THRESHOLD) continue;
    const rows = new Map<number, { left: number; right: number }>();
    const stack = [start];
    seen[start] = 1;
    let sum = 0;
    let count = 0;
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      const x = at % width;
      const y = (at - x) / width;
      sum += values[at] ?? 0;
      count += 1;
      const row = rows.get(y);
      if (row === undefined) rows.set(y, { left: x, right: x });
      else {
        row.left = Math.min(row.left, x);
        row.right = Math.max(row.right, x);
      }
      for (let down = -1; down <= 1; down += 1) {
        for (let right = -1; right <= 1; right += 1) {
          const [column, line] = [x + right, y + down];
          if (column < 0 || line < 0 || column >= width || line >= height) continue;
          const next = line * width + column;
          if (seen[next] === 1 || (values[next] ?? 0) <= PIXEL_THRESHOLD) continue;
          seen[next] = 1;
          stack.push(next);
        }
      }
    }
    const outline = [...rows].flatMap(([y, { left, right }]) => [
      { x: left, y },
      { x: right + 1, y },
      { x: left, y: y + 1 },
      { x: right + 1, y: y + 1 },
    ]);
    yield { outline, sum, count };
  }
}

interface Rectangle {
  readonly centre: Point;
  /** Along `angle`. */
  readonly width: number;
  readonly height: number;
  /** Radians, clockwise from the x axis, in -π/4…π/4. */
  readonly angle: number;
}

/** One of its sides lies on a side of the convex hull (Freeman and Shapira 1975). */
function smallestRectangle(points: readonly Point[]): Rectangle | null {
  const hull = convexHull(points);
  let best: (Rectangle & { readonly area: number }) | null = null;
  for (const [at, from] of hull.entries()) {
    const to = hull[(at + 1) % hull.length];
    if (to === undefined) continue;
    const angle = quarterAngle(Math.atan2(to.y - from.y, to.x - from.x));
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    const along = hull.map(({ x, y }) => x * cos + y * sin);
    const across = hull.map(({ x, y }) => y * cos - x * sin);
    const [left, right] = [Math.min(...along), Math.max(...along)];
    const [top, bottom] = [Math.min(...across), Math.max(...across)];
    const area = (right - left) * (bottom - top);
    if (best !== null && best.area <= area) continue;
    const [u, v] = [(left + right) / 2, (top + bottom) / 2];
    best = {
      area,
      angle,
      width: right - left,
      height: bottom - top,
      centre: { x: u * cos - v * sin, y: u * sin + v * cos },
    };
  }
  return best;
}

/** The same direction, or the one across it, that is nearest to the x axis. */
function quarterAngle(angle: number): number {
  const quarter = Math.PI / 2;
  return angle - Math.round(angle / quarter) * quarter;
}

/** Andrew's monotone chain, clockwise on a picture whose y grows downwards. */
function convexHull(points: readonly Point[]): readonly Point[] {
  const sorted = points.toSorted((a, b) => a.x - b.x || a.y - b.y);
  const half = (ordered: readonly Point[]): Point[] => {
    const chain: Point[] = [];
    for (const point of ordered) {
      for (;;) {
        const [before, last] = [chain.at(-2), chain.at(-1)];
        if (before === undefined || last === undefined) break;
        const turn = (last.x - before.x) * (point.y - before.y) - (last.y - before.y) * (point.x - before.x);
        if (turn > 0) break;
        chain.pop();
      }
      chain.push(point);
    }
    chain.pop();
    return chain;
  };
  return [...half(sorted), ...half(sorted.toReversed())];
}

function cornersOf({ centre, width, height, angle }: Rectangle): Quad {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const corner = (right: number, down: number): Point => ({
    x: centre.x + (right * width * cos - down * height * sin) / 2,
    y: centre.y + (right * width * sin + down * height * cos) / 2,
  });
  return [corner(-1, -1), corner(1, -1), corner(1, 1), corner(-1, 1)];
}
