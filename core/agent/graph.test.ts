import { describe, expect, test } from 'vitest';
import { AgentBench } from '../../tests/agent-bench.ts';
import { asId, type KeyId, type RunId, type TenantId } from '../identifier.ts';
import { forkRun } from './fork.ts';
import { type Agent, call, defineAgent } from './graph.ts';
import type { Json, State } from './json.ts';
import { readRun } from './run.ts';
import type { Tool } from './tool.ts';

const tenant = asId<TenantId>('tenant_bench');
const nobody = () => {
  throw new Error('Nobody should be asked');
};
const head = { name: 'one', title: 'One', description: '', inputSchema: { type: 'object' } as const };

type Order = { readonly order: string; readonly parcel?: string };

describe('the compiler knows the nodes of a graph', () => {
  const orders: Agent<Order, 'ship' | 'tell'> = {
    ...head,
    start: 'ship',
    nodes: {
      ship: {
        run: ({ order }) => ({ parcel: `${order}-1` }),
        next: { to: ['tell', null], choose: ({ parcel }) => (parcel === undefined ? null : 'tell') },
      },
      tell: { run: () => ({}), next: null },
    },
    output: ({ parcel }) => parcel ?? null,
  };

  test('and lets a right one pass', async () => {
    const bench = new AgentBench(defineAgent<Order, 'ship' | 'tell'>(orders));
    const run = await bench.finish(bench.start({ order: 'A' }), nobody);
    expect(run).toMatchObject({ status: 'completed', output: 'A-1' });
  });

  test('an edge, a start or a choice that leads nowhere is a type error; so is a node that is missing', () => {
    const { nodes } = orders;
    const broken: Agent<Order, 'ship' | 'tell'>[] = [
      // @ts-expect-error 'shipp' is no node
      { ...orders, start: 'shipp' },
      // @ts-expect-error 'tel' is no node
      { ...orders, nodes: { ...nodes, ship: { ...nodes.ship, next: 'tel' } } },
      // @ts-expect-error 'tel' is no node
      { ...orders, nodes: { ...nodes, ship: { ...nodes.ship, next: { to: ['tel'], choose: () => null } } } },
      // @ts-expect-error 'tel' is no node
      { ...orders, nodes: { ...nodes, ship: { ...nodes.ship, next: { to: [], choose: () => 'tel' } } } },
      // @ts-expect-error there is no node 'tell'
      { ...orders, nodes: { ship: nodes.ship } },
    ];
    // @ts-expect-error the names of the nodes are not optional
    const untyped = () => defineAgent<Order>(orders);
    expect([...broken, untyped]).toHaveLength(6);
    for (const agent of broken.slice(0, 3)) expect(defineAgent(agent).problem).toContain('leads to no node');
  });

  test('names that are only known at run time are checked when the agent is defined', () => {
    const nodes = { only: { run: () => ({}), next: 'nowhere' } };
    const agent = defineAgent<Order, string>({ ...orders, start: 'only', nodes });
    expect(agent.problem).toContain("no node 'nowhere'");
  });
});

test('a choice outside its own list fails the run', async () => {
  const bench = new AgentBench(
    defineAgent<Order, 'a' | 'b' | 'c'>({
      ...head,
      start: 'a',
      nodes: {
        a: { run: () => ({}), next: { to: ['b'], choose: () => 'c' } },
        b: { run: () => ({}), next: null },
        c: { run: () => ({}), next: null },
      },
      output: () => null,
    }),
  );
  const run = await bench.finish(bench.start({ order: 'A' }), nobody);
  expect(run).toMatchObject({ status: 'failed', error: { code: 'node_failed' } });
  expect(run.error?.message).toContain("chose 'c'");
});

test('AGT-3: an edge that was taken stays taken, whatever the code says by then', async () => {
  const agent = (ways: { readonly a: 'b' | 'c' }): Agent =>
    defineAgent<State, 'a' | 'b' | 'c'>({
      ...head,
      start: 'a',
      nodes: {
        a: { run: () => ({}), next: ways.a },
        b: {
          *run() {
            yield* call(post(), 'B');
            return {};
          },
          next: null,
        },
        c: { run: () => ({}), next: null },
      },
      output: () => null,
    });
  const bench = new AgentBench(agent({ a: 'b' }));
  const id = bench.start({});
  await bench.alarm();
  bench.deps = { ...bench.deps, agents: new Map([['one', agent({ a: 'c' })]]) };
  await bench.finish(id, () => ({ action: 'approve' }));
  expect(bench.history(id).map(({ step }) => step.node)).toEqual(['a', 'b']);
});

test('AGT-19: a fork with another state chooses its edge anew, one without goes where the first run went', async () => {
  type Way = { readonly way: 'b' | 'c' };
  const agent = (choose: (state: Way) => 'b' | 'c') =>
    defineAgent<Way, 'a' | 'b' | 'c'>({
      ...head,
      start: 'a',
      nodes: {
        a: { run: () => ({}), next: { to: ['b', 'c'], choose } },
        b: { run: () => ({}), next: null },
        c: { run: () => ({}), next: null },
      },
      output: () => null,
    });
  const bench = new AgentBench(agent(({ way }) => way));
  const id = bench.start({ way: 'b' });
  await bench.finish(id, nobody);
  bench.deps = { ...bench.deps, agents: new Map([['one', agent(({ way }) => (way === 'b' ? 'c' : 'b'))]]) };
  const by = { tenantId: tenant, keyId: asId<KeyId>('key_bench') };
  for (const [digit, state, last] of [
    ['1', undefined, 'b'],
    ['2', { way: 'c' }, 'b'],
    ['3', { way: 'b' }, 'c'],
  ] as const) {
    const fork = { id: asId<RunId>(`run_${digit.repeat(32)}`), step: 1, effects: 'reuse' } as const;
    const { run } = forkRun(bench.deps, by, id, state === undefined ? fork : { ...fork, state });
    await bench.finish(run.id, nobody);
    expect(bench.history(run.id).map(({ step }) => step.node)).toEqual(['a', last]);
  }
});

const post = (more: Partial<Tool<Json, Json>> = {}): Tool<Json, Json> => ({
  name: 'post',
  description: 'Posts a letter.',
  repeatability: 'idempotent',
  parameters: {},
  result: {},
  needsPerson: () => 'Post it?',
  run: async () => ({ list: ['posted'] }),
  ...more,
});

describe('AGT-5: what the journal holds cannot be changed in place', () => {
  type List = { list: Json[]; said?: Json };
  const agentOf = (run: Agent<List, 'only'>['nodes']['only']['run']): Agent =>
    defineAgent<List, 'only'>({
      ...head,
      start: 'only',
      nodes: { only: { run, next: null } },
      output: ({ list }) => list,
    });

  test('a node that changes its state fails, and the input is as it was', async () => {
    const bench = new AgentBench(
      agentOf(({ list }) => {
        list.push('x');
        return {};
      }),
    );
    const input = { list: ['a'] };
    const id = bench.start(input);
    const run = await bench.finish(id, nobody);
    expect(run).toMatchObject({ status: 'failed', error: { code: 'node_failed' }, input: { list: ['a'] } });
    input.list.push('b');
    expect(bench.run(id).input).toEqual({ list: ['a'] });
    expect(bench.reopen().journal.run(id)?.input).toEqual({ list: ['a'] });
  });

  test('so does one that changes the result of a call; a tool owns its copy of the arguments', async () => {
    const sent: Json[] = [];
    const tool = post({
      needsPerson: () => null,
      async run(args) {
        (args as Json[]).push('more');
        sent.push(args);
        return { list: ['posted'] };
      },
    });
    const bench = new AgentBench(
      agentOf(function* () {
        const reply = yield* call(tool, ['A']);
        if (reply.kind === 'done') (reply.result as { list: Json[] }).list.push('x');
        return {};
      }),
    );
    const id = bench.start({ list: [] });
    expect(await bench.finish(id, nobody)).toMatchObject({ status: 'failed' });
    expect(sent).toEqual([['A', 'more']]);
    expect(bench.deps.journal.effects(id, 1)).toMatchObject([{ args: ['A'], result: { list: ['posted'] } }]);
  });

  test('a write is what JSON brings back, and the node that wrote it may go on with its own', async () => {
    const kept: Json[] = ['a'];
    const bench = new AgentBench(agentOf(() => ({ list: kept, said: [-0, 'é', { deep: [null] }] })));
    const id = bench.start({ list: [] });
    await bench.finish(id, nobody);
    kept.push('later');
    const { state } = readRun(bench.deps, tenant, id);
    expect(state).toEqual({ list: ['a'], said: [0, 'é', { deep: [null] }] });
    bench.reopen();
    expect(readRun(bench.deps, tenant, id).state).toEqual(state);
  });

  test('a write that JSON cannot hold fails its node and names the place', async () => {
    for (const [value, what] of [
      [new Date(0), 'a Date'],
      [new Map(), 'a Map'],
      [Number.NaN, 'NaN'],
      [[undefined], 'undefined'],
    ] as const) {
      const bench = new AgentBench(agentOf(() => ({ said: { deep: value } as unknown as Json })));
      const run = await bench.finish(bench.start({ list: [] }), nobody);
      expect(run).toMatchObject({ status: 'failed', error: { code: 'node_failed' } });
      expect(run.error?.message).toMatch(new RegExp(`'write\\.said\\.deep.*' is ${what}`));
    }
  });

  test('a write beyond its limit fails its node', async () => {
    const bench = new AgentBench(agentOf(() => ({ said: 'x'.repeat(1_100_000) })));
    const run = await bench.finish(bench.start({ list: [] }), nobody);
    expect(run).toMatchObject({ status: 'failed', error: { code: 'payload_too_large' } });
  });
});
