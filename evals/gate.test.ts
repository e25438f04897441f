import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'selvedge-gate-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const file = (name: string, lines: readonly unknown[]): string => {
  const path = join(folder, name);
  writeFileSync(
    path,
    lines.map((each) => (typeof each === 'string' ? each : JSON.stringify(each))).join('\n'),
  );
  return path;
};
const run = (n: number, score: (index: number) => unknown) =>
  Array.from({ length: n }, (_, index) => ({ case: `c${index}`, metric: 'right', score: score(index) }));

function gate(...options: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['evals/gate.ts', ...options], {
    encoding: 'utf8',
  });
  const last = stdout.trimEnd().split('\n').at(-1) ?? '';
  return {
    status,
    stderr,
    stdout,
    json: JSON.parse(last) as { verdict: string; reason?: string; metrics: Record<string, unknown>[] },
  };
}

// Each call starts a process, which takes a second on a busy machine.
describe('npm run gate', { timeout: 30_000 }, () => {
  test('exit 0, 1 and 3 stand for PASS, FAIL and UNDECIDED, and the last line is JSON', () => {
    const good = file(
      'good.jsonl',
      run(200, () => 1),
    );
    const bad = file(
      'bad.jsonl',
      run(200, (index) => (index % 4 === 0 ? 0 : 1)),
    );
    const compare = (candidate: string, margin: string) =>
      gate('--baseline', good, '--candidate', candidate, '--margin', margin);
    expect(compare(good, '.05')).toMatchObject({
      status: 0,
      json: { verdict: 'PASS', metrics: [{ metric: 'right', n: 200, difference: 0 }] },
    });
    expect(compare(bad, '.05')).toMatchObject({ status: 1, json: { verdict: 'FAIL' } });
    expect(compare(good, '.001')).toMatchObject({
      status: 3,
      json: { verdict: 'UNDECIDED', metrics: [{ needed_n: expect.any(Number) }] },
    });
    const keys = Object.keys(compare(good, '.05').json.metrics[0] ?? {});
    expect(keys).toEqual(expect.arrayContaining(['metric', 'n', 'difference', 'low', 'high', 'needed_n']));
  });

  describe('a header that says what was run', () => {
    const header = (changes: Record<string, unknown> = {}) => ({
      run: {
        dataset: 'd1',
        prompt: 'default@1',
        model: 'extractive',
        pipeline: 'a1b2',
        metrics: { right: 'v1' },
        ...changes,
      },
    });
    const scores = run(200, () => 1);
    const baseline = () => file('described.jsonl', [header(), ...scores]);
    const against = (changes: Record<string, unknown>) =>
      gate(
        '--baseline',
        baseline(),
        '--candidate',
        file('described-too.jsonl', [header(changes), ...scores]),
        '--margin',
        '.05',
      );

    test('GAT-6: a changed prompt, model or pipeline is reported and allowed', () => {
      const same = against({});
      expect(same).toMatchObject({ status: 0, json: { verdict: 'PASS', changed: {} } });
      expect(same.stdout).not.toContain('changed:');
      const pipeline = against({ pipeline: 'c3d4' });
      expect(pipeline).toMatchObject({
        status: 0,
        json: { verdict: 'PASS', changed: { pipeline: { from: 'a1b2', to: 'c3d4' } } },
      });
      expect(pipeline.stdout).toContain('pipeline changed: a1b2 → c3d4\n');
      expect(against({ prompt: 'default@2', model: 'writer', pipeline: null }).json).toMatchObject({
        verdict: 'PASS',
        changed: {
          prompt: { from: 'default@1', to: 'default@2' },
          model: { from: 'extractive', to: 'writer' },
          pipeline: { from: 'a1b2', to: null },
        },
      });
    });

    test('GAT-6: another dataset or definition of a metric is unusable input, and the reason says which', () => {
      expect(against({ dataset: 'd2' })).toMatchObject({
        status: 2,
        json: { verdict: 'UNUSABLE', reason: expect.stringMatching(/different datasets: d1 .*d2/) },
      });
      expect(against({ metrics: { right: 'v2' } })).toMatchObject({
        status: 2,
        json: { verdict: 'UNUSABLE', reason: expect.stringMatching(/'right'.*"v1".*"v2"/) },
      });
      expect(against({ metrics: { other: 'v2' } })).toMatchObject({ status: 0 });
    });

    test('a file without a header is compared as before', () => {
      const bare = file('bare.jsonl', scores);
      const compared = gate('--baseline', baseline(), '--candidate', bare, '--margin', '.05');
      expect(compared).toMatchObject({ status: 0, json: { verdict: 'PASS' } });
      expect(Object.keys(compared.json)).toEqual(['verdict', 'metrics']);
    });
  });

  test('errors and the long form of scores are read', () => {
    const before = file('before.jsonl', [
      ...run(100, () => ({ kind: 'value', value: 1 })),
      { case: 'n', metric: 'right', score: { kind: 'not-measurable', reason: 'no gold answer' } },
    ]);
    const after = file('after.jsonl', [
      ...run(90, () => 1),
      ...run(100, () => 1)
        .slice(90)
        .map(({ score: _score, ...rest }) => ({ ...rest, error: 'timeout' })),
      { case: 'n', metric: 'right', score: { kind: 'not-measurable', reason: 'no gold answer' } },
    ]);
    expect(gate('--baseline', before, '--candidate', after, '--margin', '.2')).toMatchObject({
      status: 3,
      json: { metrics: [{ n: 90, lost: { missing: 0, errors: 10, of: 100 } }] },
    });
  });

  test.each([
    [
      'no margin',
      () => [
        file(
          'x',
          run(3, () => 1),
        ),
        file(
          'y',
          run(3, () => 1),
        ),
      ],
      undefined,
    ],
    [
      'a margin below zero',
      () => [
        file(
          'x',
          run(3, () => 1),
        ),
        file(
          'y',
          run(3, () => 1),
        ),
      ],
      '-0.1',
    ],
    [
      'a file that is not there',
      () => [
        file(
          'x',
          run(3, () => 1),
        ),
        join(folder, 'nowhere'),
      ],
      '.1',
    ],
    [
      'a score that is text',
      () => [
        file(
          'x',
          run(3, () => 'good'),
        ),
        file(
          'y',
          run(3, () => 1),
        ),
      ],
      '.1',
    ],
  ])('exit 2: %s', (_name, files, margin) => {
    const [baseline = '', candidate = ''] = files();
    const rest = margin === undefined ? [] : [`--margin=${margin}`];
    const result = gate('--baseline', baseline, '--candidate', candidate, ...rest);
    expect(result).toMatchObject({ status: 2, json: { verdict: 'UNUSABLE', metrics: [] } });
    expect(result.stderr).toMatch(/^gate: /);
    expect(result.stderr).not.toMatch(/ at /);
  });
});
