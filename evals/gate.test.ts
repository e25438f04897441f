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
    json: JSON.parse(last) as { verdict: string; metrics: Record<string, unknown>[] },
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
