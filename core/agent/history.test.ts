import { describe, expect, test } from 'vitest';
import { AgentBench } from '../../tests/agent-bench.ts';
import { asId, type RunId, type TenantId } from '../identifier.ts';
import { ask, call, defineAgent } from './graph.ts';
import { type HistoryEntry, readHistory } from './history.ts';
import type { Json } from './json.ts';
import type { Tool } from './tool.ts';

/** Milliseconds, on a machine that is busy with other things. */
const SLOW = 60_000;
const tenant = asId<TenantId>('tenant_bench');
const nobody = () => {
  throw new Error('Nobody should be asked');
};
const head = { name: 'one', title: 'One', description: '', inputSchema: { type: 'object' } as const };

type Growing = { readonly list: readonly Json[]; readonly more: readonly Json[] };

/** A list that grows by `length` characters a step: the states of n steps are as long as n² of them. */
const growing = (steps: number, length: number) =>
  defineAgent<Growing, 'add'>({
    ...head,
    start: 'add',
    nodes: {
      add: {
        run: () => ({ list: ['x'.repeat(length)] }),
        next: { to: ['add', null], choose: ({ list }) => (list.length < steps ? 'add' : null) },
      },
    },
    reducers: { list: (before, written) => [...((before as Json[]) ?? []), ...(written as Json[])] },
    output: () => null,
  });

function pagesOf(bench: AgentBench, id: RunId, order: 'asc' | 'desc'): readonly (readonly HistoryEntry[])[] {
  const pages: (readonly HistoryEntry[])[] = [];
  for (let after: number | null = null; ; ) {
    const { entries, next } = readHistory(bench.deps, tenant, id, { limit: 100, after, order });
    pages.push(entries);
    if (next === null) return pages;
    after = next;
  }
}

describe('AGT-30: a history of any length can be read', () => {
  test(
    'in pages below 3 million characters, each step once, in either order',
    async () => {
      const bench = new AgentBench(growing(400, 1_000));
      const id = bench.start({ list: [] });
      expect(await bench.finish(id, nobody)).toMatchObject({ status: 'completed' });
      for (const order of ['asc', 'desc'] as const) {
        const pages = pagesOf(bench, id, order);
        const steps = pages.flat().map(({ step }) => step.step);
        expect([...steps].sort((a, b) => a - b)).toEqual(
          Array.from({ length: 400 }, (_, place) => place + 1),
        );
        expect(steps[0]).toBe(order === 'asc' ? 1 : 400);
        expect(pages.length).toBeGreaterThan(10);
        for (const page of pages) expect(JSON.stringify(page).length).toBeLessThan(3_000_000);
      }
    },
    SLOW,
  );

  test('a state that no page could hold fails the run instead', async () => {
    const bench = new AgentBench(growing(100, 100_000));
    const run = await bench.finish(bench.start({ list: [] }), nobody);
    expect(run).toMatchObject({ status: 'failed', error: { code: 'node_failed' } });
    expect(run.error?.message).toContain('4 million characters');
  });

  test('what is too long for a page is left out and named', async () => {
    const fetch: Tool<Json, Json> = {
      name: 'fetch',
      description: 'Fetches a page.',
      repeatability: 'read',
      parameters: {},
      result: {},
      run: async () => 'y'.repeat(900_000),
    };
    const agent = defineAgent<Growing, 'only'>({
      ...head,
      start: 'only',
      nodes: {
        only: {
          *run() {
            for (const name of ['a', 'b', 'c']) yield* call(fetch, name, name);
            return {};
          },
          next: null,
        },
      },
      output: () => null,
    });
    const bench = new AgentBench(agent);
    const id = bench.start({});
    await bench.finish(id, nobody);
    const [entry] = bench.history(id);
    expect(entry?.effects.map(({ args, omitted }) => [args, omitted])).toEqual([
      ['a', []],
      ['b', []],
      ['c', ['result']],
    ]);
  });
});

test('a step keeps every answer that was given in it', async () => {
  const agent = defineAgent<Growing, 'only'>({
    ...head,
    start: 'only',
    nodes: {
      only: {
        *run() {
          const list: Json[] = [];
          for (const name of ['first', 'second', 'third']) list.push(yield* ask(name, `${name}?`, {}));
          return { list };
        },
        next: null,
      },
    },
    output: ({ list }) => list as Json,
  });
  const bench = new AgentBench(agent);
  const id = bench.start({});
  await bench.finish(id, ({ name }) => ({ action: 'respond', value: name }));
  expect(bench.history(id)[0]?.answers.map(({ interrupt, value }) => [interrupt.name, value])).toEqual([
    ['first', 'first'],
    ['second', 'second'],
    ['third', 'third'],
  ]);
});
