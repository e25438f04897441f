import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Service, startService } from '../system/service.ts';
import { rowsOf } from './database.ts';

/**
 * A hundred refunds above the limit, in rounds. In every round the whole service is killed (SIGKILL, all of its
 * processes) at a seeded random moment between the first request and the last receipt, and started again over
 * the same files. Each client goes on as a client would: it asks again until it gets an answer.
 */
const ROUNDS = 20;
const RUNS_A_ROUND = 5;
const SEED = Number(process.env.SELVEDGE_CRASH_SEED ?? 20_261_122);
/** The first round is not killed; the later kills fall within the time that it took. */
const CALM_ROUNDS = 1;
const PATIENCE_MS = 120_000;

interface Run {
  readonly id: string;
  readonly status: string;
  readonly interrupts: readonly string[];
  readonly output?: { readonly order: string; readonly amount: number; readonly receipt: string | null };
}

let state: string;
let service: Service;

beforeAll(async () => {
  state = await mkdtemp(join(tmpdir(), 'selvedge-crash-'));
  service = await startService({ state });
});
afterAll(async () => {
  await service?.kill();
  await rm(state, { recursive: true, force: true });
});

/** mulberry32: 32 bits of state are enough to choose moments. */
function randomFrom(seed: number): () => number {
  let at = seed >>> 0;
  return () => {
    at = (at + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(at ^ (at >>> 15), at | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Tries until there is an answer: while the service is down there is none. */
async function request<T>(
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; body: T }> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      const response = await fetch(`${service.url}${path}`, {
        method,
        headers: { authorization: `Bearer ${service.key}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(10_000),
      });
      const text = await response.text();
      if (response.status < 500) return { status: response.status, body: JSON.parse(text) as T };
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    await wait(50);
  }
}

const runsOf = async (thread: string): Promise<readonly Run[]> =>
  (await request<{ data: Run[] }>('GET', `/api/agents/runs?thread_id=${thread}&limit=100`)).body.data;

/** Starts one refund, also when the answer to the first try was lost, and sees it through. */
async function customer(order: string, amount: number): Promise<void> {
  const before = await runsOf(order);
  const id =
    before[0]?.id ??
    (
      await request<Run>('POST', '/api/agents/example-refund/runs', {
        input: { order, amount },
        thread_id: order,
      })
    ).body.id;
  await finish(id);
}

/** Answers what the run asks, until it has ended. An answer that was lost is given again: the first one holds. */
async function finish(id: string): Promise<Run> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const { body: run } = await request<Run>('GET', `/api/agents/runs/${id}`);
    if (run.status !== 'running' && run.status !== 'interrupted') return run;
    if (Date.now() > deadline) throw new Error(`Run ${id} has not ended: ${JSON.stringify(run)}`);
    for (const interrupt of run.interrupts) {
      const answer = await request<{ winner?: { action: string } }>('POST', `/api/interrupts/${interrupt}`, {
        action: 'approve',
      });
      if (answer.status === 409) expect(answer.body.winner?.action).toBe('approve');
      else expect(answer.status).toBe(200);
    }
    await wait(20);
  }
}

/** The outside world has a row a refund, and counts how often it was asked for it. */
interface Entry {
  readonly key: string;
  readonly order_id: string;
  readonly amount: number;
  readonly asked: number;
}

test('a hundred refunds, killed at random moments: one receipt each, every run completed', async () => {
  const random = randomFrom(SEED);
  let calm = 0;
  let kills = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const began = Date.now();
    const customers = Array.from({ length: RUNS_A_ROUND }, (_, place) =>
      customer(`order-${round}-${place}`, 11 + round),
    );
    const settled = Promise.all(customers);
    if (round >= CALM_ROUNDS) {
      await wait(random() * calm);
      await service.kill();
      kills += 1;
      service = await startService({ state });
    }
    await settled;
    if (round < CALM_ROUNDS) calm = Date.now() - began;
  }
  // A start whose answer was lost may have left a run that its client never heard of.
  const { body } = await request<{ data: Run[]; next: string | null }>('GET', '/api/agents/runs?limit=100');
  const all = [...body.data];
  for (let next = body.next; next !== null; ) {
    const page = await request<{ data: Run[]; next: string | null }>(
      'GET',
      `/api/agents/runs?limit=100&after=${next}`,
    );
    all.push(...page.body.data);
    next = page.body.next;
  }
  const ended = await Promise.all(all.map(({ id }) => finish(id)));
  expect(ended.length).toBeGreaterThanOrEqual(ROUNDS * RUNS_A_ROUND);
  expect(ended.map(({ status }) => status)).toEqual(ended.map(() => 'completed'));
  const orders = new Set(ended.map(({ output }) => output?.order));
  expect(orders.size).toBe(ROUNDS * RUNS_A_ROUND);
  await service.kill();
  const query = 'SELECT key, order_id, amount, asked FROM example_refunds';
  const entries = await rowsOf<Entry>(state, 'example_refunds', query);
  expect(new Set(entries.map(({ key }) => key))).toEqual(new Set(ended.map(({ output }) => output?.receipt)));
  expect(entries).toHaveLength(ended.length);
  expect(entries.filter(({ asked }) => asked !== 1)).toEqual([]);
  console.log(
    `${ended.length} runs, ${kills} kills within ${calm} ms, ${entries.length} receipts, seed ${SEED}`,
  );
}, 1_800_000);
