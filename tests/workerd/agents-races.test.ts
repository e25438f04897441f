import { env } from 'cloudflare:test';
import { describe, expect, test } from 'vitest';
import { type Account, newTenant } from './access.ts';
import * as api from './agents-api.ts';

/** What the outside world was asked for, and how often. */
async function book(account: Account): Promise<readonly { key: string; amount: number; asked: number }[]> {
  const { results } = await env.DB.prepare(
    'SELECT key, amount, asked FROM example_refunds WHERE tenant_id = ? ORDER BY recorded_at, key',
  )
    .bind(account.tenantId)
    .all<{ key: string; amount: number; asked: number }>();
  return results;
}

async function waiting(account: Account, amount: number): Promise<{ id: string; interrupt: string }> {
  const { id } = await api.refund(account, 'A-7', amount);
  const [interrupt = ''] = (await api.settled(account, id)).interrupts;
  return { id, interrupt };
}

/** Milliseconds for a dozen rounds, on a machine that is busy with other things. */
const SLOW = 60_000;

describe('two things at the same moment', () => {
  test(
    'a cancel and an answer: one order or the other, and never a refund that nobody sees',
    async () => {
      const account = await newTenant();
      const seen = new Set<string>();
      for (let round = 0; round < 12; round += 1) {
        const { id, interrupt } = await waiting(account, 20 + round);
        const cancel = () => account.send('POST', `/api/agents/runs/${id}/cancel`, {});
        const approve = () => api.answer(account, interrupt, { action: 'approve' });
        const [first, second] = round % 2 === 0 ? [cancel, approve] : [approve, cancel];
        const replies = await Promise.all([first(), second()]);
        const [cancelled, answered] = round % 2 === 0 ? replies : replies.toReversed();
        const run = await api.settled(account, id);
        seen.add(`${answered?.status} ${run.status}`);
        expect(cancelled?.status).toBe(200);
        if (answered?.status === 409) {
          expect(await answered.json()).toMatchObject({ code: 'run_ended' });
          expect(run.status).toBe('cancelled');
        }
        expect(run.interrupts).toEqual([]);
        const refunds = (await book(account)).filter(({ key }) => key.startsWith(id));
        if (run.status === 'completed') expect(refunds).toMatchObject([{ amount: 20 + round, asked: 1 }]);
        else expect(refunds.length).toBeLessThanOrEqual(1);
        for (const { asked } of refunds) expect(asked).toBe(1);
      }
      for (const outcome of seen) expect(outcome).toMatch(/^(200 (cancelled|completed)|409 cancelled)$/);
    },
    SLOW,
  );

  test('a fork while the first run waits: two questions, two answers, two refunds', async () => {
    const account = await newTenant();
    const { id, interrupt } = await waiting(account, 25);
    const path = `/api/agents/runs/${id}/fork`;
    const forks = await Promise.all([1, 2].map((step) => api.started(account, path, { step })));
    const runs = await Promise.all(forks.map((fork) => api.settled(account, fork.id)));
    for (const run of runs) expect(run).toMatchObject({ status: 'interrupted', forked_from: { run_id: id } });
    const interrupts = [interrupt, ...runs.flatMap((run) => run.interrupts)];
    expect(new Set(interrupts).size).toBe(3);
    await Promise.all(interrupts.map((one) => api.answer(account, one, { action: 'approve' })));
    for (const run of [id, ...runs.map((one) => one.id)]) {
      expect((await api.settled(account, run)).output?.receipt).toBe(`${run}:3:issue:issue_refund`);
    }
    expect((await book(account)).map(({ asked }) => asked)).toEqual([1, 1, 1]);
  });

  test('two forks and two replays at once share one record and send nothing again', async () => {
    const account = await newTenant();
    const first = await api.answered(account, 'A-7', 30, { action: 'approve' });
    const runs = await Promise.all([
      ...[1, 2].map((step) => api.started(account, `/api/agents/runs/${first.id}/fork`, { step })),
      ...[1, 2].map((step) =>
        api.started(account, `/api/agents/runs/${first.id}/replay`, { step, mode: 'recorded' }),
      ),
    ]);
    for (const { id } of runs) {
      expect(await api.settled(account, id)).toMatchObject({
        status: 'completed',
        output: { receipt: `${first.id}:3:issue:issue_refund` },
      });
    }
    expect((await book(account)).map(({ asked }) => asked)).toEqual([1]);
  });
});

test('a number that JSON cannot say again is refused wherever one is taken', async () => {
  const account = await newTenant();
  const { id, interrupt } = await waiting(account, 25);
  const send = (path: string, body: string) =>
    account.fetch(path, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
  for (const [path, body, param] of [
    ['/api/agents/example-refund/runs', '{ "input": { "order": "A", "amount": 1e400 } }', 'input.amount'],
    [
      `/api/interrupts/${interrupt}`,
      '{ "action": "edit", "args": { "order": "A", "amount": 1e400 } }',
      'args',
    ],
    [`/api/agents/runs/${id}/fork`, '{ "step": 1, "state": { "amount": [-1e400] } }', 'state.amount'],
  ] as const) {
    const response = await send(path, body);
    expect([response.status, await response.json()]).toMatchObject([400, { param }]);
  }
});
