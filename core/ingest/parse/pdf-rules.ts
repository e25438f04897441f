import { composed, type Matrix, moved } from './pdf-frame.ts';
import type { Rule, Rules } from './pdf-line.ts';

/** pdf.js's list of drawing operators of a page; `OPS` names their numbers. */
export interface Drawing {
  readonly fnArray: readonly number[];
  readonly argsArray: readonly unknown[];
}

export type OperatorNumbers = Readonly<Record<string, number>>;

/** What deviates less than this (points) from lying or standing is so. */
const STRAIGHT = 0.8;
/** A filled rectangle up to this thick (points) is a rule. */
const THICK = 3.2;
/** Shorter strokes (points) are parts of letters, ticks and arrows. */
const SHORTEST = 4;
/** Pieces of one rule, such as dashes and the edges of neighbouring cells, lie this close (points). */
const JOINED = 3;
/** A drawing of more pieces is a picture (a map, a chart), whose rules make no table. */
const MOST_PIECES = 20_000;

/** The straight lying and standing strokes and thin fills of a page, pieces of one joined. */
export function rulesOf({ fnArray, argsArray }: Drawing, operators: OperatorNumbers, frame: Matrix): Rules {
  const lying: Rule[] = [];
  const standing: Rule[] = [];
  const stack: Matrix[] = [];
  let matrix = frame;
  const { transform, save, restore, constructPath, paintFormXObjectBegin, paintFormXObjectEnd } = operators;
  const strokes = namesIn(operators, /stroke/i);
  const fills = namesIn(operators, /fill/i);
  const add = (ax: number, ay: number, bx: number, by: number) => {
    const [fromX, toX] = ax < bx ? [ax, bx] : [bx, ax];
    const [fromY, toY] = ay < by ? [ay, by] : [by, ay];
    if (toY - fromY <= STRAIGHT && toX - fromX >= SHORTEST)
      lying.push({ at: (ay + by) / 2, from: fromX, to: toX });
    if (toX - fromX <= STRAIGHT && toY - fromY >= SHORTEST)
      standing.push({ at: (ax + bx) / 2, from: fromY, to: toY });
  };
  for (const [at, operator] of fnArray.entries()) {
    const args = argsArray[at];
    if (operator === save) stack.push(matrix);
    else if (operator === restore || operator === paintFormXObjectEnd) matrix = stack.pop() ?? frame;
    else if (operator === transform && isMatrix(args)) matrix = composed(matrix, args);
    else if (operator === paintFormXObjectBegin) {
      stack.push(matrix);
      const inner = Array.isArray(args) ? args[0] : null;
      if (isMatrix(inner)) matrix = composed(matrix, inner);
    } else if (operator === constructPath && Array.isArray(args)) {
      const [painting, [path] = [null]] = args as [number, [ArrayLike<number> | null]];
      if (path === null || path === undefined) continue;
      for (const points of subpaths(path, matrix)) {
        if (strokes.has(painting)) {
          for (const [one, next] of pairs(points)) add(one[0], one[1], next[0], next[1]);
        } else if (fills.has(painting)) {
          addThin(points, add);
        }
      }
    }
    if (lying.length + standing.length > MOST_PIECES) return { lying: [], standing: [] };
  }
  return { lying: joined(lying), standing: joined(standing) };
}

const namesIn = (operators: OperatorNumbers, name: RegExp): ReadonlySet<number> =>
  new Set(
    Object.entries(operators)
      .filter(([one]) => name.test(one) && !one.startsWith('set'))
      .map(([, number]) => number),
  );

const isMatrix = (value: unknown): value is Matrix =>
  Array.isArray(value) && value.length === 6 && value.every((one) => typeof one === 'number');

type Point = readonly [number, number];

/** pdf.js's paths: 0 move, 1 line, 2 and 3 curves, 4 close, each before its coordinates. A path with a curve has no rules. */
function* subpaths(path: ArrayLike<number>, matrix: Matrix): Iterable<readonly Point[]> {
  let points: Point[] = [];
  const point = (at: number) => moved(matrix, path[at] ?? 0, path[at + 1] ?? 0);
  for (let at = 0; at < path.length; ) {
    switch (path[at]) {
      case 0:
        if (points.length > 1) yield points;
        points = [point(at + 1)];
        at += 3;
        break;
      case 1:
        points.push(point(at + 1));
        at += 3;
        break;
      case 2:
        points = [point(at + 5)];
        at += 7;
        break;
      case 3:
        points = [point(at + 3)];
        at += 5;
        break;
      case 4:
        points.push(...points.slice(0, 1));
        at += 1;
        break;
      default:
        return;
    }
  }
  if (points.length > 1) yield points;
}

function* pairs(points: readonly Point[]): Iterable<readonly [Point, Point]> {
  for (const [at, point] of points.entries()) {
    const next = points[at + 1];
    if (next !== undefined) yield [point, next];
  }
}

function addThin(
  points: readonly Point[],
  add: (ax: number, ay: number, bx: number, by: number) => void,
): void {
  if (points.length < 4 || points.length > 6) return;
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  const [x0, x1] = [Math.min(...xs), Math.max(...xs)];
  const [y0, y1] = [Math.min(...ys), Math.max(...ys)];
  if (y1 - y0 <= THICK && x1 - x0 > y1 - y0) add(x0, (y0 + y1) / 2, x1, (y0 + y1) / 2);
  else if (x1 - x0 <= THICK && y1 - y0 > x1 - x0) add((x0 + x1) / 2, y0, (x0 + x1) / 2, y1);
}

/** Pieces on one line that touch or nearly do, as one; sorted by their place. */
function joined(pieces: readonly Rule[]): readonly Rule[] {
  const groups: Rule[][] = [];
  for (const piece of pieces.toSorted((a, b) => a.at - b.at)) {
    const group = groups.at(-1);
    const first = group?.[0];
    if (group !== undefined && first !== undefined && piece.at - first.at <= JOINED) group.push(piece);
    else groups.push([piece]);
  }
  return groups.flatMap((group) => {
    const found: { at: number; from: number; to: number }[] = [];
    for (const { at, from, to } of group.toSorted((a, b) => a.from - b.from)) {
      const last = found.at(-1);
      if (last !== undefined && from - last.to <= JOINED) last.to = Math.max(last.to, to);
      else found.push({ at, from, to });
    }
    return found;
  });
}
