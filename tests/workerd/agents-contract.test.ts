import { env, listDurableObjectIds } from 'cloudflare:test';
import { describe, expect, test } from 'vitest';
import { d1Inbox } from '../../adapters/d1-inbox.ts';
import type { RunStanding } from '../../core/agent/run.ts';
import { newTenant } from './access.ts';
import * as api from './agents-api.ts';

/** Milliseconds: the first request loads the Worker, on a machine that is busy with other things. */
const SLOW = 60_000;
const random = () => crypto.randomUUID().replaceAll('-', '');

describe('AGT-16: starting is idempotent', () => {
  const start = (account: Awaited<ReturnType<typeof newTenant>>, key: string, body: unknown, verb = '') =>
    account.fetch(verb === '' ? '/api/agents/example-refund/runs' : verb, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify(body),
    });

  test(
    'a retry with the same key gets the same run, also when both are in flight at once',
    async () => {
      const account = await newTenant();
      const body = { input: { order: 'I-1', amount: 5 } };
      const answers = await Promise.all([1, 2, 3].map(() => start(account, 'order-1', body)));
      const runs = await Promise.all(answers.map((answer) => answer.json<api.Run>()));
      expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
      expect(new Set(runs.map(({ id }) => id)).size).toBe(1);
      expect(answers.map(({ headers }) => headers.get('idempotent-replayed')).sort()).toEqual([
        null,
        'true',
        'true',
      ]);
      const ended = await api.settled(account, runs[0]?.id ?? '');
      expect(ended.status).toBe('completed');
      const late = await start(account, 'order-1', body);
      expect(await late.json()).toMatchObject({ id: ended.id, status: 'completed' });
      const list = await (await account.fetch('/api/agents/runs')).json<{ data: unknown[] }>();
      expect(list.data).toHaveLength(1);
    },
    SLOW,
  );

  test('another input under the same key is refused, with or without a thread', async () => {
    const account = await newTenant();
    for (const thread of [{}, { thread_id: 'customer-1' }]) {
      const first = await start(account, 'order-2', { ...thread, input: { order: 'I-2', amount: 5 } });
      const { id } = await first.json<api.Run>();
      const other = await start(account, 'order-2', { ...thread, input: { order: 'I-2', amount: 6 } });
      expect(other.status).toBe(409);
      expect(await other.json()).toMatchObject({ code: 'idempotency_key_reused', run_id: id });
    }
  });

  test('another tenant and no key at all make runs of their own', async () => {
    const [one, two] = [await newTenant(), await newTenant()];
    const body = { input: { order: 'I-3', amount: 5 }, thread_id: 'shared' };
    const ids = [
      await (await start(one, 'order-3', body)).json<api.Run>(),
      await (await start(two, 'order-3', body)).json<api.Run>(),
      await api.started(one, '/api/agents/example-refund/runs', body),
      await api.started(one, '/api/agents/example-refund/runs', body),
    ].map(({ id }) => id);
    // Ids say nothing of a tenant: the same in two tenants are two runs in two objects.
    expect(new Set(ids.slice(0, 1).concat(ids.slice(2))).size).toBe(3);
    expect((await two.fetch(`/api/agents/runs/${ids[2]}`)).status).toBe(404);
  });

  test('the same for a fork and a replay', async () => {
    const account = await newTenant();
    const { id } = await api.settled(account, (await api.refund(account, 'I-4', 5)).id);
    for (const [verb, body, other] of [
      ['fork', { step: 1 }, { step: 2 }],
      ['replay', { mode: 'recorded' }, { mode: 'live' }],
    ] as const) {
      const path = `/api/agents/runs/${id}/${verb}`;
      const [first, again] = [await start(account, verb, body, path), await start(account, verb, body, path)];
      const made = await first.json<api.Run>();
      expect([again.status, await again.json()]).toMatchObject([201, { id: made.id }]);
      expect((await start(account, verb, other, path)).status).toBe(409);
    }
  });

  test('a key that is no key is refused', async () => {
    const account = await newTenant();
    for (const key of ['', 'x'.repeat(256), 'two words']) {
      const answer = await start(account, key, { input: { order: 'I-5', amount: 5 } });
      expect([answer.status, await answer.json()]).toMatchObject([400, { param: 'Idempotency-Key' }]);
    }
  });
});

describe('AGT-30: reading', () => {
  test('a run that never was stores nothing, through every verb', async () => {
    const account = await newTenant();
    await api.settled(account, (await api.refund(account, 'R-1', 1)).id);
    const before = (await listDurableObjectIds(env.AGENT_SESSION)).length;
    for (const [method, path, body] of [
      ['GET', ''],
      ['GET', '/history'],
      ['POST', '/cancel', {}],
      ['POST', '/fork', { step: 1 }],
      ['POST', '/replay', { mode: 'live' }],
    ] as const) {
      const url = `/api/agents/runs/run_${random()}${path}`;
      const answer = method === 'GET' ? await account.fetch(url) : await account.send(method, url, body);
      expect([path, answer.status]).toEqual([path, 404]);
    }
    const interrupt = `/api/interrupts/int_${random()}_1`;
    expect((await account.fetch(interrupt)).status).toBe(404);
    expect((await account.send('POST', interrupt, { action: 'approve' })).status).toBe(404);
    expect(await listDurableObjectIds(env.AGENT_SESSION)).toHaveLength(before);
  });

  test('AGT-32: every read needs a scope that may read', async () => {
    const owner = await newTenant();
    const { id } = await api.refund(owner, 'R-2', 50);
    const [interrupt] = (await api.settled(owner, id)).interrupts;
    const paths = [
      '/api/agents',
      '/api/agents/runs',
      `/api/agents/runs/${id}`,
      `/api/agents/runs/${id}/history`,
      '/api/interrupts',
      `/api/interrupts/${interrupt}`,
    ];
    for (const [scopes, reads] of [
      [['write'], false],
      [['evals'], false],
      [['read'], true],
      [['agents'], true],
    ] as const) {
      const account = await newTenant(scopes);
      for (const path of paths) {
        const { status } = await account.fetch(path);
        expect([scopes, path, status === 403]).toEqual([scopes, path, !reads]);
      }
    }
  });

  test('a history comes in pages, in either order', async () => {
    const account = await newTenant();
    const { id } = await api.settled(account, (await api.refund(account, 'R-3', 1)).id);
    const page = async (query: string) => {
      const answer = await account.fetch(`/api/agents/runs/${id}/history?${query}`);
      expect(answer.status).toBe(200);
      return await answer.json<{ data: api.Step[]; has_more: boolean; next: string | null }>();
    };
    const all = await page('');
    expect(all.data.map(({ step }) => step)).toEqual([1, 2, 3, 4]);
    expect([all.has_more, all.next]).toEqual([false, null]);
    for (const [order, steps] of [
      ['asc', [1, 2, 3, 4]],
      ['desc', [4, 3, 2, 1]],
    ] as const) {
      const seen: api.Step[] = [];
      for (let after: string | null = ''; after !== null; ) {
        const some: Awaited<ReturnType<typeof page>> = await page(
          `limit=3&order=${order}${after === '' ? '' : `&after=${after}`}`,
        );
        expect(some.data.length).toBeLessThanOrEqual(3);
        seen.push(...some.data);
        after = some.next;
      }
      expect(seen.map(({ step }) => step)).toEqual(steps);
      expect(seen.find(({ step }) => step === 3)?.state).toEqual(all.data[2]?.state);
    }
    expect((await account.fetch(`/api/agents/runs/${id}/history?limit=0`)).status).toBe(400);
  });

  test('a history shows what was sent, what came back, and how long it took', async () => {
    const account = await newTenant();
    const run = await api.answered(account, 'R-4', 30, {
      action: 'edit',
      args: { order: 'R-4', amount: 12 },
      reason: 'Too much',
    });
    const step = (await api.history(account, run.id)).find(({ node }) => node === 'issue');
    expect(step).toMatchObject({
      effects: [
        {
          name: 'issue_refund',
          tool: 'issue_refund',
          outcome: 'done',
          attempts: 1,
          args: { order: 'R-4', amount: 12 },
          result: { order: 'R-4', amount: 12, receipt: run.output?.receipt },
          duration_ms: expect.any(Number),
        },
      ],
      answer: { action: 'edit', reason: 'Too much' },
      answers: [{ kind: 'tool', name: 'issue_refund', message: 'Refund 30 for order R-4?', action: 'edit' }],
    });
  });
});

describe('AGT-24: an answer is for the arguments that the person saw', () => {
  test('one with the hash of others is refused and changes nothing', async () => {
    const account = await newTenant();
    const { id } = await api.refund(account, 'H-1', 40);
    const [interrupt = ''] = (await api.settled(account, id)).interrupts;
    const [shown] = await api.pending(account, `&run_id=${id}`);
    const other = await api.answer(account, interrupt, { action: 'approve', args_hash: 'f'.repeat(64) });
    expect(other.status).toBe(409);
    expect(await other.json()).toMatchObject({
      code: 'args_changed',
      param: 'args_hash',
      args_hash: shown?.args_hash,
    });
    expect((await api.read(account, id)).status).toBe('interrupted');
    const right = await api.answer(account, interrupt, { action: 'approve', args_hash: shown?.args_hash });
    expect(right.status).toBe(200);
    expect((await api.settled(account, id)).status).toBe('completed');
  });

  test('none is taken too, and null is as if it were absent', async () => {
    const account = await newTenant();
    const { id } = await api.refund(account, 'H-2', 40);
    const [interrupt = ''] = (await api.settled(account, id)).interrupts;
    expect((await api.answer(account, interrupt, { action: 'approve', args_hash: null })).status).toBe(200);
    const read = await account.fetch(`/api/interrupts/${interrupt}`);
    expect(await read.json()).toMatchObject({
      id: interrupt,
      agent: 'example-refund',
      status: 'answered',
      answer: { action: 'approve' },
    });
  });
});

test('AGT-20: a copy that comes late does not replace a newer one', async () => {
  const account = await newTenant();
  const { id } = await api.settled(account, (await api.refund(account, 'L-1', 1)).id);
  const { results } = await env.DB.prepare('SELECT version FROM agent_runs WHERE id = ?').bind(id).all();
  const run = {
    id,
    tenantId: account.tenantId,
    threadId: 'late',
    agent: 'example-refund',
    status: 'running',
    error: null,
    origin: null,
    version: Number(results[0]?.version) - 1,
    createdAt: 0,
  };
  await d1Inbox(env.DB).publish({ run, step: 1 } as unknown as RunStanding, []);
  const list = await (await account.fetch('/api/agents/runs')).json<{ data: api.Run[] }>();
  expect(list.data).toMatchObject([{ id, status: 'completed', step: 4 }]);
});

test('interrupts are counted, and the oldest can be read first', async () => {
  const account = await newTenant();
  const runs = [];
  for (const order of ['O-1', 'O-2', 'O-3']) {
    runs.push((await api.settled(account, (await api.refund(account, order, 20)).id)).id);
  }
  const page = async (query: string) =>
    await (await account.fetch(`/api/interrupts?status=pending&${query}`)).json<{
      data: api.Interrupt[];
      total: number;
      next: string | null;
    }>();
  const first = await page('limit=2&order=asc');
  expect(first.data.map(({ run_id }) => run_id)).toEqual(runs.slice(0, 2));
  expect(first.total).toBe(3);
  const rest = await page(`limit=2&order=asc&after=${first.next}`);
  expect(rest.data.map(({ run_id }) => run_id)).toEqual(runs.slice(2));
  expect(rest.next).toBeNull();
  expect((await page('')).data.map(({ run_id }) => run_id)).toEqual([...runs].reverse());
});
