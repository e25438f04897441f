/**
 * What a PDF page is made of. Everything is measured in points in the page's upright frame: turned as a reader holds the
 * page, cut to its crop box, origin bottom left. `PageFrame` leads back to the PDF's own coordinates.
 */
export interface Box {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/** A stretch of a line without a wide gap in it. */
export interface Cell {
  readonly text: string;
  readonly x0: number;
  readonly x1: number;
  readonly bold: boolean;
}

/** `y0` is the baseline, `y1` one font size above it. */
export interface Line extends Box {
  readonly page: number;
  readonly text: string;
  /** That of most characters. */
  readonly size: number;
  /** The document's own name for the font of most characters; says nothing but "same" or "another". */
  readonly font: string;
  /** Whether all of it is set in that font. */
  readonly uniform: boolean;
  readonly bold: boolean;
  /** Whether it is read from right to left. */
  readonly rtl: boolean;
  /** Whether white space stands at its end in the file: in scripts that break words anywhere, it ended one. */
  readonly spaced: boolean;
  /** Set across the page's running direction: a stamp in the margin, a watermark. */
  readonly turned: boolean;
  /** In reading order. */
  readonly cells: readonly Cell[];
}

/** A straight stroke, or a thin filled rectangle; `at` is its y if it lies and its x if it stands. */
export interface Rule {
  readonly at: number;
  readonly from: number;
  readonly to: number;
}

export interface Rules {
  readonly lying: readonly Rule[];
  readonly standing: readonly Rule[];
}

/** How far below the baseline letters reach, in font sizes. */
const DESCENT = 0.22;

/** The box of all of it, letters below the baseline included. */
export function boxOf(lines: readonly Line[]): Box {
  return {
    x0: Math.min(...lines.map((line) => line.x0)),
    y0: Math.min(...lines.map((line) => line.y0 - line.size * DESCENT)),
    x1: Math.max(...lines.map((line) => line.x1)),
    y1: Math.max(...lines.map((line) => line.y1)),
  };
}

/** The line with other cells in its place. */
export const withCells = (line: Line, cells: readonly Cell[]): Line => ({
  ...line,
  cells,
  text: cells.map(({ text }) => text).join(' '),
});

/** What some of its cells are of a line; none if it has none of them. */
export function partOf(line: Line, wanted: (cell: Cell) => boolean): readonly Line[] {
  const cells = line.cells.filter(wanted);
  if (cells.length === 0) return [];
  if (cells.length === line.cells.length) return [line];
  const x0 = Math.min(...cells.map((cell) => cell.x0));
  const x1 = Math.max(...cells.map((cell) => cell.x1));
  return [{ ...withCells(line, cells), x0, x1 }];
}
