/** What a PDF page is made of, in PDF points, origin bottom left. */
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
}

export interface Line extends Box {
  readonly page: number;
  readonly text: string;
  /** The largest font's. */
  readonly size: number;
  /** The document's own name for the font of most characters; says nothing but "same" or "another". */
  readonly font: string;
  /** Whether all of it is set in that font. */
  readonly uniform: boolean;
  /** From left to right as they were written. */
  readonly cells: readonly Cell[];
}

export function boxOf(lines: readonly Line[]): readonly [number, number, number, number] {
  const point = (value: number) => Math.round(value * 100) / 100;
  return [
    point(Math.min(...lines.map((line) => line.x0))),
    point(Math.min(...lines.map((line) => line.y0))),
    point(Math.max(...lines.map((line) => line.x1))),
    point(Math.max(...lines.map((line) => line.y1))),
  ];
}
