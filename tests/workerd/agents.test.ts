import { env } from 'cloudflare:test';
import { describe, expect, test, vi } from 'vitest';
import { newTenant } from './access.ts';
import * as api from './agents-api.ts';

// Each story is a dozen requests and several alarms, and the machine may be busy with other tests.
vi.setConfig({ testTimeout: 60_000 });

const booked = async (tenantId: string) =>
  (
    await env.DB.prepare('SELECT key, order_id, amount, asked FROM example_refunds WHERE tenant_id = ?')
      .bind(tenantId)
      .all<{ key: string; order_id: string; amount: number; asked: number }>()
  ).results;

describe('example-refund', () => {
  test('is listed with the schema of its input', async () => {
    const account = await newTenant();
    const { data } = await (await account.fetch('/api/agents')).json<{ data: Record<string, unknown>[] }>();
    expect(data).toContainEqual(
      expect.objectContaining({
        name: 'example-refund',
        title: expect.any(String),
        description: expect.any(String),
        input_schema: expect.objectContaining({ required: ['order', 'amount'] }),
      }),
    );
  });

  test('refunds exactly 10 without a person, under the key that is the receipt', async () => {
    const account = await newTenant();
    const begun = await api.refund(account, 'A-1', 10);
    expect(begun).toMatchObject({ agent: 'example-refund', status: 'running', step: 0, interrupts: [] });
    const run = await api.settled(account, begun.id);
    const receipt = `${run.id}:3:issue:issue_refund`;
    expect(run).toMatchObject({
      status: 'completed',
      step: 4,
      output: { order: 'A-1', amount: 10, receipt },
    });
    expect(await booked(account.tenantId)).toEqual([{ key: receipt, order_id: 'A-1', amount: 10, asked: 1 }]);
    const steps = await api.history(account, run.id);
    expect(steps.map(({ step, node, parent }) => [step, node, parent])).toEqual([
      [1, 'start', null],
      [2, 'assess', 1],
      [3, 'issue', 2],
      [4, 'end', 3],
    ]);
    expect(steps[2]?.effects).toMatchObject([
      { key: receipt, step: 3, node: 'issue', name: 'issue_refund', outcome: 'done' },
    ]);
    expect(steps[1]?.state).toMatchObject({ order: 'A-1', amount: 10, needs_person: false });
  });

  test('asks a person above 10, and refunds what was approved', async () => {
    const account = await newTenant();
    const { id } = await api.refund(account, 'A-2', 10.01);
    const waiting = await api.settled(account, id);
    expect(waiting).toMatchObject({ status: 'interrupted', step: 2 });
    expect(waiting.output).toBeUndefined();
    const [interrupt, ...others] = await api.pending(account);
    expect(others).toEqual([]);
    expect(interrupt).toMatchObject({
      id: waiting.interrupts[0],
      run_id: id,
      step: 3,
      node: 'issue',
      kind: 'tool',
      tool: 'issue_refund',
      args: { order: 'A-2', amount: 10.01 },
      args_hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      allow: ['approve', 'edit', 'reject'],
      status: 'pending',
      response_schema: expect.objectContaining({ required: ['order', 'amount'] }),
    });
    expect(await booked(account.tenantId)).toEqual([]);
    const response = await api.answer(account, interrupt?.id ?? '', { action: 'approve', reason: 'fine' });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      id: interrupt?.id,
      status: 'answered',
      answer: { action: 'approve', by: expect.stringMatching(/^key_/), at: expect.any(String) },
    });
    expect(await api.pending(account)).toEqual([]);
    const run = await api.settled(account, id);
    expect(run).toMatchObject({ status: 'completed', output: { amount: 10.01 }, interrupts: [] });
    const step = (await api.history(account, id)).find(({ node }) => node === 'issue');
    expect(step?.answer).toMatchObject({ action: 'approve', reason: 'fine' });
  });

  test('refunds the edited arguments, and says what was changed and by whom', async () => {
    const account = await newTenant();
    const args = { order: 'A-3', amount: 20 };
    const run = await api.answered(account, 'A-3', 50, { action: 'edit', args });
    expect(run).toMatchObject({ status: 'completed', output: args, state: args });
    expect(await booked(account.tenantId)).toMatchObject([{ amount: 20, asked: 1 }]);
    const step = (await api.history(account, run.id)).find(({ node }) => node === 'issue');
    expect(step?.answer).toMatchObject({ action: 'edit', args, by: expect.stringMatching(/^key_/) });
  });

  test('refunds nothing after a rejection', async () => {
    const account = await newTenant();
    const run = await api.answered(account, 'A-4', 50, { action: 'reject', reason: 'too much' });
    expect(run).toMatchObject({ status: 'completed', output: { order: 'A-4', receipt: null } });
    expect(run.state.refused_because).toBe('too much');
    expect(await booked(account.tenantId)).toEqual([]);
  });

  test('AGT-23, AGT-29: of many answers at once one wins, and the others learn which', async () => {
    const account = await newTenant();
    const { id } = await api.refund(account, 'A-5', 50);
    const [interrupt = ''] = (await api.settled(account, id)).interrupts;
    const amounts = [11, 12, 13, 14, 15];
    const responses = await Promise.all(
      amounts.map((amount) =>
        api.answer(account, interrupt, { action: 'edit', args: { order: 'A-5', amount } }),
      ),
    );
    const won = responses.filter(({ status }) => status === 200);
    expect(won).toHaveLength(1);
    const { answer } = await (won[0] as Response).json<{ answer: { args: { amount: number } } }>();
    for (const late of responses.filter((response) => response !== won[0])) {
      expect(late.status).toBe(409);
      expect(late.headers.get('content-type')).toBe('application/problem+json');
      expect(await late.json()).toMatchObject({ status: 409, winner: answer });
    }
    expect((await api.settled(account, id)).output?.amount).toBe(answer.args.amount);
    expect(await booked(account.tenantId)).toMatchObject([{ amount: answer.args.amount, asked: 1 }]);
  });

  test('refuses an answer that breaks the schema, naming the field, and goes on waiting', async () => {
    const account = await newTenant();
    const { id } = await api.refund(account, 'A-6', 50);
    const [interrupt = ''] = (await api.settled(account, id)).interrupts;
    for (const [body, param] of [
      [{ action: 'edit', args: { order: 'A-6', amount: 'much' } }, 'args.amount'],
      [{ action: 'edit', args: { order: 'A-6' } }, 'args.amount'],
      [{ action: 'edit', args: { order: 'A-6', amount: 1, colour: 'red' } }, 'args.colour'],
      [{ action: 'edit' }, 'args'],
      [{ action: 'approve', args: { order: 'A-6', amount: 1 } }, 'args'],
      [{ action: 'respond', value: 1 }, 'action'],
      [{ action: 'shrug' }, 'action'],
      [{ action: 'approve', colour: 'red' }, 'colour'],
    ] as const) {
      const response = await api.answer(account, interrupt, body);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ param });
    }
    expect(await api.read(account, id)).toMatchObject({ status: 'interrupted', interrupts: [interrupt] });
  });

  test('refuses an input that breaks the schema, an unknown agent and an unknown field', async () => {
    const account = await newTenant();
    for (const [path, body, status, param] of [
      ['example-refund', { input: { order: 'A' } }, 400, 'input.amount'],
      ['example-refund', { input: { order: 'A', amount: -1 } }, 400, 'input.amount'],
      ['example-refund', { input: { order: 'A', amount: 1, tip: 2 } }, 400, 'input.tip'],
      ['example-refund', { input: 'A' }, 400, 'input'],
      ['example-refund', { input: { order: 'A', amount: 1 }, speed: 9 }, 400, 'speed'],
      ['example-nothing', { input: {} }, 404, undefined],
    ] as const) {
      const response = await account.send('POST', `/api/agents/${path}/runs`, body);
      expect(response.status).toBe(status);
      if (param !== undefined) expect(await response.json()).toMatchObject({ param });
    }
  });

  test('is cancelled where it waits; its question can no longer be answered', async () => {
    const account = await newTenant();
    const { id } = await api.refund(account, 'A-7', 50);
    const [interrupt = ''] = (await api.settled(account, id)).interrupts;
    const cancelled = await account.send('POST', `/api/agents/runs/${id}/cancel`, {});
    expect(await cancelled.json()).toMatchObject({ status: 'cancelled', interrupts: [] });
    expect((await api.answer(account, interrupt, { action: 'approve' })).status).toBe(409);
    expect(await api.pending(account)).toEqual([]);
    expect(await booked(account.tenantId)).toEqual([]);
    const again = await account.fetch(`/api/agents/runs/${id}/cancel`, { method: 'POST' });
    expect(await again.json()).toMatchObject({ status: 'cancelled' });
  });

  test('two runs of one thread share it and do not disturb each other', async () => {
    const account = await newTenant();
    const start = (order: string, amount: number) =>
      api.started(account, '/api/agents/example-refund/runs', {
        input: { order, amount },
        thread_id: 'customer-1',
      });
    const [waits, ends] = await Promise.all([start('B-1', 50), start('B-2', 5)]);
    expect(waits.thread_id).toBe('customer-1');
    expect((await api.settled(account, ends.id)).status).toBe('completed');
    expect((await api.settled(account, waits.id)).status).toBe('interrupted');
    expect(await api.pending(account, `&run_id=${ends.id}`)).toEqual([]);
    expect(await api.pending(account, `&run_id=${waits.id}`)).toHaveLength(1);
  });
});

describe('forks and replays', () => {
  const fork = (account: Parameters<typeof api.read>[0], id: string, body: unknown) =>
    api.started(account, `/api/agents/runs/${id}/fork`, body);

  test('AGT-18: a fork reuses what the first run did, under its old key, and the first run does not change', async () => {
    const account = await newTenant();
    const first = await api.answered(account, 'C-1', 50, {
      action: 'edit',
      args: { order: 'C-1', amount: 30 },
    });
    const before = await api.history(account, first.id);
    const { id, forked_from } = await fork(account, first.id, { step: 2 });
    expect(forked_from).toEqual({ run_id: first.id, step: 2 });
    const run = await api.settled(account, id);
    expect(run).toMatchObject({ status: 'completed', output: first.output, thread_id: first.thread_id });
    const step = (await api.history(account, id)).find(({ node }) => node === 'issue');
    expect(step?.effects).toMatchObject([{ key: first.output?.receipt, outcome: 'reused' }]);
    expect(await booked(account.tenantId)).toMatchObject([{ amount: 30, asked: 1 }]);
    expect(await api.history(account, first.id)).toEqual(before);
  });

  test('a fork with other arguments is a new effect: it asks anew and has a key of its own', async () => {
    const account = await newTenant();
    const first = await api.answered(account, 'C-2', 50, { action: 'approve' });
    const { id } = await fork(account, first.id, { step: 2, state: { amount: 40 } });
    const waiting = await api.settled(account, id);
    expect(waiting).toMatchObject({ status: 'interrupted', state: { amount: 40 } });
    await api.answer(account, waiting.interrupts[0] ?? '', { action: 'approve' });
    const run = await api.settled(account, id);
    expect(run.output).toMatchObject({ amount: 40, receipt: `${id}:3:issue:issue_refund` });
    expect(await booked(account.tenantId)).toHaveLength(2);
  });

  test('rerun asks the person again and refunds again under a new key', async () => {
    const account = await newTenant();
    const first = await api.answered(account, 'C-3', 50, { action: 'approve' });
    const { id } = await fork(account, first.id, { step: 2, effects: 'rerun' });
    const waiting = await api.settled(account, id);
    expect(waiting.status).toBe('interrupted');
    await api.answer(account, waiting.interrupts[0] ?? '', { action: 'approve' });
    const run = await api.settled(account, id);
    expect(run.output?.receipt).toBe(`${id}:3:issue:issue_refund`);
  });

  test('ask leaves it to a person: no takes the result over, yes does it again', async () => {
    const account = await newTenant();
    const { id } = await api.refund(account, 'C-4', 5);
    const first = await api.settled(account, id);
    for (const [action, receipt, outcome] of [
      ['reject', () => first.output?.receipt, 'reused'],
      ['approve', (runId: string) => `${runId}:3:issue:issue_refund`, 'done'],
    ] as const) {
      const forked = await fork(account, id, { step: 1, effects: 'ask' });
      const waiting = await api.settled(account, forked.id);
      expect(waiting.status).toBe('interrupted');
      await api.answer(account, waiting.interrupts[0] ?? '', { action });
      const run = await api.settled(account, forked.id);
      expect(run.output?.receipt).toBe(receipt(forked.id));
      const steps = await api.history(account, forked.id);
      expect(steps[2]?.effects).toMatchObject([{ outcome }]);
    }
    expect(await booked(account.tenantId)).toHaveLength(2);
  });

  test('AGT-17: a fork behind the effect shares it and shows it as reused', async () => {
    const account = await newTenant();
    const { id } = await api.refund(account, 'C-5', 5);
    await api.settled(account, id);
    const forked = await fork(account, id, { step: 3, state: { note: 'seen' } });
    const run = await api.settled(account, forked.id);
    expect(run).toMatchObject({ status: 'completed', step: 4, state: { note: 'seen', order: 'C-5' } });
    const steps = await api.history(account, forked.id);
    expect(steps.map(({ node }) => node)).toEqual(['start', 'assess', 'issue', 'end']);
    expect(steps[2]).toMatchObject({ state: { note: 'seen' }, effects: [{ outcome: 'reused' }] });
    const again = await fork(account, forked.id, { step: 2 });
    const third = await api.settled(account, again.id);
    expect(third.output?.receipt).toBe(`${id}:3:issue:issue_refund`);
    expect(await booked(account.tenantId)).toHaveLength(1);
  });

  test('AGT-9: a recorded replay takes effects and answers from the record; a live one asks and refunds', async () => {
    const account = await newTenant();
    for (const body of [
      { action: 'edit', args: { order: 'D-1', amount: 20 } },
      { action: 'reject', reason: 'no' },
    ]) {
      const first = await api.answered(account, 'D-1', 50, body);
      const replayed = await api.started(account, `/api/agents/runs/${first.id}/replay`, {
        mode: 'recorded',
      });
      const run = await api.settled(account, replayed.id);
      expect(run).toMatchObject({ status: 'completed', output: first.output, state: first.state });
      expect(run.id).not.toBe(first.id);
    }
    expect(await booked(account.tenantId)).toHaveLength(1);
    const first = await api.settled(account, (await api.refund(account, 'D-2', 5)).id);
    const live = await api.started(account, `/api/agents/runs/${first.id}/replay`, { mode: 'live', step: 1 });
    expect((await api.settled(account, live.id)).output?.receipt).toBe(`${live.id}:3:issue:issue_refund`);
    expect(await booked(account.tenantId)).toHaveLength(3);
  });

  test('a recorded replay of a run that waits ends where the record ends', async () => {
    const account = await newTenant();
    const { id } = await api.refund(account, 'D-3', 50);
    await api.settled(account, id);
    const replayed = await api.started(account, `/api/agents/runs/${id}/replay`, { mode: 'recorded' });
    const run = await api.settled(account, replayed.id);
    expect(run).toMatchObject({ status: 'failed', error: { code: 'not_recorded' } });
    expect(await api.pending(account)).toHaveLength(1);
  });

  test('a step that is not there is refused', async () => {
    const account = await newTenant();
    const { id } = await api.refund(account, 'D-4', 50);
    await api.settled(account, id);
    for (const [verb, body] of [
      ['fork', { step: 3 }],
      ['fork', { step: 0 }],
      ['fork', { step: -1 }],
      ['fork', { step: 1.5 }],
      ['fork', {}],
      ['replay', { step: 99, mode: 'live' }],
    ] as const) {
      const response = await account.send('POST', `/api/agents/runs/${id}/${verb}`, body);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ param: 'step' });
    }
  });
});

describe('whose runs', () => {
  test('AGT-25: another tenant sees, answers, forks and lists nothing', async () => {
    const owner = await newTenant();
    const other = await newTenant();
    const { id } = await api.refund(owner, 'E-1', 50);
    const [interrupt = ''] = (await api.settled(owner, id)).interrupts;
    for (const path of [`/api/agents/runs/${id}`, `/api/agents/runs/${id}/history`]) {
      expect((await other.fetch(path)).status).toBe(404);
    }
    for (const [path, body] of [
      [`/api/agents/runs/${id}/cancel`, {}],
      [`/api/agents/runs/${id}/fork`, { step: 1 }],
      [`/api/agents/runs/${id}/replay`, { mode: 'live' }],
      [`/api/interrupts/${interrupt}`, { action: 'approve' }],
    ] as const) {
      expect((await other.send('POST', path, body)).status).toBe(404);
    }
    expect(await api.pending(other)).toEqual([]);
    expect(await api.pending(other, `&run_id=${id}`)).toEqual([]);
    const list = await (await other.fetch('/api/agents/runs')).json<{ data: unknown[] }>();
    expect(list.data).toEqual([]);
    expect((await api.read(owner, id)).status).toBe('interrupted');
  });

  test('a key without the scope may look and not touch', async () => {
    const reader = await newTenant(['read']);
    const response = await reader.send('POST', '/api/agents/example-refund/runs', {
      input: { order: 'E-2', amount: 1 },
    });
    expect(response.status).toBe(403);
    expect((await reader.fetch('/api/agents/runs')).status).toBe(200);
    expect((await reader.send('POST', '/api/interrupts/int_x', { action: 'approve' })).status).toBe(403);
  });

  test('runs are listed newest first, a page at a time', async () => {
    const account = await newTenant();
    const ids: string[] = [];
    for (const amount of [1, 2, 50]) ids.unshift((await api.refund(account, 'F', amount)).id);
    for (const id of ids) await api.settled(account, id);
    const seen: api.Run[] = [];
    let after = '';
    do {
      const response = await account.fetch(`/api/agents/runs?limit=2${after}`);
      const page = await response.json<{ data: api.Run[]; next: string | null }>();
      seen.push(...page.data);
      after = page.next === null ? '' : `&after=${page.next}`;
    } while (after !== '');
    expect(new Set(seen.map(({ id }) => id))).toEqual(new Set(ids));
    expect(seen).toHaveLength(3);
    const interrupted = await account.fetch('/api/agents/runs?status=interrupted');
    expect(await interrupted.json()).toMatchObject({ data: [{ id: ids[0], step: 2 }], has_more: false });
    expect((await account.fetch('/api/agents/runs?after=nonsense')).status).toBe(400);
  });

  test('every drive leaves a trace with its steps and its tool', async () => {
    const account = await newTenant();
    await api.settled(account, (await api.refund(account, 'G', 1)).id);
    const names = async () => {
      const { results } = await env.DB.prepare(
        "SELECT name FROM spans JOIN requests USING (trace_id) WHERE requests.tenant_id = ? AND route = 'agent:example-refund'",
      )
        .bind(account.tenantId)
        .all<{ name: string }>();
      return results.map(({ name }) => name);
    };
    await expect
      .poll(names)
      .toEqual(expect.arrayContaining(['step 1 start', 'step 3 issue', 'tool issue_refund', 'step 4 end']));
  });
});
