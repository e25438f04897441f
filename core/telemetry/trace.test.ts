import { expect, test } from 'vitest';
import { systemRandom } from '../identifier.ts';
import { picodollars } from './money.ts';
import { Trace, type Usage } from './trace.ts';

class Bench {
  now = 1_000;
  readonly trace = new Trace('POST /v1/responses', { clock: () => this.now, random: systemRandom });
}

const usage = (dollars: number): Usage => ({
  model: 'm',
  operation: 'chat',
  provider: 'p',
  inputTokens: 10,
  outputTokens: 1,
  cost: picodollars(dollars),
});

test('TRC-1: a call counts once, however deep it lies', async () => {
  const { trace } = new Bench();
  await trace.root.stage('generate', {}, (stage) =>
    stage.within('attempt', {}, async (span) => span.use(usage(0.25))),
  );
  trace.root.end();
  expect(trace.spans.map((span) => span.usage?.cost ?? null)).toEqual([picodollars(0.25), null, null]);
  expect(trace.totals).toEqual({
    inputTokens: 10,
    outputTokens: 1,
    cacheReadTokens: 0,
    reasoningTokens: 0,
    cost: picodollars(0.25),
  });
});

test('TRC-2: a span ends once, also when its work throws, and records the message and no stack', async () => {
  const { trace } = new Bench();
  const work = trace.root.within('upstream', {}, async (span) => {
    span.end();
    throw new Error('The line is dead.');
  });
  await expect(work).rejects.toThrow('The line is dead.');
  await expect(trace.root.within('second', {}, () => Promise.reject(new Error('Again.')))).rejects.toThrow();
  expect(trace.spans.map(({ name, error }) => [name, error])).toEqual([
    ['upstream', null],
    ['second', 'Again.'],
  ]);
});

test('TRC-3: parallel stages each give their own wall time, a repeated one the sum', async () => {
  const bench = new Bench();
  const { root, stages } = bench.trace;
  const dense = Promise.withResolvers<void>();
  const both = [
    root.stage('dense', {}, () => dense.promise),
    root.stage('sparse', {}, async () => undefined),
  ];
  await both[1];
  bench.now += 40;
  dense.resolve();
  await Promise.all(both);
  await root.stage('embed', {}, async () => {
    bench.now += 5;
  });
  await root.stage('embed', {}, async () => {
    bench.now += 7;
  });
  expect(Object.fromEntries(stages)).toEqual({ sparse: 0, dense: 40, embed: 12 });
});
