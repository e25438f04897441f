import { describe, expect, test } from 'vitest';
import { AgentBench } from '../../tests/agent-bench.ts';
import { Failure } from '../failure.ts';
import { asId, type TenantId } from '../identifier.ts';
import { backoff, MAX_ATTEMPTS } from './attempts.ts';
import { type Agent, ask, call, defineAgent, EffectFailed } from './graph.ts';
import type { Json, State } from './json.ts';
import { cancelRun, readRun } from './run.ts';
import type { Tool } from './tool.ts';

const tenant = asId<TenantId>('tenant_bench');

const tool = (more: Partial<Tool<Json, Json>> = {}): Tool<Json, Json> => ({
  name: 'post',
  description: 'Posts a letter.',
  repeatability: 'idempotent',
  parameters: { type: 'string' },
  result: { type: 'string' },
  run: async () => 'posted',
  ...more,
});

const agentOf = (nodes: Agent['nodes'], start = 'only'): Agent =>
  defineAgent({
    name: 'one',
    title: 'One',
    description: '',
    inputSchema: { type: 'object' },
    start,
    nodes,
    output: ({ said }: State) => said ?? null,
  });

const caller = (what: Tool<Json, Json>, args: Json = 'A'): Agent =>
  agentOf({
    only: {
      *run() {
        const reply = yield* call(what, args);
        return { said: reply.kind === 'done' ? reply.result : `rejected: ${reply.reason}` };
      },
      next: null,
    },
  });

describe('a tool that fails', () => {
  test('AGT-13: is asked again under the same key, later and later, and then succeeds', async () => {
    const asked: { key: string; at: number }[] = [];
    const bench = new AgentBench(
      caller(
        tool({
          async run(_args, { key }) {
            asked.push({ key, at: bench.now });
            if (asked.length < 4) throw new TypeError('Network connection lost');
            return 'posted';
          },
        }),
      ),
    );
    const run = await bench.finish(bench.start({}), () => ({ action: 'approve' }));
    expect(run).toMatchObject({ status: 'completed', output: 'posted', attempts: 0 });
    expect(new Set(asked.map(({ key }) => key)).size).toBe(1);
    const waits = asked.slice(1).map(({ at }, place) => at - (asked[place]?.at ?? 0));
    expect(waits).toEqual([1_000, 2_000, 4_000]);
  });

  test('is given up after its attempts', async () => {
    let asked = 0;
    const run = async () => {
      asked += 1;
      throw new Failure('upstream_timeout', 'No answer.');
    };
    const bench = new AgentBench(caller(tool({ run })));
    const ended = await bench.finish(bench.start({}), () => ({ action: 'approve' }));
    expect(ended).toMatchObject({ status: 'failed', error: { code: 'attempts_exhausted' } });
    expect(asked).toBe(MAX_ATTEMPTS);
    expect(backoff(MAX_ATTEMPTS)).toBe(300_000);
  });

  test('for good fails the run, unless the node catches it; the effect counts as not done', async () => {
    const broken = tool({
      repeatability: 'once',
      run: async () => {
        throw new Failure('unprocessable', 'No such address.');
      },
    });
    const bench = new AgentBench(caller(broken));
    const ended = await bench.finish(bench.start({}), () => ({ action: 'approve' }));
    expect(ended).toMatchObject({ status: 'failed', error: { code: 'unprocessable' } });

    const careful = new AgentBench(
      agentOf({
        only: {
          *run() {
            try {
              yield* call(broken, 'A');
            } catch (error) {
              if (error instanceof EffectFailed) return { said: error.message };
              throw error;
            }
            return {};
          },
          next: null,
        },
      }),
    );
    const id = careful.start({});
    const caught = await careful.finish(id, () => ({ action: 'approve' }));
    expect(caught).toMatchObject({ status: 'completed', output: 'No such address.' });
    const [step] = careful.history(id);
    expect(step?.effects).toMatchObject([{ state: 'failed' }]);
  });
});

describe('AGT-8: a `once` tool in doubt', () => {
  const lost = (more: Partial<Tool<Json, Json>>) => {
    const seen = { asked: 0 };
    const doubtful = tool({
      repeatability: 'once',
      async run() {
        seen.asked += 1;
        if (seen.asked === 1) throw new TypeError('Network connection lost');
        return 'posted at last';
      },
      ...more,
    });
    return { seen, bench: new AgentBench(caller(doubtful)) };
  };

  test('is never sent again by itself; a person says what is true', async () => {
    for (const [given, output, sendings] of [
      [{ action: 'approve' }, 'posted at last', 2],
      [{ action: 'respond', value: 'seen in the book' }, 'seen in the book', 1],
      [{ action: 'reject' }, "rejected: It is not known whether 'post' happened.", 1],
    ] as const) {
      const { seen, bench } = lost({});
      const id = bench.start({});
      await bench.alarm();
      await bench.alarm();
      expect(bench.run(id).status).toBe('interrupted');
      const [interrupt] = bench.waiting(id);
      expect(interrupt).toMatchObject({
        kind: 'uncertain',
        allow: ['approve', 'respond', 'reject'],
        args: 'A',
      });
      const run = await bench.finish(id, () => given);
      expect(run).toMatchObject({ status: 'completed', output });
      expect(seen.asked).toBe(sendings);
    }
  });

  test('a word for one doubt is none for the next', async () => {
    let asked = 0;
    const bench = new AgentBench(
      caller(
        tool({
          repeatability: 'once',
          async run() {
            asked += 1;
            if (asked < 3) throw new TypeError('Network connection lost');
            return 'posted';
          },
        }),
      ),
    );
    const questions: number[] = [];
    const run = await bench.finish(bench.start({}), ({ attempt }) => {
      questions.push(attempt);
      return { action: 'approve' };
    });
    expect(run).toMatchObject({ status: 'completed', output: 'posted' });
    expect(questions).toEqual([1, 2]);
  });

  test('its `verify` spares the person, and a `verify` that fails is asked again', async () => {
    let verified = 0;
    const { seen, bench } = lost({
      async verify() {
        verified += 1;
        if (verified === 1) throw new TypeError('Network connection lost');
        return { kind: 'done', result: 'verified' };
      },
    });
    const run = await bench.finish(bench.start({}), () => {
      throw new Error('Nobody needs to be asked');
    });
    expect(run).toMatchObject({ status: 'completed', output: 'verified' });
    expect([seen.asked, verified]).toEqual([1, 2]);
  });
});

test('AGT-8: a `verify` that never answers leaves the doubt to a person', async () => {
  let verified = 0;
  const bench = new AgentBench(
    caller(
      tool({
        repeatability: 'once',
        run: async () => {
          throw new TypeError('Network connection lost');
        },
        verify: async () => {
          verified += 1;
          throw new TypeError('Network connection lost');
        },
      }),
    ),
  );
  const run = await bench.finish(bench.start({}), ({ kind }) => {
    expect(kind).toBe('uncertain');
    return { action: 'respond', value: 'seen' };
  });
  expect(run).toMatchObject({ status: 'completed', output: 'seen' });
  expect(verified).toBe(MAX_ATTEMPTS);
});

test('AGT-7: what was approved is what is sent, also when the code proposes something else by then', async () => {
  const sent: Json[] = [];
  const post = tool({
    needsPerson: () => 'Post it?',
    run: async (args) => {
      sent.push(args);
      return 'posted';
    },
  });
  const bench = new AgentBench(caller(post, 'reviewed'));
  const id = bench.start({});
  await bench.alarm();
  bench.deps = { ...bench.deps, agents: new Map([['one', caller(post, 'changed')]]) };
  await bench.finish(id, () => ({ action: 'approve' }));
  expect(sent).toEqual(['reviewed']);
});

test('a question waits for a value of its schema', async () => {
  const bench = new AgentBench(
    agentOf({
      only: {
        *run() {
          return { said: yield* ask('where', 'Where to?', { type: 'string', minLength: 2 }) };
        },
        next: null,
      },
    }),
  );
  const id = bench.start({});
  await bench.alarm();
  const [interrupt] = bench.waiting(id);
  if (interrupt === undefined) throw new Error('No question');
  expect(interrupt).toMatchObject({ kind: 'input', allow: ['respond'], message: 'Where to?' });
  expect(() => bench.answer(interrupt, { action: 'respond', value: 'x' })).toThrow("Invalid 'value'");
  expect(() => bench.answer(interrupt, { action: 'approve' })).toThrow('allows respond');
  const run = await bench.finish(id, () => ({ action: 'respond', value: 'home' }));
  expect(run).toMatchObject({ status: 'completed', output: 'home' });
});

test('a run whose node is gone is stranded, and says so', async () => {
  const nodes = (name: string): Agent['nodes'] => ({
    only: { run: () => ({}), next: name },
    [name]: {
      *run() {
        return { said: yield* ask('go', 'Go on?', {}) };
      },
      next: null,
    },
  });
  const bench = new AgentBench(agentOf(nodes('old')));
  const id = bench.start({});
  await bench.alarm();
  bench.deps = { ...bench.deps, agents: new Map([['one', agentOf(nodes('new'))]]) };
  const run = await bench.finish(id, () => ({ action: 'respond', value: 1 }));
  expect(run).toMatchObject({ status: 'stranded', error: { code: 'node_missing' } });
  expect(run.error?.message).toContain("'old'");
  bench.deps = { ...bench.deps, agents: new Map() };
  expect(readRun(bench.deps, tenant, id).run.status).toBe('stranded');
});

test('AGT-11: a run that is cancelled while its tool runs gets no step', async () => {
  const bench: AgentBench = new AgentBench(
    caller(
      tool({
        async run() {
          cancelRun(bench.deps, tenant, id);
          return 'posted';
        },
      }),
    ),
  );
  const id = bench.start({});
  await bench.alarm();
  expect(bench.run(id).status).toBe('cancelled');
  expect(bench.history(id)).toEqual([]);
});

test('a run that goes in circles ends', async () => {
  const bench = new AgentBench(agentOf({ only: { run: () => ({}), next: 'only' } }));
  const run = await bench.finish(bench.start({}), () => ({ action: 'approve' }));
  expect(run).toMatchObject({ status: 'failed', error: { code: 'too_many_steps' } });
});

test('AGT-4: two calls of a step under one name fail the run instead of sharing an effect', async () => {
  const bench = new AgentBench(
    agentOf({
      only: {
        *run() {
          yield* call(tool(), 'A');
          yield* call(tool(), 'B');
          return {};
        },
        next: null,
      },
    }),
  );
  const run = await bench.finish(bench.start({}), () => ({ action: 'approve' }));
  expect(run).toMatchObject({ status: 'failed', error: { code: 'node_failed' } });
  expect(run.error?.message).toContain("'post'");
});

test('an edge to a node that is not there is a problem of the agent when it is defined', () => {
  expect(agentOf({ only: { run: () => ({}), next: 'nowhere' } }).problem).toContain("no node 'nowhere'");
});
