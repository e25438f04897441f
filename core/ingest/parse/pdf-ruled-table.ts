import { type Box, type Line, partOf, type Rule, type Rules } from './pdf-line.ts';
import { type FoundTable, joinedCell, NUMERIC } from './pdf-table.ts';
import type { TableCell } from './table.ts';

/**
 * Tables whose cells are drawn: lying and standing rules that meet make a grid, and where a piece of rule between two
 * fields of it is missing, a cell spans both. A grid that has several columns of text within its fields is only a frame,
 * and left to the geometry of the text.
 */

/** Rules meet if their ends are this close (points). */
const MEETING = 3;
/** A rule bounds a field if it runs along this share of its side. */
const ALONG = 0.6;
const MAX_FIELDS = 4_000;
/** A drawing with fewer filled fields is a form without entries, a chart or a diagram. */
const LEAST_FILLED = 0.3;

interface Grid {
  /** Ascending. */
  readonly xs: readonly number[];
  /** Descending: rows are read from the top. */
  readonly ys: readonly number[];
  readonly lying: readonly Rule[];
  readonly standing: readonly Rule[];
}

/** The lines with drawn tables in the places of their first lines. A line that runs through tables beside each other is cut. */
export function withRuledTables(lines: readonly Line[], rules: Rules): readonly (Line | FoundTable)[] {
  let sequence: readonly (Line | FoundTable)[] = lines;
  for (const grid of gridsOf(rules)) {
    const [left, right] = [grid.xs[0] ?? 0, grid.xs.at(-1) ?? 0];
    const cut = sequence.flatMap((one): readonly (Line | FoundTable)[] =>
      isLine(one) && meets(one, grid) ? cutAt(one, left, right) : [one],
    );
    const table = tableIn(
      grid,
      cut.filter((one) => isLine(one)),
    );
    if (table === null) continue;
    const taken = new Set<Line | FoundTable>(table.lines);
    const first = cut.findIndex((one) => taken.has(one));
    sequence = cut.flatMap((one, at): readonly (Line | FoundTable)[] =>
      at === first ? [table] : taken.has(one) ? [] : [one],
    );
  }
  return sequence;
}

export const isLine = (one: Line | FoundTable): one is Line => 'cells' in one;

const meets = (line: Line, { ys }: Grid): boolean =>
  !line.turned && line.y0 < (ys[0] ?? 0) && line.y1 > (ys.at(-1) ?? 0);

const middleOf = ({ x0, x1 }: Pick<Line, 'x0' | 'x1'>): number => (x0 + x1) / 2;

const cutAt = (line: Line, left: number, right: number): readonly Line[] => [
  ...partOf(line, (cell) => middleOf(cell) < left),
  ...partOf(line, (cell) => middleOf(cell) >= left && middleOf(cell) <= right),
  ...partOf(line, (cell) => middleOf(cell) > right),
];

function gridsOf({ lying, standing }: Rules): readonly Grid[] {
  const groups: { lying: Rule[]; standing: Rule[] }[] = [];
  for (const rule of lying) {
    const met = standing.filter((other) => meet(rule, other));
    const touching = groups.filter((group) => met.some((one) => group.standing.includes(one)));
    const group = { lying: [rule], standing: [...met] };
    for (const other of touching) {
      group.lying.push(...other.lying);
      group.standing.push(...other.standing.filter((one) => !group.standing.includes(one)));
      groups.splice(groups.indexOf(other), 1);
    }
    groups.push(group);
  }
  return groups
    .map((group) => ({
      ...group,
      xs: withOpenSides(places(group.standing), group.lying),
      ys: withOpenSides(places(group.lying), group.standing).toReversed(),
    }))
    .filter(({ xs, ys }) => xs.length >= 3 && ys.length >= 3 && xs.length * ys.length <= MAX_FIELDS);
}

/** How far (points) most rules must reach beyond the outermost ones across them for a side to be open. */
const OPEN = 12;

/** The places of rules, and where most of those across them end beyond: tables without rules at their sides. */
function withOpenSides(places: readonly number[], across: readonly Rule[]): readonly number[] {
  const middle = (values: readonly number[]) =>
    values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
  const [first, last] = [places[0], places.at(-1)];
  if (first === undefined || last === undefined) return places;
  const [from, to] = [middle(across.map((rule) => rule.from)), middle(across.map((rule) => rule.to))];
  return [...(first - from > OPEN ? [from] : []), ...places, ...(to - last > OPEN ? [to] : [])];
}

const meet = (lying: Rule, standing: Rule): boolean =>
  standing.at >= lying.from - MEETING &&
  standing.at <= lying.to + MEETING &&
  lying.at >= standing.from - MEETING &&
  lying.at <= standing.to + MEETING;

function places(rules: readonly Rule[]): readonly number[] {
  const found: number[] = [];
  for (const at of rules.map((rule) => rule.at).toSorted((a, b) => a - b)) {
    if (at - (found.at(-1) ?? Number.NEGATIVE_INFINITY) > MEETING * 1.5) found.push(at);
  }
  return found;
}

interface Field {
  readonly row: number;
  readonly column: number;
  rowSpan: number;
  columnSpan: number;
  readonly texts: { readonly text: string; readonly line: Line; readonly x0: number; readonly x1: number }[];
}

/** Whether figures stand under each other in a field, more than a pair of them: then rows are not parted by rules. */
function isStacked({ texts }: Field): boolean {
  const lines = new Set(texts.map(({ line }) => line.y0));
  return lines.size > 2 && texts.every(({ text }) => NUMERIC.test(text));
}

/**
 * Whether a strip runs down through all lines of a field, with text on both sides of it in two of them (or the only one): then
 * there are columns in it. The wide gaps of justified text stand at other places in each line.
 */
function isDivided({ texts }: Field): boolean {
  const lines = new Map<Line, number>();
  for (const { line } of texts) lines.set(line, (lines.get(line) ?? 0) + 1);
  const cut = [...lines.values()].filter((count) => count > 1).length;
  if (cut < Math.min(2, lines.size)) return false;
  const sorted = texts.toSorted((a, b) => a.x0 - b.x0);
  let reach = sorted[0]?.x1 ?? 0;
  for (const { x0, x1, line } of sorted) {
    if (x0 - reach > line.size * 0.9) return true;
    reach = Math.max(reach, x1);
  }
  return false;
}

function tableIn(grid: Grid, lines: readonly Line[]): FoundTable | null {
  const { xs, ys } = grid;
  const box: Box = { x0: xs[0] ?? 0, x1: xs.at(-1) ?? 0, y1: ys[0] ?? 0, y0: ys.at(-1) ?? 0 };
  const fields = fieldsOf(grid);
  const inside = lines.filter((line) => !line.turned && isInside(line, box));
  for (const line of inside) {
    for (const cell of line.cells) {
      const field = fieldAt(grid, fields, middleOf(cell), line.y0 + line.size * 0.3);
      field?.texts.push({ text: cell.text, line, x0: cell.x0, x1: cell.x1 });
    }
  }
  const all = [...new Set(fields.flat())];
  const filled = all.filter(({ texts }) => texts.length > 0);
  const crowded = new Set(
    all
      .filter((field) => isDivided(field) || isStacked(field))
      .flatMap(({ texts }) => texts.map(({ line }) => line)),
  );
  if (inside.length === 0 || crowded.size > inside.length * 0.25) return null;
  if (filled.length < Math.max(3, all.length * LEAST_FILLED)) return null;
  if (new Set(filled.map(({ column }) => column)).size < 2 || new Set(filled.map(({ row }) => row)).size < 2)
    return null;
  const rows = ys.slice(1).map((_, row) => cellsOf(fields, row));
  const rowLines = ys.slice(1).map((_, row) => inside.filter((line) => rowAt(grid, line) === row));
  return withoutEmptyRows({
    page: inside[0]?.page ?? 0,
    lines: inside,
    rows,
    rowLines,
    columns: bands(xs),
    ruled: true,
  });
}

function withoutEmptyRows(table: FoundTable): FoundTable {
  const kept = table.rows.map((row) =>
    row.some(
      (cell) => cell !== '' && (typeof cell === 'string' || cell.text !== '' || (cell.rowSpan ?? 1) > 1),
    ),
  );
  return {
    ...table,
    rows: table.rows.filter((_, at) => kept[at]),
    rowLines: table.rowLines.filter((_, at) => kept[at]),
  };
}

const isInside = (line: Line, { x0, x1, y0, y1 }: Box): boolean => {
  const [x, y] = [(line.x0 + line.x1) / 2, line.y0 + line.size * 0.3];
  return x > x0 && x < x1 && y > y0 && y < y1;
};

const bands = (xs: readonly number[]) => xs.slice(1).map((x1, at) => ({ x0: xs[at] ?? 0, x1 }));

const rowAt = ({ ys }: Grid, line: Line): number => {
  const y = line.y0 + line.size * 0.3;
  return ys.slice(1).findIndex((bottom, at) => y <= (ys[at] ?? 0) && y > bottom);
};

function fieldAt(grid: Grid, fields: readonly (readonly Field[])[], x: number, y: number): Field | null {
  const row = grid.ys.slice(1).findIndex((bottom, at) => y <= (grid.ys[at] ?? 0) && y > bottom);
  const column = grid.xs.slice(1).findIndex((right, at) => x >= (grid.xs[at] ?? 0) && x < right);
  return fields[row]?.[column] ?? null;
}

/** Every place of the grid with its field; places of one spanning cell have the same. */
function fieldsOf({ xs, ys, lying, standing }: Grid): readonly (readonly Field[])[] {
  const rows = ys.length - 1;
  const columns = xs.length - 1;
  const fields: (Field | undefined)[][] = Array.from({ length: rows }, () =>
    Array<Field | undefined>(columns),
  );
  const middle = (from = 0, to = 0) => [Math.min(from, to), Math.max(from, to)] as const;
  const rightIs = (row: number, column: number) =>
    runsAlong(standing, xs[column + 1] ?? 0, ...middle(ys[row], ys[row + 1]));
  const bottomIs = (row: number, column: number) =>
    runsAlong(lying, ys[row + 1] ?? 0, ...middle(xs[column], xs[column + 1]));
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      if (fields[row]?.[column] !== undefined) continue;
      let columnSpan = 1;
      while (
        column + columnSpan < columns &&
        fields[row]?.[column + columnSpan] === undefined &&
        !rightIs(row, column + columnSpan - 1)
      )
        columnSpan += 1;
      let rowSpan = 1;
      const isOpen = (below: number) =>
        Array.from({ length: columnSpan }, (_, at) => column + at).every(
          (one) => !bottomIs(below, one) && fields[below + 1]?.[one] === undefined,
        ) &&
        Array.from({ length: columnSpan - 1 }, (_, at) => column + at).every(
          (one) => !rightIs(below + 1, one),
        );
      while (row + rowSpan < rows && isOpen(row + rowSpan - 1)) rowSpan += 1;
      const field: Field = { row, column, rowSpan, columnSpan, texts: [] };
      for (let r = row; r < row + rowSpan; r += 1) {
        for (let c = column; c < column + columnSpan; c += 1) {
          const places = fields[r];
          if (places !== undefined) places[c] = field;
        }
      }
    }
  }
  return fields.map((row) => row.flatMap((field) => field ?? []));
}

function runsAlong(rules: readonly Rule[], at: number, from: number, to: number): boolean {
  let covered = 0;
  for (const rule of rules) {
    if (Math.abs(rule.at - at) > MEETING * 1.5) continue;
    covered = Math.max(covered, Math.min(rule.to, to) - Math.max(rule.from, from));
  }
  return covered >= (to - from) * ALONG;
}

function cellsOf(fields: readonly (readonly Field[])[], row: number): readonly TableCell[] {
  return [...new Set(fields[row])].flatMap((field): readonly TableCell[] => {
    if (field.row !== row) return [];
    const { rowSpan, columnSpan, texts } = field;
    const text = texts.reduce((before, one) => (before === '' ? one.text : joinedCell(before, one.text)), '');
    return [rowSpan === 1 && columnSpan === 1 ? text : { text, rowSpan, columnSpan }];
  });
}
