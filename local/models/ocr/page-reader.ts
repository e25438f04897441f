import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { InferenceSession } from 'onnxruntime-node';
import {
  cropped,
  type GrayImage,
  type Point,
  type Quad,
  resized,
  turned,
  turnedPoint,
} from './gray-image.ts';
import { type ReadWord, readCharacters, wordsOf } from './read-characters.ts';
import { textBoxes } from './text-boxes.ts';

/**
 * PP-OCRv4 (PaddleOCR, mobile models, in ONNX): a detector that finds lines of text on a page, and a recognizer that
 * reads a line at a time. Which way up the page stands is found out first.
 */
export interface RecognizedLine {
  readonly text: string;
  /** The mean of its characters', in 0…1. */
  readonly confidence: number;
  /** x0, y0, x1, y1 in the picture's pixels, origin top left. */
  readonly box: Box;
  readonly words: readonly { readonly text: string; readonly confidence: number; readonly box: Box }[];
}

export type Box = readonly [number, number, number, number];

export interface RecognizedPage {
  readonly lines: readonly RecognizedLine[];
  /** Quarters by which the picture had to be turned clockwise to be read; boxes are those of the picture as it came. */
  readonly quarters: number;
}

const { Tensor, InferenceSession: Session } = await import('onnxruntime-node');

/** The detector halves five times, so both sides are multiples of 32. */
const STRIDE = 32;
/** The longer side that the detector sees; letters of 8 points are some 12 pixels high there on A4. */
const LONGEST_SIDE = 1_472;
/** The height at which the recognizer was trained. */
const LINE_HEIGHT = 48;
/** Wider lines are read in pieces: time and memory grow with the width. */
const LONGEST_LINE = 2_400;
/** A line that is read this badly is a picture's pattern. */
const MIN_CONFIDENCE = 0.5;
/** Lines that are read both ways up to see which is right. */
const TRIED = 5;

const imageNet = [
  [0.485, 0.229],
  [0.456, 0.224],
  [0.406, 0.225],
] as const;
const around = [
  [0.5, 0.5],
  [0.5, 0.5],
  [0.5, 0.5],
] as const;

export class PageReader {
  readonly #detector: InferenceSession;
  readonly #recognizer: InferenceSession;
  readonly #alphabet: readonly string[];

  private constructor(detector: InferenceSession, recognizer: InferenceSession, alphabet: readonly string[]) {
    this.#detector = detector;
    this.#recognizer = recognizer;
    this.#alphabet = alphabet;
  }

  /** @param folder with `detection.onnx`, `recognition.onnx` and `characters.txt`. */
  static async load(folder: string): Promise<PageReader> {
    const options = { intraOpNumThreads: 1, interOpNumThreads: 1 };
    const [detector, recognizer, characters] = await Promise.all([
      Session.create(join(folder, 'detection.onnx'), options),
      Session.create(join(folder, 'recognition.onnx'), options),
      readFile(join(folder, 'characters.txt'), 'utf8'),
    ]);
    return new PageReader(detector, recognizer, characters.split('\n'));
  }

  async read(page: GrayImage): Promise<RecognizedPage> {
    const found = await this.#detect(page);
    const lying = isLying(found);
    const upright = turned(page, lying ? 1 : 0);
    const boxes = lying ? await this.#detect(upright) : found;
    const overturned = await this.#isOverturned(upright, boxes);
    const quarters = (lying ? 1 : 0) + (overturned ? 2 : 0);
    const image = overturned ? turned(upright, 2) : upright;
    const quads = overturned ? boxes.map((quad) => turnedOver(quad, upright)) : boxes;
    const lines: RecognizedLine[] = [];
    for (const quad of quads) {
      const words = await this.#words(image, quad);
      const line = lineOf(words, quad, (point) => turnedPoint(point, 4 - quarters, image));
      if (line !== null && line.confidence >= MIN_CONFIDENCE) lines.push(line);
    }
    return { lines, quarters };
  }

  async #detect(image: GrayImage): Promise<readonly Quad[]> {
    const scale = Math.min(1, LONGEST_SIDE / Math.max(image.width, image.height));
    const side = (length: number) => Math.max(STRIDE, Math.round((length * scale) / STRIDE) * STRIDE);
    const [width, height] = [side(image.width), side(image.height)];
    const values = await run(this.#detector, resized(image, width, height), imageNet);
    const [x, y] = [image.width / width, image.height / height];
    return textBoxes({ width, height, values }).map(
      (quad) => quad.map((point) => ({ x: point.x * x, y: point.y * y })) as unknown as Quad,
    );
  }

  /** Reads some of the longest lines both ways up. */
  async #isOverturned(image: GrayImage, boxes: readonly Quad[]): Promise<boolean> {
    const longest = boxes.toSorted((a, b) => lengthOf(b) - lengthOf(a)).slice(0, TRIED);
    let upright = 0;
    let overturned = 0;
    for (const [a, b, c, d] of longest) {
      upright += confidenceOf(await this.#words(image, [a, b, c, d]));
      overturned += confidenceOf(await this.#words(image, [c, d, a, b]));
    }
    return overturned > upright;
  }

  async #words(image: GrayImage, quad: Quad): Promise<readonly ReadWord[]> {
    const line = cropped(image, quad, LINE_HEIGHT);
    const pieces = Math.ceil(line.width / LONGEST_LINE);
    const words: ReadWord[] = [];
    for (let piece = 0; piece < pieces; piece += 1) {
      const from = Math.floor((line.width * piece) / pieces);
      const to = Math.floor((line.width * (piece + 1)) / pieces);
      const scores = await run(this.#recognizer, columnsOf(line, from, to), around);
      const classes = this.#alphabet.length + 2;
      const read = wordsOf(readCharacters(scores, classes, this.#alphabet), scores.length / classes);
      const share = (at: number) => (from + at * (to - from)) / line.width;
      words.push(...read.map((word) => ({ ...word, from: share(word.from), to: share(word.to) })));
    }
    return words;
  }
}

async function run(
  session: InferenceSession,
  { width, height, pixels }: GrayImage,
  channels: readonly (readonly [mean: number, deviation: number])[],
): Promise<Float32Array> {
  const size = width * height;
  const values = new Float32Array(size * channels.length);
  for (const [channel, [mean, deviation]] of channels.entries()) {
    for (let at = 0; at < size; at += 1) {
      values[channel * size + at] = ((pixels[at] ?? 0) / 255 - mean) / deviation;
    }
  }
  const input = new Tensor('float32', values, [1, channels.length, height, width]);
  const outputs = await session.run({ [session.inputNames[0] ?? '']: input });
  const data = outputs[session.outputNames[0] ?? '']?.data;
  if (!(data instanceof Float32Array)) throw new Error('The OCR model gave no float32 output.');
  return data;
}

/** Whether most of the text, by length, stands on its side. */
function isLying(quads: readonly Quad[]): boolean {
  let standing = 0;
  let lying = 0;
  for (const [topLeft, topRight, , bottomLeft] of quads) {
    const width = Math.hypot(topRight.x - topLeft.x, topRight.y - topLeft.y);
    const height = Math.hypot(bottomLeft.x - topLeft.x, bottomLeft.y - topLeft.y);
    if (height > width * 1.5) lying += height;
    else standing += width;
  }
  return lying > standing;
}

const lengthOf = ([topLeft, topRight]: Quad): number =>
  Math.hypot(topRight.x - topLeft.x, topRight.y - topLeft.y);

const confidenceOf = (words: readonly ReadWord[]): number => {
  const letters = words.reduce((sum, { text }) => sum + text.length, 0);
  if (letters === 0) return 0;
  return words.reduce((sum, { text, confidence }) => sum + text.length * confidence, 0) / letters;
};

function turnedOver([a, b, c, d]: Quad, size: GrayImage): Quad {
  const over = (point: Point) => turnedPoint(point, 2, size);
  return [over(c), over(d), over(a), over(b)];
}

function columnsOf(line: GrayImage, from: number, to: number): GrayImage {
  if (from === 0 && to === line.width) return line;
  const width = to - from;
  const pixels = new Uint8Array(width * line.height);
  for (let row = 0; row < line.height; row += 1) {
    pixels.set(line.pixels.subarray(row * line.width + from, row * line.width + to), row * width);
  }
  return { width, height: line.height, pixels };
}

/** @param place from the picture that was read to the one that came. */
function lineOf(
  words: readonly ReadWord[],
  [topLeft, topRight, bottomRight, bottomLeft]: Quad,
  place: (point: Point) => Point,
): RecognizedLine | null {
  if (words.length === 0) return null;
  const along = (from: Point, to: Point, share: number): Point => ({
    x: from.x + (to.x - from.x) * share,
    y: from.y + (to.y - from.y) * share,
  });
  const boxOf = (from: number, to: number): Box => {
    const corners = [
      along(topLeft, topRight, from),
      along(topLeft, topRight, to),
      along(bottomLeft, bottomRight, from),
      along(bottomLeft, bottomRight, to),
    ].map(place);
    const round = (value: number) => Math.round(value * 10) / 10;
    return [
      round(Math.min(...corners.map(({ x }) => x))),
      round(Math.min(...corners.map(({ y }) => y))),
      round(Math.max(...corners.map(({ x }) => x))),
      round(Math.max(...corners.map(({ y }) => y))),
    ];
  };
  return {
    text: words.map(({ text }) => text).join(' '),
    confidence: confidenceOf(words),
    box: boxOf(0, 1),
    words: words.map(({ text, confidence, from, to }) => ({ text, confidence, box: boxOf(from, to) })),
  };
}
