import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { indexedMetadata, matcher } from './vectorize-filter.ts';

const bytes = (text: string) => new TextEncoder().encode(text).length;
const text = fc.string({ unit: 'grapheme', maxLength: 80 });

describe('metadata filters', () => {
  test('a string is indexed by its longest whole-character beginning within 64 bytes', () => {
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

  test('a property without an index, or of another type than its index, is not there', () => {
    expect(indexedMetadata({ a: 1, b: 'x', c: { d: true } }, { a: 'string', 'c.d': 'boolean' })).toEqual({
      c: { d: true },
    });
  });
});
