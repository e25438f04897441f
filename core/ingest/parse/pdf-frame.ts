import type { Box } from './pdf-line.ts';

/** `x' = a x + c y + e`, `y' = b x + d y + f` (ISO 32000-1, 8.3.3). */
export type Matrix = readonly [number, number, number, number, number, number];

export const identity: Matrix = [1, 0, 0, 1, 0, 0];

/** What `inner` does and then `outer`. */
export const composed = (outer: Matrix, inner: Matrix): Matrix => [
  outer[0] * inner[0] + outer[2] * inner[1],
  outer[1] * inner[0] + outer[3] * inner[1],
  outer[0] * inner[2] + outer[2] * inner[3],
  outer[1] * inner[2] + outer[3] * inner[3],
  outer[0] * inner[4] + outer[2] * inner[5] + outer[4],
  outer[1] * inner[4] + outer[3] * inner[5] + outer[5],
];

export const moved = ([a, b, c, d, e, f]: Matrix, x: number, y: number): readonly [number, number] => [
  a * x + c * y + e,
  b * x + d * y + f,
];

/** Counter-clockwise quarter turns of a direction on the page. */
export const quarterTurns = (x: number, y: number): number =>
  (Math.round(Math.atan2(y, x) / (Math.PI / 2)) + 4) % 4;

/** From the PDF's coordinates to the page as a reader holds it: `rotate` is clockwise in degrees (ISO 32000-1, 7.7.3.3). */
export class PageFrame {
  readonly width: number;
  readonly height: number;
  readonly matrix: Matrix;

  private constructor(width: number, height: number, matrix: Matrix) {
    this.width = width;
    this.height = height;
    this.matrix = matrix;
  }

  static of(view: readonly number[], rotate: number): PageFrame {
    const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = view;
    const flat = new PageFrame(x1 - x0, y1 - y0, [1, 0, 0, 1, -x0, -y0]);
    return flat.turned((((rotate / 90) % 4) + 4) % 4);
  }

  /** The frame in which text that runs `turns` quarters counter-clockwise in this one runs to the right. */
  turned(turns: number): PageFrame {
    const { width, height } = this;
    switch (turns) {
      case 1:
        return new PageFrame(height, width, composed([0, -1, 1, 0, 0, width], this.matrix));
      case 2:
        return new PageFrame(width, height, composed([-1, 0, 0, -1, width, height], this.matrix));
      case 3:
        return new PageFrame(height, width, composed([0, 1, -1, 0, height, 0], this.matrix));
      default:
        return this;
    }
  }

  /** In PDF points of the page as the file has it, rounded to hundredths: x0, y0, x1, y1. */
  inFile({ x0, y0, x1, y1 }: Box): readonly [number, number, number, number] {
    const [a, b, c, d, e, f] = this.matrix;
    const determinant = a * d - b * c;
    const back = (x: number, y: number): readonly [number, number] => [
      (d * (x - e) - c * (y - f)) / determinant,
      (a * (y - f) - b * (x - e)) / determinant,
    ];
    const [ax, ay] = back(x0, y0);
    const [bx, by] = back(x1, y1);
    // Not -0, which JSON cannot say.
    const point = (value: number) => Math.round(value * 100) / 100 + 0;
    return [
      point(Math.min(ax, bx)),
      point(Math.min(ay, by)),
      point(Math.max(ax, bx)),
      point(Math.max(ay, by)),
    ];
  }
}
