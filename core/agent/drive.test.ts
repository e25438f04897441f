import { expect, test } from 'vitest';
import { AgentBench } from '../../tests/agent-bench.ts';
import { defineAgent } from './graph.ts';

test.each([
  ['cannot be looked up', () => Promise.reject(new Error('D1 is away'))],
  ['was revoked', () => Promise.resolve(null)],
])('LED-6: a drive whose key %s spends nothing, and is tried again', async (_why, find) => {
  let ran = 0;
  const agent = defineAgent<{ readonly done: boolean }, 'only'>({
    name: 'once',
    title: 'Once',
    description: 'Runs one node.',
    inputSchema: { type: 'object' },
    start: 'only',
    nodes: {
      only: {
        run: () => {
          ran += 1;
          return { done: true };
        },
        next: null,
      },
    },
    output: () => null,
  });
  const bench = new AgentBench(agent);
  const { keys } = bench.deps;
  bench.deps = { ...bench.deps, keys: { find } };
  const run = bench.start({});
  await bench.alarm();
  expect(ran).toBe(0);
  expect(bench.run(run)).toMatchObject({ status: 'running', attempts: 1 });
  bench.deps = { ...bench.deps, keys };
  bench.now += 60_000;
  await bench.alarm();
  expect(bench.run(run)).toMatchObject({ status: 'completed' });
});
