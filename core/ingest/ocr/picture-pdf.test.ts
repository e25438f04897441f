import { deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { nodePages } from '../../../tests/pdfium.ts';
import { pictureAsPdf } from './picture-pdf.ts';

const u32 = (value: number) => [24, 16, 8, 0].map((shift) => (value >>> shift) & 0xff);

/** PNG without sums, which nobody here asks for: 40 × 30, the left half dark. */
function png(type: number, pixel: (dark: boolean) => readonly number[], filter = 0, interlaced = 0) {
  const [width, height] = [40, 30];
  const rows = Array.from({ length: height }, () => [
    filter,
    ...Array.from({ length: width }, (_, x) => pixel(x < width / 2)).flat(),
  ]).flat();
  const chunk = (name: string, data: readonly number[] | Uint8Array) => [
    ...u32(data.length),
    ...Buffer.from(name, 'latin1'),
    ...data,
    ...u32(0),
  ];
  return Uint8Array.from([
    ...[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
    ...chunk('IHDR', [...u32(width), ...u32(height), 8, type, 0, 0, interlaced]),
    ...(type === 3 ? chunk('PLTE', [255, 255, 255, 10, 10, 10]) : []),
    ...chunk('IDAT', deflateSync(Uint8Array.from(rows))),
    ...chunk('IEND', []),
  ]);
}

/** Grey in the middle of the left and of the right half, as PDFium draws it. */
async function halves(bytes: Uint8Array<ArrayBuffer>): Promise<readonly (number | undefined)[]> {
  const pdf = await pictureAsPdf(bytes);
  if (pdf === null) throw new Error('It is no picture.');
  return nodePages.open(pdf, async (pages) => {
    const drawn = await pages.draw(1);
    if (drawn === null) throw new Error('It cannot be drawn.');
    const middle = Math.floor(drawn.height / 2) * drawn.width;
    return [0.25, 0.75].map((share) => drawn.pixels[middle + Math.floor(drawn.width * share)]);
  });
}

describe('a picture as a page', () => {
  test.each([
    ['grey', png(0, (dark) => [dark ? 10 : 250])],
    ['colours', png(2, (dark) => (dark ? [10, 10, 10] : [250, 250, 250]))],
    ['palette', png(3, (dark) => [dark ? 1 : 0])],
    ['grey with transparency', png(4, (dark) => (dark ? [10, 255] : [0, 0]))],
    ['colours with transparency', png(6, (dark) => (dark ? [10, 10, 10, 255] : [0, 0, 0, 0]))],
  ])('PNG: %s', async (_name, bytes) => {
    const [left = 255, right = 0] = await halves(bytes);
    expect(left).toBeLessThan(30);
    expect(right).toBeGreaterThan(230);
  });

  test('JPEG, as it is', async () => {
    // 16 × 16 pixels of one grey (120), baseline, written by libjpeg.
    const jpeg = Uint8Array.from(Buffer.from(JPEG, 'base64'));
    const [left = 0, right = 0] = await halves(jpeg);
    expect(Math.abs(left - 120)).toBeLessThan(4);
    expect(Math.abs(right - 120)).toBeLessThan(4);
  });

  test('what is neither, or broken, is no page', async () => {
    const cut = png(6, () => [1, 2, 3, 4]).slice(0, 60);
    for (const bytes of [
      cut,
      png(2, () => [1, 2, 3], 0, 1),
      Uint8Array.of(0xff, 0xd8, 0xff),
      new Uint8Array(9),
    ]) {
      expect(await pictureAsPdf(bytes)).toBeNull();
    }
  });
});

const JPEG =
  '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAoHBwgHBgoICAgLCgoLDhgQDg0NDh0VFhEYIx8lJCIfIiEmKzcvJik0KSEiMEExNDk7Pj4+JS5ESUM8SDc9Pjv/wAALCAAQABABAREA/8QAFQABAQAAAAAAAAAAAAAAAAAAAAP/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/9oACAEBAAA/AIgP/9k=';
