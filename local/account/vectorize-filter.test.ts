import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { indexedMetadata, matcher } from './vectorize-filter.ts';

const bytes = (text: string) => new TextEncoder().encode(text).length;
const text = fc.string({ unit: 'grapheme', maxLength: 80 });

describe('metadata filters', () => {
  test('LOC-12: a string is indexed by its longest whole-character beginning within 64 bytes', () => {
    fc.assert(
      fc.property(text, (value) => {
        const { label } = indexedMetadata({ label: value }, { label: 'string' });
        const indexed = String(label);
        expect(value.startsWith(indexed)).toBe(true);
        expect(bytes(indexed)).toBeLessThanOrEqual(64);
        const [next = ''] = value.slice(indexed.length);
        expect(indexed === value || bytes(indexed + next) > 64).toBe(true);
      }),
    );
  });

  test('a vector is found by its own value, and by exactly one of each pair of opposites', () => {
    const scalar = fc.oneof(text, fc.double({ noNaN: true }));
    fc.assert(
      fc.property(scalar, scalar, (value, other) => {
        const indexes = { key: typeof value === 'number' ? 'number' : 'string' } as const;
        const indexed = indexedMetadata({ key: value }, indexes);
        const holds = (condition: VectorizeVectorMetadataFilter[string]) =>
          matcher({ key: condition })(indexed);
        expect(holds(value)).toBe(true);
        expect(holds({ $eq: other })).not.toBe(holds({ $ne: other }));
        expect(holds({ $in: [other] })).not.toBe(holds({ $nin: [other] }));
        if (typeof value === typeof other) expect(holds({ $lt: other })).not.toBe(holds({ $gte: other }));
      }),
    );
  });

  test('LOC-11: a property without an index, or of another type than its index, is not there', () => {
    expect(indexedMetadata({ a: 1, b: 'x', c: { d: true } }, { a: 'string', 'c.d': 'boolean' })).toEqual({
      c: { d: true },
    });
  });

  test('LOC-13: what a vector lacks equals only null, is accepted by $ne and $nin, and lies in no range', () => {
    const holds = (condition: VectorizeVectorMetadataFilter[string]) => matcher({ year: condition })({});
    expect([null, { $eq: null }, { $ne: 2024 }, { $nin: [2024] }].map(holds)).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect([2024, { $in: [2024] }, { $lt: 2024 }, { $gte: 0 }, { $gt: '' }].map(holds)).toEqual([
      false,
      false,
      false,
      false,
      false,
    ]);
  });

  test('LOC-14: several keys are joined by AND; a key takes one operator, or a lower and an upper bound', () => {
    const indexed = { year: 2024, kind: 'manual' };
    expect(matcher({ year: { $gte: 2020, $lt: 2025 }, kind: 'manual' })(indexed)).toBe(true);
    expect(matcher({ year: { $gte: 2020, $lt: 2025 }, kind: 'offer' })(indexed)).toBe(false);
    for (const two of [
      { $gt: 2020, $gte: 2021 },
      { $ne: 2020, $lt: 2025 },
    ]) {
      expect(() => matcher({ year: two })).toThrow('one operator, or one lower and one upper bound');
    }
  });
});
