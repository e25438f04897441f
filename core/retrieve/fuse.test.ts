import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fuse, fusionWeights } from './fuse.ts';

const fusion = { kind: 'evidence', cosineASquaredDeviation: 0.003 } as const;

const list = (...entries: readonly (readonly [string, number])[]) =>
  entries.map(([passageId, score]) => ({ passageId, score }));

const candidates = fc.uniqueArray(
  fc.record({
    passageId: fc.stringMatching(/^[a-f]{1,2}$/),
    score: fc.double({ min: -50, max: 50, noNaN: true }),
  }),
  { selector: ({ passageId }) => passageId, maxLength: 30 },
);
const weights = fc
  .record({
    embedding: fc.double({ min: 0, max: 1, noNaN: true }),
    text: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .filter(({ embedding, text }) => embedding + text > 0.01);

describe('fusion', () => {
  test('a convex combination of both sides, what a side does not list being its worst', () => {
    const dense = list(['a', 0.9], ['b', 0.7], ['c', 0.5]);
    const sparse = list(['b', 12], ['d', 3]);
    const fused = fuse(dense, sparse, { embedding: 0.7, text: 0.3 });
    expect(fused.map(({ passageId, fused }) => [passageId, Number(fused.toFixed(6))])).toEqual([
      ['a', 0.7],
      ['b', 0.65],
      ['d', 0.075],
      ['c', 0],
    ]);
    expect(fused[0]).toMatchObject({ dense: 0.9, sparse: null });
    expect(fused[2]).toMatchObject({ dense: null, sparse: 3 });
  });

  test('only the ratio of the weights counts', () => {
    const dense = list(['a', 3], ['b', 1]);
    const sparse = list(['b', 3], ['a', 1], ['c', 2]);
    expect(fuse(dense, sparse, { embedding: 1, text: 0.5 })).toEqual(
      fuse(dense, sparse, { embedding: 0.5, text: 0.25 }),
    );
  });

  test('one side alone keeps its order', () => {
    const dense = list(['a', 0.9], ['b', 0.8], ['c', 0.1]);
    expect(fuse(dense, [], { embedding: 0.7, text: 0.3 }).map(({ passageId }) => passageId)).toEqual([
      'a',
      'b',
      'c',
    ]);
  });

  test('scores are 0…1 and fall, every candidate comes once, and the lists’ own order does not matter', () => {
    fc.assert(
      fc.property(candidates, candidates, weights, (dense, sparse, share) => {
        const fused = fuse(dense, sparse, share);
        const scores = fused.map((one) => one.fused);
        expect(scores.every((score) => score >= 0 && score <= 1 + 1e-12)).toBe(true);
        expect(scores).toEqual(scores.toSorted((a, b) => b - a));
        const ids = new Set([...dense, ...sparse].map(({ passageId }) => passageId));
        expect(new Set(fused.map(({ passageId }) => passageId))).toEqual(ids);
        expect(fused).toHaveLength(ids.size);
        expect(fuse(dense.toReversed(), sparse.toReversed(), share)).toEqual(fused);
      }),
    );
  });
});

describe('evidence', () => {
  const share = (dense: ReturnType<typeof list>, sparse: ReturnType<typeof list>) => {
    const { embedding, text } = fusionWeights(dense, sparse, fusion);
    return text / (embedding + text);
  };
  const flat = Array.from({ length: 100 }, (_, n) => ({ passageId: `p${n}`, score: 5 + n / 1000 }));
  const telling = flat.map((one, n) => (n === 0 ? { ...one, score: 20 } : one));
  const near = list(['p0', 0.9], ['p1', 0.5]);
  const alike = list(['p0', 0.72], ['p1', 0.7]);

  test('words count more where one match stands out, and where the vectors tell nothing apart', () => {
    expect(share(near, telling)).toBeGreaterThan(share(near, flat));
    expect(share(alike, flat)).toBeGreaterThan(share(near, flat));
    expect(share(alike, telling)).toBeGreaterThan(0.9);
  });

  test('a single match among many passages stands out; no match says nothing', () => {
    expect(share(near, list(['p1', 8]))).toBeGreaterThan(0.4);
    expect(share(near, [])).toBe(0);
    expect(share([], telling)).toBe(1);
  });

  test('always gives weights that fuse can use', () => {
    fc.assert(
      fc.property(candidates, candidates, (dense, sparse) => {
        const { embedding, text } = fusionWeights(dense, sparse, fusion);
        expect(embedding >= 0 && text >= 0 && embedding + text > 0).toBe(true);
        const fused = fuse(dense, sparse, { embedding, text }).map((one) => one.fused);
        expect(fused.every((score) => score >= 0 && score <= 1 + 1e-9)).toBe(true);
      }),
    );
  });
});
