import { expect, test } from 'vitest';
import { AgentBench } from '../../tests/agent-bench.ts';
import { defineAgent } from './graph.ts';
import { publish } from './inbox.ts';

const agent = defineAgent<{ readonly order: string }, 'only'>({
  name: 'one',
  title: 'One',
  description: '',
  inputSchema: { type: 'object' },
  start: 'only',
  nodes: { only: { run: () => ({}), next: null } },
  output: () => null,
});

/** Lists that cannot be reached the first `failures` times. */
function listsOf(failures: number) {
  const told: string[] = [];
  let tries = 0;
  return {
    told,
    get tries() {
      return tries;
    },
    async publish({ run }: { readonly run: { readonly status: string } }) {
      tries += 1;
      if (tries <= failures) throw new Error('D1 cannot be reached');
      told.push(run.status);
    },
  };
}

test('AGT-22: a new run is told to the lists before its caller hears of it, if need be at the third try', async () => {
  const bench = new AgentBench(agent);
  bench.start({ order: 'A' });
  const inbox = listsOf(2);
  await publish({ ...bench.deps, inbox });
  expect(inbox.told).toEqual(['running']);
  expect(bench.reported).toHaveLength(2);
});

test('AGT-21: what the lists could not be told is told at the next alarm', async () => {
  const bench = new AgentBench(agent);
  const id = bench.start({ order: 'A' });
  await bench.alarm();
  const inbox = listsOf(3);
  await publish({ ...bench.deps, inbox });
  expect(inbox.told).toEqual([]);
  const { status, wakeAt } = bench.run(id);
  expect(status).toBe('completed');
  expect(wakeAt).toBeGreaterThan(bench.now);
  await publish({ ...bench.deps, inbox });
  expect(inbox.told).toEqual(['completed']);
  expect(bench.run(id).wakeAt).toBeNull();
});
