import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sentences } from './sentences.ts';

const texts = (text: string) => sentences(text).map((sentence) => sentence.text);

describe('sentences', () => {
  test('are exact slices in order, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const found = sentences(text);
        return found.every(
          ({ text: piece, start, end }, place) =>
            text.slice(start, end) === piece &&
            piece.trim() === piece &&
            start >= (found[place - 1]?.end ?? 0),
        );
      }),
    );
  }, 30_000);

  test('leave nothing out but space', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
        expect(texts(text).join('').replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
      }),
    );
  });

  test('do not end at initials, titles and abbreviations', () => {
    expect(texts('The U.S. won. Dr. Smith of No. 5 Elm Street said so. J. R. Tolkien wrote.')).toEqual([
      'The U.S. won.',
      'Dr. Smith of No. 5 Elm Street said so.',
      'J. R. Tolkien wrote.',
    ]);
  });

  test('a row of a table stands for itself', () => {
    expect(texts('service: Puncture repair | price_eur: 19\nservice: Wheel truing | price_eur: 25')).toEqual([
      'service: Puncture repair | price_eur: 19',
      'service: Wheel truing | price_eur: 25',
    ]);
  });

  test('go on over a wrapped line, and end at a blank one and at a list item', () => {
    expect(texts('It wraps\nhere.\n\nA list\n- one\n- two')).toEqual([
      'It wraps\nhere.',
      'A list',
      '- one',
      '- two',
    ]);
  });

  test('are found in Chinese and Japanese', () => {
    expect(texts('東京は首都です。人口は多い。')).toEqual(['東京は首都です。', '人口は多い。']);
  });
});
