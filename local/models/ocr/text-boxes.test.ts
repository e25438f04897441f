import { expect, test } from 'vitest';
import { readCharacters, wordsOf } from './read-characters.ts';
import { textBoxes } from './text-boxes.ts';

const map = (width: number, height: number, isText: (x: number, y: number) => boolean) => ({
  width,
  height,
  values: Float32Array.from({ length: width * height }, (_, at) =>
    isText(at % width, Math.floor(at / width)) ? 0.9 : 0.05,
  ),
});

test('a region becomes its box, grown by what the training had shrunk', () => {
  const boxes = textBoxes(map(120, 60, (x, y) => x >= 20 && x < 100 && y >= 20 && y < 30));
  expect(boxes).toHaveLength(1);
  const [[topLeft, , bottomRight] = []] = boxes;
  // 80 × 10 with a perimeter of 180 grows by 800 · 1.5 / 180 = 6.7 on each side.
  expect(topLeft?.x).toBeCloseTo(13.3, 1);
  expect(topLeft?.y).toBeCloseTo(13.3, 1);
  expect(bottomRight?.x).toBeCloseTo(106.7, 1);
  expect(bottomRight?.y).toBeCloseTo(36.7, 1);
});

test('a slanting line has a slanting box', () => {
  const slope = Math.tan((10 * Math.PI) / 180);
  const boxes = textBoxes(map(200, 100, (x, y) => x > 20 && x < 180 && Math.abs(y - 20 - x * slope) < 6));
  const [[topLeft, topRight] = []] = boxes;
  expect(boxes).toHaveLength(1);
  const angle = Math.atan2((topRight?.y ?? 0) - (topLeft?.y ?? 0), (topRight?.x ?? 0) - (topLeft?.x ?? 0));
  expect((angle * 180) / Math.PI).toBeCloseTo(10, 0);
});

test('two lines are two boxes, and dirt is none', () => {
  const boxes = textBoxes(
    map(
      100,
      80,
      (x, y) => (x > 10 && x < 90 && (Math.abs(y - 20) < 4 || Math.abs(y - 50) < 4)) || (x === 5 && y === 5),
    ),
  );
  expect(boxes).toHaveLength(2);
});

test('characters: repetitions once, a blank between two of the same, spaces part words', () => {
  const alphabet = ['a', 'b'];
  // Classes: blank, a, b, space.
  const columns = [1, 1, 0, 1, 2, 3, 2, 0];
  const scores = new Float32Array(columns.length * 4);
  for (const [at, best] of columns.entries()) scores[at * 4 + best] = 0.8;
  const characters = readCharacters(scores, 4, alphabet);
  expect(characters.map(({ text }) => text).join('')).toBe('aab b');
  const words = wordsOf(characters, columns.length);
  expect(words.map(({ text, from, to }) => ({ text, from, to }))).toEqual([
    { text: 'aab', from: 0, to: 5.5 / 8 },
    { text: 'b', from: 5.5 / 8, to: 7.5 / 8 },
  ]);
  expect(words[0]?.confidence).toBeCloseTo(0.8, 5);
});
