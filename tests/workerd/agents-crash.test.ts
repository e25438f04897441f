import { env, runInDurableObject } from 'cloudflare:test';
import { describe, expect, test } from 'vitest';
import { d1Inbox } from '../../adapters/d1-inbox.ts';
import { durableLedger } from '../../adapters/durable-ledger.ts';
import { sqliteJournal } from '../../adapters/sqlite-journal.ts';
import { type DriveDependencies, drive } from '../../core/agent/drive.ts';
import { forkRun } from '../../core/agent/fork.ts';
import { type Agent, ask, call, defineAgent } from '../../core/agent/graph.ts';
import { readHistory } from '../../core/agent/history.ts';
import { siblingRunId } from '../../core/agent/identity.ts';
import { type Inbox, publish } from '../../core/agent/inbox.ts';
import { answerInterrupt, type GivenAnswer } from '../../core/agent/interrupt.ts';
import type { InterruptRecord, Journal } from '../../core/agent/journal.ts';
import type { Json, State } from '../../core/agent/json.ts';
import { readRun, startRun } from '../../core/agent/run.ts';
import type { Tool, ToolContext } from '../../core/agent/tool.ts';
import { asId, type KeyId, type RunId, systemRandom, type TenantId } from '../../core/identifier.ts';
import { unlimitedKeys } from '../unlimited-keys.ts';

/**
 * Every point at which a session can die: before each SQL statement that writes, and around each word with the outside.
 * For k = 1, 2, 3 … a story is told from the start with the object aborted at its k-th point, and taken up again
 * by a new object over what was stored, until a telling meets no k-th point. Whatever k was:
 *   - the ends are those of the telling without a crash,
 *   - a `once` effect happened once, and nothing was done under two keys,
 *   - the outside was asked at most once more than in the telling without a crash.
 */

/** The outside: it remembers what was done under which key, and how often it was asked. */
class World {
  asked = 0;
  readonly done: { readonly what: string; readonly key: string }[] = [];

  do(what: string, key: string): void {
    this.asked += 1;
    this.done.push({ what, key });
  }

  keysOf(what: string): string[] {
    return this.done.filter((deed) => deed.what === what).map(({ key }) => key);
  }
}

class Crash extends Error {}

/** Counts points, and dies at the one that it was told. */
class Faults {
  passed = 0;
  readonly at: number;
  #dead = false;
  readonly #die: () => void;

  constructor(at: number, die: () => void) {
    this.at = at;
    this.#die = die;
  }

  point(): void {
    if (!this.#dead) {
      this.passed += 1;
      if (this.passed !== this.at) return;
      this.#dead = true;
      this.#die();
    }
    throw new Crash('The object has been aborted by the test');
  }
}

/**
 * Leaves the object for the outside. The output gate holds a request back until the journal is durable, so there
 * is a moment in which the journal says that it was sent, and it has not arrived.
 */
async function outside<T>(faults: Faults, deed: () => T | Promise<T>): Promise<T> {
  faults.point();
  await env.DB.prepare('SELECT 1').run();
  faults.point();
  const result = await deed();
  faults.point();
  return result;
}

type Order = { readonly order: string };
const anything = {};

const tool = (
  world: World,
  faults: Faults,
  name: string,
  repeatability: Tool<Order, State>['repeatability'],
  more: Partial<Tool<Order, State>> = {},
): Tool<Order, State> => ({
  name,
  description: name,
  repeatability,
  parameters: anything,
  result: anything,
  async run({ order }: Order, { key }: ToolContext) {
    await outside(faults, () => {
      // Idempotent things know their key; the others do what they are told, as often as they are told.
      if (repeatability === 'once' || !world.keysOf(name).includes(key)) world.do(name, key);
      else world.asked += 1;
    });
    return { order, receipt: `${name} done` };
  },
  ...more,
});

type Story = { readonly order: string; readonly turns: number; readonly log: readonly Json[] };

/** One of everything: all three kinds of effect, a question, a loop, a reducer, two effects in one node. */
function storyteller(world: World, faults: Faults): Agent {
  const look = tool(world, faults, 'look', 'read');
  const reserve = tool(world, faults, 'reserve', 'idempotent');
  const pay = tool(world, faults, 'pay', 'once', {
    needsPerson: () => 'Pay?',
    async verify({ order }, { key }) {
      const paid = await outside(faults, () => world.keysOf('pay').includes(key));
      return paid ? { kind: 'done', result: { order, receipt: 'pay done' } } : { kind: 'not-done' };
    },
  });
  const ship = tool(world, faults, 'ship', 'once');
  return defineAgent<Story, 'look' | 'buy' | 'send'>({
    name: 'story',
    title: 'Story',
    description: '',
    inputSchema: anything,
    start: 'look',
    reducers: { log: (before, written) => [...(before as Json[]), ...(written as Json[])] },
    nodes: {
      look: {
        *run({ order, turns }) {
          yield* call(look, { order });
          const reply = yield* call(reserve, { order });
          return { turns: turns + 1, log: [reply.kind === 'done' ? reply.result : 'refused'] };
        },
        next: { to: ['look', 'buy'], choose: ({ turns }) => (turns < 2 ? 'look' : 'buy') },
      },
      buy: {
        *run({ order }) {
          const where = yield* ask('where', 'Where to?', { type: 'string' });
          const paid = yield* call(pay, { order });
          return { log: [where, paid.kind === 'done' ? [paid.args, paid.result] : paid.kind] };
        },
        next: 'send',
      },
      send: {
        *run({ order }) {
          const reply = yield* call(ship, { order });
          return { log: [reply.kind === 'done' ? reply.result : reply.kind] };
        },
        next: null,
      },
    },
    output: ({ log }) => log,
  });
}

/** A person who looks at the world before saying anything about it. */
function person(world: World, interrupt: InterruptRecord): GivenAnswer {
  switch (interrupt.kind) {
    case 'input':
      return { action: 'respond', value: 'home' };
    case 'tool':
      return { action: 'edit', args: { order: 'B' } };
    case 'uncertain':
      return world.keysOf('ship').length > 0
        ? { action: 'respond', value: { order: 'A', receipt: 'ship done' } }
        : { action: 'approve' };
  }
}

const runId = asId<RunId>(`run_${'a'.repeat(32)}`);
const forkId = siblingRunId(runId, '7'.repeat(16));
const by = { tenantId: asId<TenantId>('tenant_story'), keyId: asId<KeyId>('key_story') };

interface Ending {
  readonly output: Json | null;
  readonly state: State;
  readonly steps: readonly (readonly [number, string, readonly (string | boolean)[]])[];
}

/** Tells the story from wherever the journal stands. Everything here may die at any point. */
async function tell(journal: Journal, world: World, faults: Faults): Promise<readonly Ending[]> {
  const inbox: Pick<Inbox, 'publish'> = {
    async publish(standing, interrupts) {
      await outside(faults, () => d1Inbox(env.DB).publish(standing, interrupts));
    },
  };
  const agents = new Map([['story', storyteller(world, faults)]]);
  const report = (error: unknown) => {
    if (!(error instanceof Crash)) throw error;
  };
  const deps: DriveDependencies & { inbox: typeof inbox } = {
    journal,
    agents,
    inbox,
    clock: Date.now,
    random: systemRandom,
    requests: { write: async () => undefined },
    keys: unlimitedKeys,
    ledger: durableLedger(env.LEDGER),
    report,
    signal: new AbortController().signal,
  };
  if (journal.run(runId) === null) {
    const input = { order: 'A', turns: 0, log: [] };
    startRun(deps, { id: runId, ...by, agent: 'story', threadId: 'story', input });
  }
  await finish(deps, runId, world);
  if (journal.run(forkId) === null) {
    forkRun(deps, by, runId, { id: forkId, step: 1, effects: 'reuse' });
  }
  await finish(deps, forkId, world);
  faults.point();
  return [runId, forkId].map((id) => ({
    output: journal.run(id)?.output ?? null,
    state: readRun(deps, by.tenantId, id).state,
    steps: readHistory(deps, by.tenantId, id, { limit: 100, after: null, order: 'asc' }).entries.map(
      ({ step, effects }) => [step.step, step.node, effects.flatMap(({ key, reused }) => [key, reused])],
    ),
  }));
}

/** What the object's alarm does, and what the person does whom the run asks. */
async function finish(
  deps: DriveDependencies & { inbox: Pick<Inbox, 'publish'> },
  id: RunId,
  world: World,
): Promise<void> {
  for (;;) {
    const due = deps.journal.due(Number.MAX_SAFE_INTEGER);
    for (const run of due) if (run.status === 'running') await drive(deps, run);
    await publish(deps);
    const run = deps.journal.run(id);
    if (run?.status === 'completed') return;
    if (run?.status !== 'interrupted' && run?.status !== 'running') {
      throw new Error(`The story ended ${run?.status}: ${JSON.stringify(run?.error)}`);
    }
    const [waiting] = readRun(deps, by.tenantId, id).waiting;
    const interrupt = deps.journal.interrupts(id, 0).find((one) => one.id === waiting);
    if (interrupt !== undefined) answerInterrupt(deps, by, interrupt.id, person(world, interrupt));
    else if (run.wakeAt === null) throw new Error('AGT-28: a running run was forgotten');
  }
}

async function tellWithin(name: string, world: World, at: number) {
  const stub = env.AGENT_SESSION.getByName(name);
  return await runInDurableObject(stub, async (_object, state) => {
    const faults = new Faults(at, () => state.abort('the test aborts the object'));
    const journal = sqliteJournal({
      exec(query, ...bindings) {
        // Dying before a read leaves the object as dying after the write before it does.
        if (!query.startsWith('SELECT')) faults.point();
        return state.storage.sql.exec(query, ...bindings);
      },
      transaction: (work) => state.storage.transactionSync(work),
      // The object's own alarm would drive with the deployment's agents; here the story drives itself.
      wake: () => undefined,
    });
    return { ends: await tell(journal, world, faults), points: faults.passed };
  });
}

const never = Number.MAX_SAFE_INTEGER;

describe('crashes', () => {
  test('AGT-12, AGT-27, AGT-28: at every statement and every outside call, the story ends the same', async () => {
    const calm = new World();
    const { ends, points } = await tellWithin('story-calm', calm, never);
    expect(ends[0]?.output).toEqual([
      { order: 'A', receipt: 'reserve done' },
      { order: 'A', receipt: 'reserve done' },
      'home',
      [{ order: 'B' }, { order: 'B', receipt: 'pay done' }],
      { order: 'A', receipt: 'ship done' },
    ]);
    expect(calm.done.map(({ what }) => what)).toEqual(['look', 'reserve', 'look', 'reserve', 'pay', 'ship']);
    let crashes = 0;
    for (let at = 1; at <= points; at += 1) {
      const world = new World();
      await env.DB.prepare('DELETE FROM agent_runs WHERE tenant_id = ?').bind(by.tenantId).run();
      await tellWithin(`story-${at}`, world, at).catch(() => {
        crashes += 1;
      });
      const { ends: again } = await tellWithin(`story-${at}`, world, never);
      expect(again, `crash at point ${at}`).toEqual(ends);
      expect(world.keysOf('pay'), `crash at point ${at}`).toHaveLength(1);
      expect(world.keysOf('ship'), `crash at point ${at}`).toHaveLength(1);
      const keys = new Set(world.done.map(({ key }) => key));
      expect(keys, `crash at point ${at}`).toEqual(new Set(calm.done.map(({ key }) => key)));
      expect(world.asked, `crash at point ${at}`).toBeLessThanOrEqual(calm.asked + 1);
      const { results } = await env.DB.prepare('SELECT status FROM agent_runs WHERE tenant_id = ?')
        .bind(by.tenantId)
        .all();
      expect(results, `crash at point ${at}`).toEqual([{ status: 'completed' }, { status: 'completed' }]);
    }
    expect(crashes).toBe(points);
    console.log(`${points} fault points`);
  }, 300_000);
});
