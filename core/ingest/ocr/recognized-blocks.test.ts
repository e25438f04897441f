import { describe, expect, test } from 'vitest';
import { parseHocr } from './hocr.ts';
import { inReadingOrder } from './reading-order.ts';
import { recognizedBlocks } from './recognized-blocks.ts';

/** 100 × 200 points. */
const picture = { width: 200, height: 400, pixels: new Uint8Array(200 * 400), scale: 2 };

const word = (text: string, box: string, confidence = 90) =>
  `<span class="ocrx_word" title="bbox ${box}; x_wconf ${confidence}">${text}</span>`;
const line = (words: string, box: string, more = '') =>
  `<span class="ocr_line" title="bbox ${box}${more}">${words}</span>`;
const page = (lines: string) => `<div class="ocr_page" title="bbox 0 0 200 400">${lines}</div>`;

describe('hOCR', () => {
  test('has lines, words, boxes, confidence and the angle of its text', () => {
    const text = page(
      line(
        `${word('Rent &amp;', '10 20 60 40', 95)} ${word('deposit', '70 20 140 40', 80)}`,
        '10 20 140 40',
        '; textangle 90',
      ),
    );
    expect(parseHocr(text)).toEqual({
      quarters: 1,
      lines: [
        {
          box: [10, 20, 140, 40],
          words: [
            { text: 'Rent &', confidence: 0.95, box: [10, 20, 60, 40] },
            { text: 'deposit', confidence: 0.8, box: [70, 20, 140, 40] },
          ],
        },
      ],
    });
  });

  test('is not what a vision model writes', () => {
    expect(parseHocr('# Rent\n\nThe rent is 840 francs.')).toBeNull();
  });

  test('is read up to where it is nested deeper than any engine does', () => {
    const good = line(word('a', '0 0 9 9'), '0 0 9 9');
    expect(parseHocr(page(good + '<div>'.repeat(1_000_000) + good))?.lines).toHaveLength(1);
  });
});

describe('blocks of a recognized page', () => {
  test('ING-41: say that they were recognized, how surely, and where each word stands on the page', () => {
    const [block] = recognizedBlocks(
      page(line(`${word('Keys', '20 40 60 60', 100)} ${word('go', '70 40 90 60', 50)}`, '20 40 90 60')),
      7,
      picture,
    );
    expect(block).toMatchObject({
      text: 'Keys go',
      page: 7,
      // Points from the foot: the picture is 400 pixels high, two a point.
      bbox: [10, 170, 45, 180],
      ocr: {
        confidence: 0.833,
        words: [
          { text: 'Keys', confidence: 1, bbox: [10, 170, 30, 180] },
          { text: 'go', confidence: 0.5, bbox: [35, 170, 45, 180] },
        ],
      },
    });
  });

  test('of text that stands on its side are read from its top, and keep their place on the page', () => {
    // Turned counterclockwise: the first line is the leftmost, and reads from the foot up.
    const text = page(
      line(word('second', '60 100 80 300'), '60 100 80 300', '; textangle 90') +
        line(word('first', '30 100 50 300'), '30 100 50 300', '; textangle 90'),
    );
    const blocks = recognizedBlocks(text, 1, picture);
    expect(blocks.map((block) => block.text).join(' ')).toBe('first second');
    expect(blocks[0]?.bbox).toEqual([15, 50, 40, 150]);
  });

  test('ING-41: of a model that only writes have neither boxes nor confidence, and say so', () => {
    const blocks = recognizedBlocks('# Rent\n\n| Flat | Rent |\n|---|---|\n| 4 | 840 |', 3, picture);
    expect(blocks.map(({ block, page: at, ocr }) => ({ block, at, ocr }))).toEqual([
      { block: 'heading', at: 3, ocr: { confidence: null, words: [] } },
      { block: 'table', at: 3, ocr: { confidence: null, words: [] } },
    ]);
  });
});

describe('reading order', () => {
  const at = (text: string, x0: number, y0: number, x1: number) => ({ text, x0, y0, x1, y1: y0 + 10 });
  const prose = (name: string, at: number) => `${name} sentence ${at} of a column of prose`;

  test('goes down one column and then the next, below what stands over both', () => {
    const items = Array.from({ length: 5 }, (_, row) => [
      at(prose('left', row), 0, 40 + row * 14, 95),
      at(prose('right', row), 105, 40 + row * 14, 200),
    ]).flat();
    const title = at('A title over both of the columns', 10, 0, 190);
    const read = inReadingOrder([...items, title]).flat();
    expect(read.map(({ text }) => text)).toEqual([
      title.text,
      ...[0, 1, 2, 3, 4].map((row) => prose('left', row)),
      ...[0, 1, 2, 3, 4].map((row) => prose('right', row)),
    ]);
  });

  test('keeps the cells of a table in their rows', () => {
    const items = Array.from({ length: 6 }, (_, row) => [
      at(`Part ${row}`, 0, row * 14, 60),
      at(`${row * 3} EUR`, 100, row * 14 + 2, 150),
    ]).flat();
    const rows = inReadingOrder(items.toReversed()).map((row) => row.map(({ text }) => text));
    expect(rows).toEqual(Array.from({ length: 6 }, (_, row) => [`Part ${row}`, `${row * 3} EUR`]));
  });
});
