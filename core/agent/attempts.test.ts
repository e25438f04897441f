import { describe, expect, test } from 'vitest';
import { AgentBench } from '../../tests/agent-bench.ts';
import { Failure } from '../failure.ts';
import type { RequestRecord } from '../telemetry/record.ts';
import { MAX_ATTEMPTS } from './attempts.ts';
import { type Agent, call, defineAgent, EffectFailed } from './graph.ts';
import type { Json } from './json.ts';
import type { Tool } from './tool.ts';

const nobody = () => {
  throw new Error('Nobody should be asked');
};

const tool = (more: Partial<Tool<Json, Json>>): Tool<Json, Json> => ({
  name: 'post',
  description: 'Posts a letter.',
  repeatability: 'read',
  parameters: {},
  result: {},
  run: async () => 'posted',
  ...more,
});

type Said = { readonly said: Json };

const caller = (what: Tool<Json, Json>, args: Json = 'A'): Agent =>
  defineAgent<Said, 'only'>({
    name: 'one',
    title: 'One',
    description: '',
    inputSchema: { type: 'object' },
    start: 'only',
    nodes: {
      only: {
        *run() {
          try {
            const reply = yield* call(what, args);
            return { said: reply.kind === 'done' ? reply.result : reply.reason };
          } catch (error) {
            if (error instanceof EffectFailed) return { said: [error.code, error.message] };
            throw error;
          }
        },
        next: null,
      },
    },
    output: ({ said }) => said,
  });

/** A process that dies in the tool: from there on nothing is written, until `revive` starts the next one. */
function mortal(what: (die: () => never) => Tool<Json, Json>) {
  let dead = false;
  const fault = () => {
    if (dead) throw new Error('The process is dead');
  };
  const die = (): never => {
    dead = true;
    throw new Error('Killed');
  };
  const bench = new AgentBench(caller(what(die)), fault);
  return {
    bench,
    async alarm() {
      await bench.alarm().catch(() => undefined);
      dead = false;
      bench.reopen();
    },
  };
}

describe('AGT-13: a crash counts as an attempt', () => {
  test('a tool that kills the process is given up, with growing pauses in between', async () => {
    const sentAt: number[] = [];
    const { bench, alarm } = mortal((die) =>
      tool({
        async run() {
          sentAt.push(bench.now);
          return die();
        },
      }),
    );
    const id = bench.start({});
    for (let kill = 0; bench.run(id).status === 'running'; kill += 1) {
      if (kill > 2 * MAX_ATTEMPTS) throw new Error('It is tried for ever');
      expect(bench.run(id).attempts).toBe(kill);
      await alarm();
    }
    expect(sentAt).toHaveLength(MAX_ATTEMPTS);
    expect(sentAt.slice(1, 4).map((at, place) => at - (sentAt[place] ?? 0))).toEqual([1_000, 2_000, 4_000]);
    const { status, error } = bench.run(id);
    expect(status).toBe('failed');
    expect(error?.code).toBe('attempts_exhausted');
    expect(error?.message).toContain('did not end');
  });

  test('a `once` tool that kills the process leaves its effect to a person', async () => {
    let sent = 0;
    const { bench, alarm } = mortal((die) =>
      tool({
        repeatability: 'once',
        async run() {
          sent += 1;
          return die();
        },
        verify: async () => die(),
      }),
    );
    const id = bench.start({});
    for (let kill = 0; bench.run(id).status === 'running' && kill < 20; kill += 1) await alarm();
    expect(sent).toBe(1);
    expect(bench.run(id).status).toBe('interrupted');
    const run = await bench.finish(id, ({ kind }) => {
      expect(kind).toBe('uncertain');
      return { action: 'respond', value: 'seen' };
    });
    expect(run).toMatchObject({ status: 'completed', output: 'seen' });
  });

  test('progress sets the count back', async () => {
    let kills = 0;
    const { bench, alarm } = mortal((die) =>
      tool({
        async run() {
          kills += 1;
          return kills % MAX_ATTEMPTS === 0 ? 'posted' : die();
        },
      }),
    );
    const id = bench.start({});
    for (let drive = 0; drive < MAX_ATTEMPTS; drive += 1) await alarm();
    expect(bench.run(id)).toMatchObject({ status: 'completed', attempts: 0, lastFailure: null });
  });

  test('a `once` tool that never happens is given up and tells its node', async () => {
    let sent = 0;
    const bench = new AgentBench(
      caller(
        tool({
          repeatability: 'once',
          async run() {
            sent += 1;
            throw new TypeError('Network connection lost');
          },
          verify: async () => ({ kind: 'not-done' }),
        }),
      ),
    );
    const run = await bench.finish(bench.start({}), nobody);
    expect(run).toMatchObject({ status: 'completed', output: ['attempts_exhausted', expect.any(String)] });
    expect(sent).toBeLessThanOrEqual(2 * MAX_ATTEMPTS);
  });
});

test('a run in back-off says which attempt failed, why, and when the next one begins; progress forgets it', async () => {
  const bench = new AgentBench(
    caller(
      tool({
        async run() {
          if (bench.run(id).attempts < 3) throw new Failure('upstream_unavailable', 'The post is closed.');
          return 'posted';
        },
      }),
    ),
  );
  const id = bench.start({});
  await bench.alarm();
  await bench.alarm();
  expect(bench.run(id)).toMatchObject({
    status: 'running',
    attempts: 2,
    lastFailure: {
      error: { code: 'upstream_unavailable', message: 'The post is closed.' },
      at: bench.now,
      nextAt: bench.now + 2_000,
    },
  });
  await bench.alarm();
  expect(bench.run(id)).toMatchObject({ status: 'completed', attempts: 0, lastFailure: null });
});

test('a tool may be given up earlier than others', async () => {
  let sent = 0;
  const run = async () => {
    sent += 1;
    throw new Failure('upstream_timeout', 'No answer.');
  };
  const bench = new AgentBench(caller(tool({ run, maxAttempts: 2 })));
  const ended = await bench.finish(bench.start({}), nobody);
  expect(ended).toMatchObject({ status: 'failed', error: { code: 'attempts_exhausted' } });
  expect(sent).toBe(2);
});

describe('AGT-15: each tool has a time limit of its own', () => {
  const slow = (milliseconds: number) => async () => {
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    return 'late';
  };

  test('one that exceeds it is tried again, and the trace of the attempt says so', async () => {
    const written: RequestRecord[] = [];
    const bench = new AgentBench(caller(tool({ run: slow(500), timeoutMs: 20, maxAttempts: 2 })));
    bench.deps = {
      ...bench.deps,
      requests: { write: async (record) => void written.push(record) },
    };
    const id = bench.start({});
    await bench.alarm();
    expect(bench.run(id)).toMatchObject({ status: 'running', attempts: 1 });
    expect(written).toMatchObject([{ status: 500, error: "'post' did not answer within 20 ms." }]);
    expect(written[0]?.spans.find(({ name }) => name === 'tool post')).toMatchObject({
      error: "'post' did not answer within 20 ms.",
    });
  });

  test('one with a longer limit is waited for', async () => {
    const bench = new AgentBench(caller(tool({ run: slow(60), timeoutMs: 5_000 })));
    expect(await bench.finish(bench.start({}), nobody)).toMatchObject({ output: 'late' });
  });
});

describe('AGT-10: arguments that break the schema go back into the node', () => {
  const strict = tool({ parameters: { type: 'object', properties: { a: { type: 'string' } } } });

  test('which can catch them; the history shows the failed effect, and nothing was sent', async () => {
    const bench = new AgentBench(caller(strict, { a: 3 }));
    const id = bench.start({});
    const run = await bench.finish(id, nobody);
    expect(run).toMatchObject({
      status: 'completed',
      output: ['invalid_request', expect.stringContaining("'post.args.a'")],
    });
    const [step] = bench.history(id);
    expect(step?.effects).toMatchObject([
      { state: 'failed', attempts: 0, error: { code: 'invalid_request' } },
    ]);
  });

  test('and a later deploy that would take them does not change what the node was told', async () => {
    let sent = 0;
    const broken = tool({
      name: 'later',
      async run() {
        sent += 1;
        throw new TypeError('Network connection lost');
      },
    });
    const agent = (first: Tool<Json, Json>): Agent =>
      defineAgent<Said, 'only'>({
        ...caller(first),
        nodes: {
          only: {
            *run() {
              let said: Json = 'sent';
              try {
                yield* call(first, { a: 3 });
              } catch {
                said = 'refused';
              }
              yield* call(broken, null);
              return { said };
            },
            next: null,
          },
        },
      } as unknown as Agent<Said, 'only'>);
    const bench = new AgentBench(agent(strict));
    const id = bench.start({});
    await bench.alarm();
    expect(sent).toBe(1);
    bench.deps = { ...bench.deps, agents: new Map([['one', agent(tool({}))]]) };
    await bench.alarm();
    expect(bench.deps.journal.effects(id, 1)).toMatchObject([{ name: 'post', state: 'failed' }]);
  });

  test('which does not catch them: the run has failed', async () => {
    const careless = defineAgent<Said, 'only'>({
      ...caller(strict),
      nodes: {
        only: {
          *run() {
            yield* call(strict, { a: 3 });
            return { said: null };
          },
          next: null,
        },
      },
    } as unknown as Agent<Said, 'only'>);
    const bench = new AgentBench(careless);
    const run = await bench.finish(bench.start({}), nobody);
    expect(run).toMatchObject({ status: 'failed', error: { code: 'invalid_request' } });
  });
});

test('AGT-14: a node with many calls reads each record once, and its cost grows with their number', async () => {
  const readings = async (calls: number): Promise<number> => {
    const agent = defineAgent<Said, 'only'>({
      ...caller(tool({ repeatability: 'once' })),
      nodes: {
        only: {
          *run() {
            for (let place = 0; place < calls; place += 1) {
              yield* call(tool({ repeatability: 'once' }), place, `call ${place}`);
            }
            return { said: calls };
          },
          next: null,
        },
      },
    } as unknown as Agent<Said, 'only'>);
    const bench = new AgentBench(agent);
    const before = bench.statements;
    const run = await bench.finish(bench.start({}), nobody);
    expect(run).toMatchObject({ status: 'completed', output: calls });
    return bench.statements - before;
  };
  const [few, many] = [await readings(20), await readings(200)];
  expect(many).toBeLessThan(10 * few + 20);
});

test('an output that cannot be made fails the run at once', async () => {
  const agent = defineAgent<Said, 'only'>({
    ...caller(tool({})),
    output: () => {
      throw new TypeError('No such thing');
    },
  } as unknown as Agent<Said, 'only'>);
  const bench = new AgentBench(agent);
  const id = bench.start({});
  await bench.alarm();
  expect(bench.run(id)).toMatchObject({ status: 'failed', error: { code: 'output_failed' } });
  expect(bench.run(id).error?.message).toContain('No such thing');
});
