import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SentenceBuffer } from './sentence-buffer.ts';

const written = 'Frames last ten years. [1] Forks last two.[2] [3] Is that all? Yes [1].';

describe('SentenceBuffer', () => {
  test('keeps each marker with the sentence before it, however the text is cut', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 80, maxLength: 80 }), (lengths) => {
        const buffer = new SentenceBuffer();
        const pieces: string[] = [];
        let at = 0;
        for (const length of lengths) {
          pieces.push(...buffer.push(written.slice(at, at + length)));
          at += length;
        }
        pieces.push(...buffer.flush());
        expect(pieces.join('')).toBe(written);
        expect(pieces.map((piece) => piece.trim())).toEqual([
          'Frames last ten years. [1]',
          'Forks last two.[2] [3]',
          'Is that all?',
          'Yes [1].',
        ]);
      }),
    );
  });

  test('gives a sentence away as soon as the next has begun', () => {
    const buffer = new SentenceBuffer();
    expect(buffer.push('Frames last ten years.')).toEqual([]);
    expect(buffer.push(' [1')).toEqual([]);
    expect(buffer.push('] For')).toEqual(['Frames last ten years. [1] ']);
    expect(buffer.flush()).toEqual(['For']);
  });
});
