import { describe, expect, test } from 'vitest';
import { scoreLine } from '../core/evaluate/score.ts';
import { parseResults } from './results.ts';

describe('parseResults', () => {
  test.each([
    ['nothing', ''],
    ['half a line', '{"case":'],
    ['no score', '{"case": "a", "metric": "m"}'],
    ['a null', '{"case": "a", "metric": "m", "score": null}'],
    ['a number in words', '{"case": "a", "metric": "m", "score": "1"}'],
    ['NaN', '{"case": "a", "metric": "m", "score": NaN}'],
    ['an unknown kind', '{"case": "a", "metric": "m", "score": {"kind": "maybe"}}'],
    ['a field too many', '{"case": "a", "metric": "m", "score": 1, "weight": 2}'],
    ['an empty name', '{"case": "", "metric": "m", "score": 1}'],
    [
      'a header that names no dataset',
      '{"run": {"prompt": "a@1"}}\n{"case": "a", "metric": "m", "score": 1}',
    ],
    ['a header alone', '{"run": {"dataset": "d"}}'],
    ['a header further down', '{"case": "a", "metric": "m", "score": 1}\n{"run": {"dataset": "d"}}'],
    ['one case twice', '{"case": "a", "metric": "m", "score": 1}\n{"case": "a", "metric": "m", "score": 1}'],
  ])('refuses %s, naming the file', (_name, text) => {
    expect(() => parseResults(text, 'run.jsonl')).toThrow(/^run\.jsonl/);
  });

  test('reads back what scoreLine writes', () => {
    const results = [
      { case: 'a', metric: 'm', score: { kind: 'value', value: 0.5 } },
      { case: 'b', metric: 'm', score: { kind: 'error', message: 'timeout' } },
      { case: 'c', metric: 'm', score: { kind: 'not-measurable', reason: 'no gold answer' } },
    ] as const;
    expect(parseResults(results.map(scoreLine).join('\n'), 'x')).toEqual({ run: null, scores: results });
  });
});
