import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AgentBench } from '../../tests/agent-bench.ts';
import { asId, type KeyId, type RunId, type TenantId } from '../identifier.ts';
import { forkRun } from './fork.ts';
import { type Agent, ask, call, defineAgent } from './graph.ts';
import type { GivenAnswer } from './interrupt.ts';
import type { InterruptRecord } from './journal.ts';
import type { Json } from './json.ts';
import type { Repeatability, Tool } from './tool.ts';

/**
 * Random graphs, run by the engine and by forty lines that know no journal, no crash and no fork. They must
 * agree on the state, on the nodes in order and on what was done outside; with crashes too.
 */
interface Deed {
  readonly kind: Repeatability;
  readonly verdict: 'none' | 'approve' | 'edit' | 'reject';
}
interface Spot {
  readonly deeds: readonly Deed[];
  readonly asks: boolean;
  /** Two ways out, by whether the count is even. */
  readonly even: number;
  readonly odd: number;
}

const deed = fc.record<Deed>({
  kind: fc.constantFrom('read', 'idempotent', 'once'),
  verdict: fc.constantFrom('none', 'none', 'approve', 'edit', 'reject'),
});
const spots = fc.integer({ min: 1, max: 5 }).chain((size) =>
  fc.array(
    fc.record<Spot>({
      deeds: fc.array(deed, { maxLength: 3 }),
      asks: fc.boolean(),
      even: fc.nat(size - 1),
      odd: fc.nat(size - 1),
    }),
    { minLength: size, maxLength: size },
  ),
);

const STEPS = 6;
/** Milliseconds, on a machine that is busy with other things. */
const SLOW = 60_000;
type Count = { readonly count: number; readonly log: readonly Json[] };
const person =
  (graph: readonly Spot[]) =>
  ({ kind, node, name }: InterruptRecord): GivenAnswer => {
    if (kind === 'input') return { action: 'respond', value: 'yes' };
    const { verdict } = graph[Number(node)]?.deeds[Number(name)] ?? { verdict: 'none' };
    if (verdict === 'edit') return { action: 'edit', args: -1 };
    return { action: verdict === 'reject' ? 'reject' : 'approve' };
  };

/** The reference. */
function interpret(graph: readonly Spot[]) {
  let [at, count] = [0, 0];
  const [log, nodes, done]: [Json[], string[], string[]] = [[], [], []];
  while (count < STEPS) {
    const spot = graph[at] as Spot;
    nodes.push(String(at));
    for (const [place, { verdict }] of spot.deeds.entries()) {
      if (verdict === 'reject') log.push('rejected');
      else {
        const args = verdict === 'edit' ? -1 : count;
        done.push(`${count + 1}:${at}:${place}=${args}`);
        log.push([args]);
      }
    }
    if (spot.asks) log.push('yes');
    count += 1;
    at = count % 2 === 0 ? spot.even : spot.odd;
  }
  return { state: { count, log }, nodes, done };
}

/** The outside counts real doings; it knows keys only where the tool is not `once`. */
class Outside {
  asked = 0;
  readonly done = new Map<string, number>();
}

function agentOf(graph: readonly Spot[], outside: Outside, fault: () => void): Agent {
  const tool = ({ kind, verdict }: Deed): Tool<Json, Json> => ({
    name: kind,
    description: kind,
    repeatability: kind,
    parameters: {},
    result: {},
    needsPerson: () => (verdict === 'none' ? null : 'May I?'),
    async run(args, { key }) {
      fault();
      outside.asked += 1;
      const deed = `${key.split(':').slice(1).join(':')}=${args}`;
      if (kind === 'once' || !outside.done.has(deed))
        outside.done.set(deed, (outside.done.get(deed) ?? 0) + 1);
      fault();
      return [args];
    },
    async verify(args, { key }) {
      const deed = `${key.split(':').slice(1).join(':')}=${args}`;
      return outside.done.has(deed) ? { kind: 'done', result: [args] } : { kind: 'not-done' };
    },
  });
  const nodes = graph.map((spot, place) => [
    String(place),
    {
      *run({ count }: Count) {
        const log: Json[] = [];
        for (const [name, deed] of spot.deeds.entries()) {
          const reply = yield* call(tool(deed), count, String(name));
          log.push(reply.kind === 'done' ? reply.result : 'rejected');
        }
        if (spot.asks) log.push(yield* ask('sure', 'Sure?', { type: 'string' }));
        return { count: count + 1, log };
      },
      next: {
        to: [null, ...graph.map((_, other) => String(other))],
        choose: ({ count }: Count) =>
          count >= STEPS ? null : String(count % 2 === 0 ? spot.even : spot.odd),
      },
    },
  ]);
  return defineAgent<Count, string>({
    name: 'random',
    title: '',
    description: '',
    inputSchema: {},
    start: '0',
    reducers: { log: (before, written) => [...(before as Json[]), ...(written as Json[])] },
    nodes: Object.fromEntries(nodes),
    output: ({ count }) => count,
  });
}

const tenant = asId<TenantId>('tenant_bench');
let forks = 0;
const forkId = () => {
  forks += 1;
  return asId<RunId>(`run_${forks.toString(16).padStart(32, '0')}`);
};
const told = (bench: AgentBench, id: RunId) => {
  const history = bench.history(id);
  return { state: history.at(-1)?.state, nodes: history.map(({ step }) => step.node) };
};

test(
  'AGT-1, AGT-2, AGT-26: a random graph ends as the reference says',
  async () => {
    await fc.assert(
      fc.asyncProperty(spots, async (graph) => {
        const outside = new Outside();
        const bench = new AgentBench(agentOf(graph, outside, () => undefined));
        const id = bench.start({ count: 0, log: [] });
        const run = await bench.finish(id, person(graph));
        const { done, ...expected } = interpret(graph);
        expect(run).toMatchObject({ status: 'completed', output: STEPS });
        expect(told(bench, id)).toEqual(expected);
        expect([...outside.done]).toEqual(done.map((deed) => [deed, 1]));
      }),
      { numRuns: 60 },
    );
  },
  SLOW,
);

test(
  'AGT-6, AGT-12, AGT-29: and so it does when it crashes at random points; nothing is done twice',
  async () => {
    const crashes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(spots, crashes, async (graph, gaps) => {
        const outside = new Outside();
        const ahead = [...gaps];
        let crashed = 0;
        let dead = false;
        const fault = () => {
          if (!dead && ahead[0] !== undefined) {
            ahead[0] -= 1;
            if (ahead[0] > 0) return;
            ahead.shift();
            crashed += 1;
            dead = true;
          }
          if (dead) throw new Error('crash');
        };
        const bench = new AgentBench(agentOf(graph, outside, fault), fault);
        const id = asId<RunId>(`run_${'0'.repeat(32)}`);
        for (;;) {
          try {
            if (bench.deps.journal.run(id) === null) bench.start({ count: 0, log: [] }, id);
            await bench.finish(id, person(graph));
            break;
          } catch (error) {
            if (!dead) throw error;
            dead = false;
            bench.reopen();
          }
        }
        const { done, ...expected } = interpret(graph);
        expect(told(bench, id)).toEqual(expected);
        expect([...outside.done].sort()).toEqual(done.map((deed) => [deed, 1]).sort());
        expect(outside.asked).toBeLessThanOrEqual(done.length + crashed);
      }),
      { numRuns: 100 },
    );
  },
  SLOW,
);

test(
  'AGT-18: a fork at any step does nothing again under reuse, and everything after it under rerun',
  async () => {
    await fc.assert(
      fc.asyncProperty(spots, fc.integer({ min: 1, max: STEPS }), async (graph, step) => {
        const outside = new Outside();
        const bench = new AgentBench(agentOf(graph, outside, () => undefined));
        const id = bench.start({ count: 0, log: [] });
        await bench.finish(id, person(graph));
        const { done, ...expected } = interpret(graph);
        const before = JSON.stringify(bench.history(id));
        for (const effects of ['reuse', 'rerun'] as const) {
          const { asked } = outside;
          const by = { tenantId: tenant, keyId: asId<KeyId>('key_bench') };
          const fork = forkRun(bench.deps, by, id, { id: forkId(), step, effects }).run.id;
          await bench.finish(fork, person(graph));
          expect(told(bench, fork)).toEqual(expected);
          const again = done.filter((deed) => Number(deed.split(':')[0]) > step).length;
          expect(outside.asked - asked).toBe(effects === 'reuse' ? 0 : again);
        }
        expect(JSON.stringify(bench.history(id))).toBe(before);
      }),
      { numRuns: 60 },
    );
  },
  SLOW,
);
