import { inflateSync } from 'node:zlib';
import type { GrayImage } from './gray-image.ts';

/** What cannot be read as a PNG of the kinds below. */
export class NotPng extends Error {}

const MARK = '\u0089PNG\r\n\u001a\n';
/** Samples a pixel for each colour type (PNG 3rd edition, table 12); palettes are not read. */
const samplesOf: Readonly<Record<number, number>> = { 0: 1, 2: 3, 4: 2, 6: 4 };
/** An A4 page at 600 dpi. */
const MAX_PIXELS = 36_000_000;

/** A PNG of 8 bits a sample that is not interlaced, in grey; what is transparent lies on white. */
export function readPng(bytes: Buffer): GrayImage {
  if (bytes.subarray(0, 8).toString('latin1') !== MARK) throw new NotPng('It is no PNG.');
  const packed: Buffer[] = [];
  let header: Buffer | null = null;
  for (let at = 8; at + 8 <= bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    const type = bytes.subarray(at + 4, at + 8).toString('latin1');
    const data = bytes.subarray(at + 8, at + 8 + length);
    if (type === 'IHDR') header = data;
    if (type === 'IDAT') packed.push(data);
    at += 12 + length;
  }
  if (header === null || header.length < 13) throw new NotPng('It has no header.');
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const [depth, type, , , interlaced] = header.subarray(8);
  const samples = samplesOf[type ?? -1];
  if (depth !== 8 || samples === undefined || interlaced !== 0) {
    throw new NotPng('Only 8 bits a sample, without palette or interlacing, are read.');
  }
  if (width * height > MAX_PIXELS) throw new NotPng(`It has more than ${MAX_PIXELS} pixels.`);
  const size = height * (1 + width * samples);
  const lines = inflateSync(Buffer.concat(packed), { maxOutputLength: size + 64 });
  if (lines.length < size) throw new NotPng('It ends before its last line.');
  return { width, height, pixels: grayOf(lines, { width, height, samples }) };
}

function grayOf(
  lines: Buffer,
  { width, height, samples }: { readonly width: number; readonly height: number; readonly samples: number },
): Uint8Array {
  const bytes = width * samples;
  const pixels = new Uint8Array(width * height);
  let above = new Uint8Array(bytes);
  for (let y = 0; y < height; y += 1) {
    const from = y * (bytes + 1);
    const line = unfiltered(lines[from] ?? 0, lines.subarray(from + 1, from + 1 + bytes), above, samples);
    for (let x = 0; x < width; x += 1) pixels[y * width + x] = grayAt(line, x * samples, samples);
    above = line;
  }
  return pixels;
}

/** PNG 3rd edition, clause 9. */
function unfiltered(filter: number, line: Uint8Array, above: Uint8Array, samples: number) {
  const out = new Uint8Array(line.length);
  for (let at = 0; at < line.length; at += 1) {
    const left = at >= samples ? (out[at - samples] ?? 0) : 0;
    const up = above[at] ?? 0;
    const corner = at >= samples ? (above[at - samples] ?? 0) : 0;
    const predicted =
      filter === 0
        ? 0
        : filter === 1
          ? left
          : filter === 2
            ? up
            : filter === 3
              ? (left + up) >> 1
              : paeth(left, up, corner);
    out[at] = (line[at] ?? 0) + predicted;
  }
  return out;
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}

/** ITU-R BT.601's weights of red, green and blue. */
function grayAt(line: Uint8Array, at: number, samples: number): number {
  const sample = (offset: number) => line[at + offset] ?? 0;
  const gray = samples < 3 ? sample(0) : 0.299 * sample(0) + 0.587 * sample(1) + 0.114 * sample(2);
  const alpha = samples === 2 || samples === 4 ? sample(samples - 1) / 255 : 1;
  return Math.round(gray * alpha + 255 * (1 - alpha));
}
