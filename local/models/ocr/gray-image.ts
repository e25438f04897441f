/** A picture in grey: one byte a pixel, 0 black, row by row from the top. */
export interface GrayImage {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

/** Four corners in pixels, clockwise from the text's top left. */
export type Quad = readonly [Point, Point, Point, Point];

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Averages the pixels that fall together where it gets smaller, else interpolates between the nearest four. */
export function resized(image: GrayImage, width: number, height: number): GrayImage {
  const across = axis(image.width, width);
  const down = axis(image.height, height);
  const rows = new Float32Array(width * image.height);
  for (let y = 0; y < image.height; y += 1) {
    const row = y * image.width;
    for (let x = 0; x < width; x += 1) {
      let sum = 0;
      const from = across.from[x] ?? 0;
      for (let at = 0; at < across.taps; at += 1) {
        sum += (image.pixels[row + from + at] ?? 0) * (across.weights[x * across.taps + at] ?? 0);
      }
      rows[y * width + x] = sum;
    }
  }
  const pixels = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1) {
    const from = down.from[y] ?? 0;
    for (let x = 0; x < width; x += 1) {
      let sum = 0;
      for (let at = 0; at < down.taps; at += 1) {
        sum += (rows[(from + at) * width + x] ?? 0) * (down.weights[y * down.taps + at] ?? 0);
      }
      pixels[y * width + x] = sum + 0.5;
    }
  }
  return { width, height, pixels };
}

/** Which pixels each new one is made of, and by what shares: a triangle over the area that it covers. */
function axis(length: number, wanted: number) {
  const scale = length / wanted;
  const reach = Math.max(1, scale);
  const taps = Math.min(length, Math.ceil(reach * 2) + 1);
  const from = new Int32Array(wanted);
  const weights = new Float32Array(wanted * taps);
  for (let at = 0; at < wanted; at += 1) {
    const centre = (at + 0.5) * scale - 0.5;
    const first = Math.min(Math.max(0, Math.ceil(centre - reach)), length - taps);
    from[at] = first;
    let sum = 0;
    for (let tap = 0; tap < taps; tap += 1) {
      const weight = Math.max(0, 1 - Math.abs(first + tap - centre) / reach);
      weights[at * taps + tap] = weight;
      sum += weight;
    }
    for (let tap = 0; tap < taps; tap += 1) {
      weights[at * taps + tap] = sum === 0 ? 1 / taps : (weights[at * taps + tap] ?? 0) / sum;
    }
  }
  return { from, weights, taps };
}

/** Turned clockwise by so many quarters. */
export function turned(image: GrayImage, quarters: number): GrayImage {
  if (quarters % 4 === 0) return image;
  const { width, height } = image;
  const turnsOver = quarters % 2 === 1;
  const pixels = new Uint8Array(width * height);
  const across = turnsOver ? height : width;
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const to = turnedPoint({ x, y }, quarters, { width: width - 1, height: height - 1 });
      pixels[to.y * across + to.x] = image.pixels[y * width + x] ?? 255;
    }
  }
  return { width: across, height: turnsOver ? width : height, pixels };
}

/** Where a point lies after the picture of this size was turned clockwise by so many quarters. */
export function turnedPoint(
  { x, y }: Point,
  quarters: number,
  { width, height }: { readonly width: number; readonly height: number },
): Point {
  switch (((quarters % 4) + 4) % 4) {
    case 1:
      return { x: height - y, y: x };
    case 2:
      return { x: width - x, y: height - y };
    case 3:
      return { x: y, y: width - x };
    default:
      return { x, y };
  }
}

/** What lies within the corners, straightened to this height; its width keeps the proportion. White lies outside. */
export function cropped(image: GrayImage, quad: Quad, height: number): GrayImage {
  const [topLeft, topRight, , bottomLeft] = quad;
  const long = Math.hypot(topRight.x - topLeft.x, topRight.y - topLeft.y);
  const short = Math.max(1, Math.hypot(bottomLeft.x - topLeft.x, bottomLeft.y - topLeft.y));
  const width = Math.max(8, Math.round((long / short) * height));
  // Read finer than wanted and averaged down, so that thin strokes are not jumped over.
  const finer = Math.min(4, Math.max(1, Math.ceil(short / height)));
  const wide = width * finer;
  const tall = height * finer;
  const pixels = new Uint8Array(wide * tall);
  const step = {
    x: { x: (topRight.x - topLeft.x) / wide, y: (topRight.y - topLeft.y) / wide },
    y: { x: (bottomLeft.x - topLeft.x) / tall, y: (bottomLeft.y - topLeft.y) / tall },
  };
  for (let row = 0; row < tall; row += 1) {
    for (let column = 0; column < wide; column += 1) {
      const x = topLeft.x + step.x.x * (column + 0.5) + step.y.x * (row + 0.5) - 0.5;
      const y = topLeft.y + step.x.y * (column + 0.5) + step.y.y * (row + 0.5) - 0.5;
      pixels[row * wide + column] = between(image, x, y);
    }
  }
  const fine = { width: wide, height: tall, pixels };
  return finer === 1 ? fine : resized(fine, width, height);
}

function between(image: GrayImage, x: number, y: number): number {
  const left = Math.floor(x);
  const top = Math.floor(y);
  const right = x - left;
  const down = y - top;
  const at = (column: number, row: number): number =>
    column < 0 || row < 0 || column >= image.width || row >= image.height
      ? 255
      : (image.pixels[row * image.width + column] ?? 255);
  const above = at(left, top) * (1 - right) + at(left + 1, top) * right;
  const below = at(left, top + 1) * (1 - right) + at(left + 1, top + 1) * right;
  return above * (1 - down) + below * down + 0.5;
}
