import { describe, expect, test } from 'vitest';
import { pairwise, paretoSelection, type Slot } from './index.ts';

describe('pairwise', () => {
  test('an answer wins that is preferred in both slots', () => {
    expect(pairwise('A', 'B')).toEqual({ winner: 'A', consistent: true });
    expect(pairwise('B', 'A')).toEqual({ winner: 'B', consistent: true });
    expect(pairwise('tie', 'tie')).toEqual({ winner: 'tie', consistent: true });
  });

  test('a judge that prefers a slot has said nothing, under either rule', () => {
    for (const rule of ['strict', 'lenient'] as const) {
      expect(pairwise('A', 'A', { rule })).toEqual({ winner: 'tie', consistent: false });
      expect(pairwise('B', 'B', { rule })).toEqual({ winner: 'tie', consistent: false });
    }
  });

  test('a win and a tie are a win only under the lenient rule', () => {
    expect(pairwise('A', 'tie', { rule: 'strict' }).winner).toBe('tie');
    expect(pairwise('A', 'tie', { rule: 'lenient' })).toEqual({ winner: 'A', consistent: false });
    expect(pairwise('tie', 'A', { rule: 'lenient' })).toEqual({ winner: 'B', consistent: false });
  });

  test('a verdict of another kind is a bug, not a tie', () => {
    expect(() => pairwise('C' as Slot, 'A')).toThrow(RangeError);
  });
});

describe('paretoSelection', () => {
  test('candidates are drawn in proportion to the cases that they lead', () => {
    expect(paretoSelection({ a: [1, 1, 1, 0], b: [0, 0, 0, 1], c: [0.5, 0.5, 0.5, 0.5] })).toEqual({
      a: 0.75,
      b: 0.25,
      c: 0,
    });
  });

  test('a tie leads for all, unless others lead wherever a candidate does', () => {
    expect(paretoSelection({ a: [1, 0, 1], b: [0, 1, 1] })).toEqual({ a: 0.5, b: 0.5 });
    // c leads the last case beside a and b, and no case alone.
    expect(paretoSelection({ a: [1, 0, 1], b: [0, 1, 1], c: [0, 0, 1] })).toEqual({ a: 0.5, b: 0.5, c: 0 });
    // Together a and b lead wherever c does, though neither beats it everywhere: what GEPA's library removes.
    expect(paretoSelection({ a: [2, 0, 9], b: [0, 2, 0], c: [2, 2, 0] })).toEqual({ a: 0.5, b: 0, c: 0.5 });
  });

  test('of equals the first to go is the one with the lower mean; one always stays', () => {
    expect(paretoSelection({ a: [1, 1], b: [1, 1] })).toEqual({ a: 0, b: 1 });
    expect(paretoSelection({ low: [1, 0.2, 0], high: [1, 0.4, 0.1] })).toEqual({ low: 0, high: 1 });
  });

  test('nothing to choose from is not measurable; ragged scores are a bug', () => {
    const unmeasurable = { kind: 'not-measurable', reason: expect.any(String) };
    expect(paretoSelection({})).toEqual(unmeasurable);
    expect(paretoSelection({ a: [], b: [] })).toEqual(unmeasurable);
    expect(() => paretoSelection({ a: [1], b: [1, 2] })).toThrow(RangeError);
    expect(() => paretoSelection({ a: [Number.NaN] })).toThrow(RangeError);
  });
});
