import { describe, expect, test } from 'vitest';
import {
  answerRelevancy,
  contextPrecision,
  factualF,
  faithfulness,
  noiseSensitivity,
  quotedSpans,
  toolCallAccuracy,
  toolCallF1,
  weightedScore,
} from './index.ts';

const unmeasurable = { kind: 'not-measurable', reason: expect.any(String) };

describe('verdicts', () => {
  test('contextPrecision rewards useful contexts that stand early', () => {
    expect(contextPrecision([1, 0, 1])).toBeCloseTo((1 + 2 / 3) / 2, 12);
    expect(contextPrecision([true, true, false])).toBe(1);
    expect(contextPrecision([0, 0, 1])).toBeCloseTo(1 / 3, 12);
    expect(contextPrecision([0, 0])).toBe(0);
    expect(contextPrecision([])).toEqual(unmeasurable);
  });

  test('faithfulness is the share of supported claims; no claims are not measurable, and not 1', () => {
    expect(faithfulness([1, 1, 0, 1])).toBe(0.75);
    expect(faithfulness([])).toEqual(unmeasurable);
  });

  test('factualF, and its empty case', () => {
    expect(factualF({ tp: 3, fp: 1, fn: 2, beta: 1 })).toBeCloseTo(6 / 9, 12);
    expect(factualF({ tp: 3, fp: 1, fn: 2, beta: 2 })).toBeCloseTo(15 / (15 + 8 + 1), 12);
    expect(factualF({ tp: 0, fp: 1, fn: 0, beta: 1 })).toBe(0);
    expect(factualF({ tp: 0, fp: 0, fn: 0, beta: 1 })).toEqual(unmeasurable);
  });

  test('noiseSensitivity tells noise of useful contexts from noise of others', () => {
    const given = {
      // Context 0 supports the reference, context 1 does not.
      referenceByContext: [
        [1, 0],
        [0, 0],
      ],
      answerByContext: [
        [1, 0], // right
        [1, 1], // wrong, a useful context says it
        [0, 1], // wrong, only the other context says it
        [0, 0], // wrong, made up
      ],
      answerByReference: [1, 0, 0, 0],
    } as const;
    expect(noiseSensitivity(given)).toEqual({ relevant: 0.25, irrelevant: 0.25 });
    expect(noiseSensitivity({ ...given, answerByContext: [], answerByReference: [] })).toEqual(unmeasurable);
    expect(() => noiseSensitivity({ ...given, answerByReference: [1] })).toThrow(RangeError);
    expect(() => noiseSensitivity({ ...given, referenceByContext: [[1]] })).toThrow(RangeError);
  });
});

describe('judged', () => {
  test('weightedScore averages the probable whole numbers and leaves the rest out', () => {
    const tokens = [
      ['8', 0.6],
      ['9', 0.2],
      ['7', 0.009],
      ['8.', 0.1],
      ['eight', 0.05],
    ] as const;
    expect(weightedScore(8, tokens)).toBeCloseTo((8 * 0.6 + 9 * 0.2) / 0.8, 12);
    expect(weightedScore(6, [['good', 1]])).toBe(6);
    expect(weightedScore(6, [])).toBe(6);
  });

  test('answerRelevancy is a mean cosine; one noncommittal verdict among others does not make it 0', () => {
    const vectors = [
      [1, 0],
      [0, 1],
    ];
    expect(answerRelevancy([1, 0], vectors, [false, true])).toBeCloseTo(0.5, 12);
    expect(answerRelevancy([1, 0], vectors, [true, true])).toBe(0);
    expect(answerRelevancy([1, 0], [[-2, 0]], [false])).toBeCloseTo(-1, 12);
    expect(answerRelevancy([1, 0], [], [])).toEqual(unmeasurable);
    expect(answerRelevancy([1, 0], [[0, 0]], [false])).toEqual(unmeasurable);
  });
});

describe('quotedSpans', () => {
  const contexts = ['The frame is  covered for ten years. It is the owner’s duty to register.'];
  test.each([
    ['It says "the frame is covered for ten years".', 1, 1],
    ['It says «The frame is covered» and “a wheel is covered too”.', 1, 2],
    ['It says "ten years".', 0, 0],
    ["It's a dog's life and that's the owners' problem.", 0, 0],
    ["He wrote 'covered for ten years' there.", 1, 1],
    ['He wrote ‘the owner’s duty to register’ there.', 1, 1],
    ['„Covered for ten years“', 1, 1],
    ['No quotation.', 0, 0],
  ])('%s', (response, matched, total) => {
    expect(quotedSpans(response, contexts)).toEqual({ matched, total });
  });
});

describe('tool calls', () => {
  const search = { name: 'search', args: { query: 'frame', limit: 3 } };
  const refund = { name: 'refund', args: { order: 'A-7' } };
  const near = { name: 'search', args: { limit: 3, query: 'fork' } };

  test('toolCallF1 compares names and arguments as multisets, the order of keys aside', () => {
    expect(toolCallF1([search, refund], [refund, search])).toBe(1);
    expect(toolCallF1([search], [{ name: 'search', args: { limit: 3, query: 'frame' } }])).toBe(1);
    expect(toolCallF1([search, refund], [search, near])).toBe(0.5);
    expect(toolCallF1([search], [search, search])).toBeCloseTo(2 / 3, 12);
    expect(toolCallF1([search], [])).toBe(0);
    expect(toolCallF1([], [])).toEqual(unmeasurable);
  });

  test('toolCallAccuracy wants the tools in order, then counts right arguments', () => {
    expect(toolCallAccuracy([search, refund], [search, refund], { strictOrder: true })).toBe(1);
    expect(toolCallAccuracy([search, refund], [refund, search], { strictOrder: true })).toBe(0);
    expect(toolCallAccuracy([search, refund], [refund, search], { strictOrder: false })).toBe(1);
    expect(toolCallAccuracy([search, refund], [near, refund], { strictOrder: true })).toBe(0.75);
    expect(toolCallAccuracy([search, refund], [search], { strictOrder: false })).toBe(0);
    expect(toolCallAccuracy([search], [refund])).toBe(0);
    expect(toolCallAccuracy([], [])).toEqual(unmeasurable);
    expect(toolCallAccuracy([], [refund])).toBe(0);
  });
});
