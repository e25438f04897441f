import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PageFrame } from './pdf-frame.ts';
import { withLigatures } from './pdf-ligatures.ts';
import { linesOfPage, type TextItem } from './pdf-text.ts';

const frame = PageFrame.of([0, 0, 600, 800], 0);
const item = (str: string, x: number, y = 700, width = str.length * 6): TextItem => ({
  str,
  transform: [12, 0, 0, 12, x, y],
  width,
  height: 12,
  fontName: 'f',
});
const textOf = (items: readonly TextItem[]) =>
  linesOfPage(1, items, frame, new Map()).lines.map(({ text }) => text);

describe('right to left', () => {
  const words = [item('שכר', 480), item('הדירה', 440), item('1840', 400, 700, 26), item('פרנק', 370)];

  test('the words of a line stand in the order of reading, whatever order they were drawn in', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(words, { minLength: words.length }), (drawn) => {
        expect(textOf(drawn)).toEqual(['שכר הדירה 1840 פרנק']);
      }),
    );
  });

  test('names in Latin letters keep their own order, and a space', () => {
    expect(
      textOf([
        item('בשפת', 400),
        item('Visual', 340, 700, 36),
        item('Basic', 380 - 1, 700, 21),
        item('היום', 316),
      ]),
    ).toEqual(['בשפת Visual Basic היום']);
  });

  test('the forms of Arabic letters and Latin ligatures become the letters', () => {
    expect(textOf([item('\ufefb\ufe97\ufed0\ufbff', 400)])).toEqual(['لاتغی']);
    expect(textOf([item('e\ufb03cient', 72)])).toEqual(['efficient']);
  });

  test('letters of a ligature stand in the order of reading', () => {
    const drawn = (glyphs: readonly string[]) => ({
      fnArray: [44],
      argsArray: [[glyphs.map((unicode) => ({ unicode }))]],
    });
    // As they stand on the page from the left.
    const problems = drawn(['ت', 'لا', 'ك', 'ش', 'م', 'ل', 'ا']);
    const item1 = item('المشكالت', 400);
    expect(withLigatures([item('R', 500), item1], problems, { showText: 44 }).map(({ str }) => str)).toEqual([
      'R',
      'المشكلات',
    ]);
    // The article is no ligature.
    const article = drawn(['د', 'ل', 'ب', 'ل', 'ا']);
    expect(withLigatures([item('البلد', 400)], article, { showText: 44 })[0]?.str).toBe('البلد');
    // Glyphs that say nothing of this text change nothing.
    expect(withLigatures([item('البلد', 400)], problems, { showText: 44 })[0]?.str).toBe('البلد');
  });
});

test('boxes of turned pages lead back to the file, whatever the crop box', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(0, 90, 180, 270),
      fc.constantFrom(0, 1, 2, 3),
      fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: -50, max: 50 })),
      (rotate, turns, [x, y]) => {
        const turned = PageFrame.of([x, y, x + 400, y + 700], rotate).turned(turns);
        const [a, b, c, d, e, f] = turned.matrix;
        const corner = (px: number, py: number) => [a * px + c * py + e, b * px + d * py + f] as const;
        const [from, to] = [corner(x + 10, y + 20), corner(x + 110, y + 50)];
        const box = {
          x0: Math.min(from[0], to[0]),
          y0: Math.min(from[1], to[1]),
          x1: Math.max(from[0], to[0]),
          y1: Math.max(from[1], to[1]),
        };
        expect(box.x0 >= 0 && box.y0 >= 0 && box.x1 <= turned.width && box.y1 <= turned.height).toBe(true);
        expect(turned.inFile(box)).toEqual([x + 10, y + 20, x + 110, y + 50]);
      },
    ),
  );
});

test('the version of pdfjs-dist, whose character maps we serve, is that of the pdf.js that unpdf bundles', async () => {
  const { readFile } = await import('node:fs/promises');
  const bundled = await readFile(
    new URL('../../../node_modules/unpdf/dist/pdfjs.mjs', import.meta.url),
    'utf8',
  );
  const { devDependencies } = JSON.parse(
    await readFile(new URL('../../../package.json', import.meta.url), 'utf8'),
  );
  expect(/apiVersion:`([\d.]+)`/.exec(bundled)?.[1]).toBe(devDependencies['pdfjs-dist']);
});
