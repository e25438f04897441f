import { expect, test } from 'vitest';
import { failed, notMeasurable, type Score, value } from './score.ts';
import { summarise } from './summary.ts';

const scores = (metric: string, values: readonly Score[]) =>
  values.map((score, index) => ({ case: `c${index}`, metric, score }));

test('yes/no scores get Wilson, graded ones a bootstrap; errors and the unmeasurable are counted apart', () => {
  const summaries = summarise([
    ...scores('right', [value(1), value(1), value(0), failed('timeout'), notMeasurable('no gold')]),
    ...scores('latency_ms', [value(100), value(200), value(900)]),
    ...scores('empty', [notMeasurable('no gold')]),
  ]);
  expect(summaries).toMatchObject([
    { metric: 'right', n: 3, errors: 1, notMeasurable: 1, mean: 2 / 3, interval: { method: 'wilson' } },
    { metric: 'latency_ms', n: 3, mean: 400, p50: 200, interval: { method: 'bootstrap' } },
    { metric: 'empty', n: 0, mean: null, interval: null },
  ]);
});
