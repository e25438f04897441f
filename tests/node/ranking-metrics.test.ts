import { expect, test } from 'vitest';
import { meanScore, scoreRanking } from '../../benchmarks/retrieval/metrics.ts';

test('graded relevance, worked by hand', () => {
  const grades = new Map([
    ['d1', 0],
    ['d2', 3],
    ['d3', 1],
    ['d5', 2],
    ['d6', 2],
  ]);
  const score = scoreRanking(['d1', 'd2', 'd3', 'd4', 'd5'], grades);
  const ideal = 3 + 2 / Math.log2(3) + 2 / 2 + 1 / Math.log2(5);
  expect(score?.ndcg10).toBeCloseTo((3 / Math.log2(3) + 1 / 2 + 2 / Math.log2(6)) / ideal, 12);
  expect(score).toMatchObject({ recall50: 3 / 4, reciprocalRank: 1 / 2, all10: 0 });
});

test('a perfect order is 1, an empty one 0, and a query without a relevant document is left out', () => {
  const grades = new Map([
    ['a', 2],
    ['b', 1],
  ]);
  const perfect = scoreRanking(['a', 'b'], grades);
  const empty = scoreRanking([], grades);
  expect(perfect).toMatchObject({ ndcg10: 1, recall100: 1, reciprocalRank: 1, all10: 1 });
  expect(empty).toMatchObject({ ndcg10: 0, recall100: 0, reciprocalRank: 0, all10: 0 });
  expect(scoreRanking(['a'], new Map([['a', 0]]))).toBeNull();
  if (perfect === null || empty === null) throw new Error('Both have relevant documents.');
  expect(meanScore([perfect, empty]).ndcg10).toBe(0.5);
});
