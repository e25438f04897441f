import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { gate } from './gate.ts';
import { type CaseScore, failed, notMeasurable, type Score, value } from './score.ts';
import { seededRandom } from './statistics/random.ts';
import { pairedBootstrap } from './statistics/resampling.ts';

const scores = (values: readonly (number | Score)[], metric = 'right'): readonly CaseScore[] =>
  values.map((each, index) => ({
    case: `c${index}`,
    metric,
    score: typeof each === 'number' ? value(each) : each,
  }));
const coin = (n: number, p: number, seed: number) => {
  const random = seededRandom(seed);
  return Array.from({ length: n }, () => (random() < p ? 1 : 0));
};
const verdict = (before: readonly CaseScore[], after: readonly CaseScore[], margin: number) =>
  gate(before, after, { margin }).verdict;

describe('gate', () => {
  test('GAT-1: PASS: the same answers on enough cases', () => {
    const run = scores(coin(200, 0.8, 1));
    expect(verdict(run, run, 0.05)).toBe('PASS');
  });

  test('GAT-3: UNDECIDED: the same answers on twenty cases do not exclude two points, and it says how many would', () => {
    const run = scores(coin(20, 0.8, 1));
    const report = gate(run, run, { margin: 0.02 });
    expect(report.verdict).toBe('UNDECIDED');
    expect(report.metrics[0]?.neededN).toBeGreaterThan(1000);
  });

  test('GAT-2: FAIL: a candidate that lost every fifth answer', () => {
    const before = coin(200, 0.8, 1);
    const after = before.map((each, index) => (index % 5 === 0 ? 0 : each));
    const report = gate(scores(before), scores(after), { margin: 0.02 });
    expect(report.verdict).toBe('FAIL');
    expect(report.metrics[0]?.difference).toBeLessThan(-0.1);
    expect(report.metrics[0]?.high).toBeLessThan(-0.02);
  });

  test('margin 0 asks for an improvement', () => {
    const before = coin(200, 0.5, 1);
    expect(verdict(scores(before), scores(before), 0)).toBe('UNDECIDED');
    expect(verdict(scores(before), scores(before.map(() => 1)), 0)).toBe('PASS');
  });

  test('GAT-1, GAT-2: one bad metric is enough to fail, one unclear metric is enough not to pass', () => {
    const good = scores(coin(300, 0.8, 1));
    const few = scores(coin(10, 0.8, 2), 'rare');
    expect(verdict([...good, ...few], [...good, ...few], 0.05)).toBe('UNDECIDED');
    const bad = scores(Array(50).fill(1), 'rare');
    const broken = scores(Array(50).fill(0), 'rare');
    expect(verdict([...good, ...bad], [...good, ...broken], 0.05)).toBe('FAIL');
  });

  test.each([
    ['missing', (run: readonly CaseScore[]) => run.slice(0, 180)],
    [
      'errors',
      (run: readonly CaseScore[]) => run.map((each, i) => (i < 20 ? { ...each, score: failed('x') } : each)),
    ],
  ])('GAT-4: a tenth of the cases %s never passes', (_name, damage) => {
    const run = scores(Array(200).fill(1));
    expect(verdict(run, run, 0.05)).toBe('PASS');
    expect(verdict(run, damage(run), 0.05)).toBe('UNDECIDED');
    expect(verdict(damage(run), run, 0.05)).toBe('UNDECIDED');
  });

  test('GAT-4: a metric that one side does not have never passes', () => {
    const run = scores(Array(200).fill(1));
    expect(verdict([...run, ...scores(Array(200).fill(1), 'other')], run, 0.05)).toBe('UNDECIDED');
    expect(verdict([], [], 0.05)).toBe('UNDECIDED');
  });

  test('GAT-5: cases that a side cannot measure are left out', () => {
    const run = scores([
      ...Array<number>(200).fill(1),
      ...Array<Score>(100).fill(notMeasurable('no gold answer')),
    ]);
    const report = gate(run, run, { margin: 0.05 });
    expect(report).toMatchObject({ verdict: 'PASS', metrics: [{ n: 200, lost: { of: 200 } }] });
  });

  test('graded scores are judged by their spread', () => {
    const random = seededRandom(3);
    const before = Array.from({ length: 200 }, random);
    const noisy = before.map((each) => each + (random() - 0.5) * 0.1);
    expect(verdict(scores(before), scores(noisy), 0.02)).toBe('PASS');
    expect(verdict(scores(before), scores(noisy.map((each) => each - 0.1)), 0.02)).toBe('FAIL');
    expect(verdict(scores(before.slice(0, 5)), scores(noisy.slice(0, 5)), 0.001)).toBe('UNDECIDED');
  });

  test('three graded scores that did not move are no proof', () => {
    const run = scores([0.5, 0.7, 0.6]);
    expect(verdict(run, run, 0.05)).toBe('UNDECIDED');
  });

  test('150,000 graded cases do not overflow the stack', () => {
    const before = Array.from({ length: 150_000 }, (_, index) => (index % 7) / 8);
    const after = before.map((score) => score + 0.125);
    expect(gate(scores(before), scores(after), { margin: 0.01 })).toMatchObject({ verdict: 'PASS' });
    expect(pairedBootstrap(before, [...after].reverse(), { resamples: 2 }).low).toBeLessThan(0);
    // Seconds on a busy machine.
  }, 30_000);

  test('two scores for one case are refused', () => {
    expect(() => gate([...scores([1]), ...scores([0])], scores([1]), { margin: 0.1 })).toThrow(/two scores/);
  });

  test('whatever the scores are: no NaN, ends around the difference, and a wider margin never turns PASS away', () => {
    const score = fc.oneof(fc.constantFrom(0, 0.5, 1), fc.double({ min: 0, max: 1, noNaN: true }));
    fc.assert(
      fc.property(fc.array(fc.tuple(score, score), { maxLength: 30 }), (pairs) => {
        const [before, after] = [scores(pairs.map((p) => p[0])), scores(pairs.map((p) => p[1]))];
        const narrow = gate(before, after, { margin: 0.1 });
        for (const { difference, low, high } of narrow.metrics) {
          if (difference === null || low === null || high === null) continue;
          expect(Number.isFinite(low) && Number.isFinite(high)).toBe(true);
          expect(low).toBeLessThanOrEqual(difference + 1e-9);
          expect(high).toBeGreaterThanOrEqual(difference - 1e-9);
        }
        if (narrow.verdict === 'PASS') expect(verdict(before, after, 0.3)).toBe('PASS');
      }),
      { numRuns: 40 },
    );
  });

  test('a candidate exactly the margin worse passes in at most 2.5 % of the runs', () => {
    let passed = 0;
    const rounds = 1000;
    for (let round = 0; round < rounds; round += 1) {
      const random = seededRandom(1000 + round);
      const before: number[] = [];
      const after: number[] = [];
      for (let n = 0; n < 150; n += 1) {
        const u = random();
        before.push(u < 0.75 ? 1 : 0);
        after.push(u < 0.6 || (u > 0.75 && u < 0.8) ? 1 : 0);
      }
      if (verdict(scores(before), scores(after), 0.1) === 'PASS') passed += 1;
    }
    // 2.5 % and three standard errors of a share of 1,000.
    expect(passed / rounds).toBeLessThan(0.025 + 3 * Math.sqrt((0.025 * 0.975) / rounds));
  });
});
