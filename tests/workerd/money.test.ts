import { createExecutionContext, env, SELF, waitOnExecutionContext } from 'cloudflare:test';
import { describe, expect, inject, test, vi } from 'vitest';
import type { Evaluation } from '../../contract/evals.ts';
import type { Key } from '../../contract/keys.ts';
import type { TraceList } from '../../contract/traces.ts';
import worker from '../../workers/index.ts';
import { type Account, newTenant } from './access.ts';
import * as agents from './agents-api.ts';
import { library, shop } from './library.ts';
import { expireReservations, keyWith, settledBooks, spent, used } from './money.ts';
import { openai } from './openai.ts';
import { clientWith, streamed, Upstream } from './upstream.ts';

vi.setConfig({ testTimeout: 120_000 });

/** Every operation that asks for a key, as the reference has it; a placeholder for each id. */
async function operations(): Promise<readonly { readonly method: string; readonly path: string }[]> {
  const document = await (await SELF.fetch('http://selvedge.test/openapi.json')).json<{
    paths: Record<string, Record<string, { security?: readonly unknown[] }>>;
  }>();
  const found = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, { security }]) => security?.length !== 0)
      .map(([method]) => ({ method: method.toUpperCase(), path: path.replaceAll(/\{[^}]+\}/g, 'x') })),
  );
  return [...found, { method: 'POST', path: '/mcp' }];
}

async function statuses(account: Account): Promise<ReadonlyMap<string, number>> {
  const all = new Map<string, number>();
  for (const { method, path } of await operations()) {
    const response = await SELF.fetch(`http://selvedge.test${path}`, {
      method,
      headers: { authorization: `Bearer ${account.secret}`, 'content-type': 'application/json' },
      ...(method === 'GET' || method === 'DELETE' ? {} : { body: '{}' }),
    });
    all.set(`${method} ${path}`, response.status);
    if (response.status === 429) expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    await response.body?.cancel();
  }
  return all;
}

describe('a rate', () => {
  test('of requests holds on every operation', async () => {
    const admin = await newTenant();
    const { account } = await keyWith(admin, { rates: { requests_per_minute: 1 } });
    expect((await account.fetch('/v1/models')).status).toBe(200);
    const all = await statuses(account);
    expect(all.size).toBeGreaterThan(55);
    expect([...all].filter(([, status]) => status !== 429)).toEqual([]);
  });

  test.skipIf(!inject('models').embedding)('of tokens holds on every operation', async () => {
    const admin = await newTenant();
    const { account } = await keyWith(admin, { rates: { tokens_per_minute: 1 } });
    expect((await account.send('POST', '/v1/embeddings', { input: 'How long is it?' })).status).toBe(200);
    // What a request took counts once its row is written, after its answer.
    await expect.poll(async () => (await account.fetch('/v1/models')).status).toBe(429);
    const all = await statuses(account);
    expect([...all].filter(([, status]) => status !== 429)).toEqual([]);
  });
});

/** One JSON-RPC message to a tool, and its result's text. */
async function tool(account: Account, name: string, args: object): Promise<string> {
  const response = await account.fetch('/mcp', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2025-11-25',
    },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name, arguments: args },
    }),
  });
  return response.text();
}

const question = 'How long are frames guaranteed?';

async function attach(account: Account, store: string) {
  const client = openai(account);
  const bytes = new TextEncoder().encode(`# Chains\n\n${'The chain is oiled every month. '.repeat(50)}`);
  const file = await client.files.create({ file: new File([bytes], 'chains.md'), purpose: 'assistants' });
  return client.vectorStores.files.createAndPoll(store, { file_id: file.id });
}

async function evaluated(admin: Account, account: Account, store: string): Promise<Evaluation> {
  const cases = [{ id: 'frames', question, answers: ['ten years'] }];
  const made = await admin.send('POST', '/api/datasets', { name: 'shop', cases });
  const { id: dataset } = await made.json<{ id: string }>();
  const started = await account.send('POST', '/api/evals', { dataset, vector_store_ids: [store] });
  expect(started.status).toBe(201);
  const { id } = await started.json<Evaluation>();
  const read = async () => (await admin.fetch(`/api/evals/${id}`)).json<Evaluation>();
  await expect.poll(async () => (await read()).status, { timeout: 30_000 }).toBe('completed');
  return read();
}

describe.skipIf(!inject('models').embedding)('a budget', () => {
  test('that is spent stops every kind of work before it costs', async () => {
    const admin = await newTenant();
    const store = await library(admin, shop);
    const { id, account } = await keyWith(admin, { budgets: { total_usd: 1e-9 } });
    const search = { type: 'file_search', vector_store_ids: [store] };
    const refused: [string, object][] = [
      ['/v1/responses', { input: question }],
      ['/v1/responses', { input: question, tools: [search] }],
      ['/v1/chat/completions', { messages: [{ role: 'user', content: question }] }],
      [
        '/v1/chat/completions',
        { messages: [{ role: 'user', content: question }], vector_store_ids: [store] },
      ],
      ['/v1/embeddings', { input: question }],
      [`/v1/vector_stores/${store}/search`, { query: question }],
    ];
    for (const [path, body] of refused) {
      const response = await account.send('POST', path, body);
      const { error } = await response.json<{ error: { code: string } }>();
      expect([path, response.status, error.code]).toEqual([path, 429, 'budget_exceeded']);
    }
    for (const [name, args] of [
      ['search', { query: question, vector_store_ids: [store] }],
      ['ask', { question, vector_store_ids: [store] }],
    ] as const) {
      expect(await tool(account, name, args)).toContain("budget 'total_usd'");
    }
    const run = await agents.started(account, '/api/agents/example-research/runs', {
      input: { question, vector_store_ids: [store] },
    });
    expect(await agents.settled(account, run.id)).toMatchObject({
      status: 'failed',
      error: { message: expect.stringContaining("budget 'total_usd'") },
    });
    expect(await attach(account, store)).toMatchObject({
      status: 'failed',
      last_error: { code: 'server_error', message: expect.stringContaining("budget 'total_usd'") },
    });
    const { counts } = await evaluated(admin, account, store);
    expect(counts).toEqual({ total: 1, done: 1, errors: 1 });
    expect(await settledBooks(admin, id)).toEqual({ ledger: 0, usage: 0 });
  });

  test('of a day lets documents wait, and says until when', async () => {
    const admin = await newTenant();
    const store = await openai(admin).vectorStores.create({});
    // Enough for the call, and spent by then.
    const { account } = await keyWith(admin, { budgets: { day_usd: 1e-3 } });
    const ledger = env.LEDGER.getByName(account.keyId);
    await ledger.charge(1e9 as Parameters<typeof ledger.charge>[0], 0);
    const file = await openai(account).files.create({
      file: new File(['# Chains\n\nThe chain is oiled every month.'], 'chains.md'),
      purpose: 'assistants',
    });
    await openai(account).vectorStores.files.create(store.id, { file_id: file.id });
    const read = async () =>
      (await account.fetch(`/v1/vector_stores/${store.id}/files/${file.id}`)).json<{
        status: string;
        progress: { message: string | null };
      }>();
    const midnight = new Date(Math.ceil(Date.now() / 86_400_000) * 86_400_000).toISOString().slice(0, 10);
    await expect
      .poll(async () => (await read()).progress.message, { timeout: 20_000 })
      .toBe(`Waiting until ${midnight}T00:00Z. This could exceed the key's budget 'day_usd'.`);
    expect((await read()).status).toBe('in_progress');
  });
});

describe.skipIf(!inject('models').embedding)('the ledger and usage', () => {
  test.each([
    ['with a budget', { budgets: { total_usd: 1 } }],
    ['without limits', {}],
  ])('LED-5: say the same of a key %s after every kind of work', async (_, limits) => {
    const admin = await newTenant();
    const store = await library(admin, shop);
    const { id, account } = await keyWith(admin, limits);
    const search = { type: 'file_search', vector_store_ids: [store] };
    const answers = [
      await account.send('POST', '/v1/responses', { input: question, tools: [search] }),
      await account.send('POST', '/v1/chat/completions', {
        messages: [{ role: 'user', content: question }],
        vector_store_ids: [store],
      }),
      await account.send('POST', '/v1/embeddings', { input: question }),
      await account.send('POST', `/v1/vector_stores/${store}/search`, {
        query: `${question} And when is the shop closed?`,
        rewrite_query: true,
      }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    await Promise.all(answers.map((answer) => answer.text()));
    expect(await tool(account, 'search', { query: question })).toContain('ten years');
    expect(await tool(account, 'ask', { question })).toContain('ten years');
    const run = await agents.started(account, '/api/agents/example-research/runs', {
      input: { question, vector_store_ids: [store] },
    });
    expect((await agents.settled(account, run.id)).status).toBe('interrupted');
    expect((await attach(account, store)).status).toBe('completed');
    expect((await evaluated(admin, account, store)).counts).toMatchObject({ done: 1, errors: 0 });
    const { ledger, usage } = await settledBooks(admin, id);
    expect(usage).toBe(ledger);
    expect(ledger).toBeGreaterThan(0);
    const { data } = await (await account.fetch('/api/traces?limit=100')).json<TraceList>();
    const paid = new Set(data.filter((row) => row.key === id && row.cost_usd > 0).map(({ route }) => route));
    expect([...paid].sort()).toEqual([
      'POST /mcp',
      'POST /v1/chat/completions',
      'POST /v1/embeddings',
      'POST /v1/responses',
      'POST /v1/vector_stores/:vector_store_id/search',
      'agent:example-research',
      'queue:evaluation',
      'queue:ingest',
    ]);
  });

  test('LED-2: say the same after a crash between reservation and settlement, and say what it was', async () => {
    const admin = await newTenant();
    const { id, account } = await keyWith(admin, { budgets: { total_usd: 1 } });
    // The row of a request comes before its settlement: where it cannot be written, the work ends as if it had died.
    const dying = new Proxy(env.DB, {
      get(database, name) {
        if (name !== 'prepare') return Reflect.get(database, name).bind(database);
        return (sql: string) => {
          if (sql.includes('INTO requests')) throw new Error('The worker is gone.');
          return database.prepare(sql);
        };
      },
    });
    const context = createExecutionContext();
    const request = new Request('http://selvedge.test/v1/embeddings', {
      method: 'POST',
      headers: { authorization: `Bearer ${account.secret}`, 'content-type': 'application/json' },
      body: JSON.stringify({ input: question }),
    });
    const response = await worker.fetch(request, { ...env, DB: dying }, context);
    expect(response.status).toBe(200);
    await waitOnExecutionContext(context).catch(() => undefined);
    const held = await spent(admin, id);
    expect(held).toEqual({ total: 0, reserved: expect.any(Number) });
    expect(held.reserved).toBeGreaterThan(0);
    expect(await used(admin, id)).toBe(0);

    await expireReservations(id);
    expect(await settledBooks(admin, id)).toEqual({ ledger: held.reserved, usage: held.reserved });
    const { data } = await (await admin.fetch('/api/traces')).json<TraceList>();
    const row = data.find(({ key, cost_usd }) => key === id && cost_usd > 0);
    expect(row).toMatchObject({ route: 'POST /v1/embeddings', status: 500 });
    expect(row?.error).toContain('cut off');
    const shown = await (await admin.fetch(`/api/usage?key=${id}&group_by=model`)).json<{
      data: { group: string; cost_usd: number }[];
    }>();
    expect(shown.data).toMatchObject([{ group: 'unsettled', cost_usd: held.reserved }]);
  });
});

/** A count that no text can have. */
const ABSURD = 1e15;

describe('an upstream that claims to have counted a quadrillion tokens', () => {
  const claiming = (reply: ReturnType<typeof streamed>) => ({
    ...reply,
    writes: reply.writes.map((text) =>
      text.replace(
        /"usage":\{[^}]*\}/,
        `"usage":${JSON.stringify({ prompt_tokens: ABSURD, completion_tokens: ABSURD, total_tokens: 2 * ABSURD })}`,
      ),
    ),
  });

  test('MOD-5: a chat call costs no more than was reserved, and both books can be read', async () => {
    const admin = await newTenant();
    const { id, account } = await keyWith(admin, { budgets: { total_usd: 0.5 } });
    const upstream = await Upstream.saying(claiming(streamed([{ content: 'Yes.' }])));
    const client = clientWith(account, upstream.catalogue());
    const call = { model: 'default', max_completion_tokens: 100 };
    for (let turn = 0; turn < 3; turn += 1) {
      await client.chat.completions.create({ ...call, messages: [{ role: 'user', content: question }] });
    }
    const { ledger, usage } = await settledBooks(admin, id);
    expect(usage).toBe(ledger);
    expect(ledger).toBeLessThan(0.02);
    expect((await admin.fetch('/api/keys')).status).toBe(200);
  });

  test('MOD-10: embeddings cost no more than was reserved', async () => {
    const admin = await newTenant();
    const { id, account } = await keyWith(admin, { budgets: { total_usd: 0.5 } });
    const upstream = await Upstream.saying({
      writes: [
        JSON.stringify({
          object: 'list',
          model: 'upstream-model',
          data: [{ object: 'embedding', index: 0, embedding: [1, 0] }],
          usage: { prompt_tokens: ABSURD, total_tokens: ABSURD },
        }),
      ],
    });
    const client = clientWith(account, {
      models: [
        {
          name: 'vectors',
          task: 'embedding',
          target: { kind: 'openai-compatible', model: 'upstream-model', base_url: upstream.baseUrl },
          price: { input_per_million: 1, output_per_million: 0 },
          dimensions: 2,
        },
      ],
    });
    const made = await client.embeddings.create({
      model: 'vectors',
      input: question,
      encoding_format: 'float',
    });
    expect(made.usage.prompt_tokens).toBeLessThan(100);
    const { ledger, usage } = await settledBooks(admin, id);
    expect(usage).toBe(ledger);
    expect(ledger).toBeLessThan(0.0001);
    const key = await (await admin.fetch(`/api/keys/${id}`)).json<Key>();
    expect(key.spent_usd.total).toBe(ledger);
  });
});
