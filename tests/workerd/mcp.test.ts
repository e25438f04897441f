import { SELF } from 'cloudflare:test';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { describe, expect, inject, test, vi } from 'vitest';
import { type Account, newTenant } from './access.ts';
import { library, shop } from './library.ts';

vi.setConfig({ testTimeout: 60_000 });

/** The official client of the revision of 2026-07-28, talking to the Worker under test. */
async function connect(account: Account, decide?: () => Record<string, string>): Promise<Client> {
  const client = new Client(
    { name: 'test', version: '1' },
    {
      versionNegotiation: { mode: 'auto' },
      capabilities: decide === undefined ? {} : { elicitation: { form: {} } },
    },
  );
  if (decide !== undefined) {
    client.setRequestHandler('elicitation/create', async () => ({ action: 'accept', content: decide() }));
  }
  const transport = new StreamableHTTPClientTransport(new URL('http://selvedge.test/mcp'), {
    fetch: (input, init) => SELF.fetch(new Request(input, init as RequestInit)),
    requestInit: { headers: { authorization: `Bearer ${account.secret}` } },
  });
  await client.connect(transport);
  return client;
}

/** One call as a client of the revision before makes it: no session, one JSON-RPC message. */
async function call(account: Account, method: string, params: object = {}) {
  const response = await account.fetch('/mcp', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2025-11-25',
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  });
  const text = await response.text();
  const json = text.startsWith('{') ? text : (/^data: (.*)$/m.exec(text)?.[1] ?? 'null');
  return {
    status: response.status,
    body: JSON.parse(json) as { result?: never; error?: { message: string } },
  };
}

test('a client of either revision lists the tools that its key allows, and none without a key', async () => {
  const account = await newTenant();
  const { tools } = await (await connect(account)).listTools();
  const names = tools.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['search', 'fetch', 'ask', 'example-refund', 'agent_run']));
  const before = await call(account, 'tools/list');
  expect(before.body.result).toMatchObject({
    tools: expect.arrayContaining([expect.objectContaining({ name: 'ask' })]),
  });
  const reader = await (await connect(await newTenant(['read']))).listTools();
  expect(reader.tools.map(({ name }) => name).sort()).toEqual(['ask', 'fetch', 'search']);
  const stranger = await SELF.fetch('http://selvedge.test/mcp', { method: 'POST', body: '{}' });
  expect(stranger.status).toBe(401);
});

test('a page of another origin is refused', async () => {
  const account = await newTenant();
  const response = await account.fetch('/mcp', {
    method: 'POST',
    headers: { origin: 'http://evil.example', 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }),
  });
  expect(response.status).toBe(403);
});

describe.skipIf(!inject('models').embedding)('documents', () => {
  test('are searched, read and asked, in both revisions', async () => {
    const account = await newTenant();
    const store = await library(account, shop);
    const client = await connect(account);
    const found = await client.callTool({
      name: 'search',
      arguments: { query: 'how long are frames guaranteed?' },
    });
    const { results } = found.structuredContent as { results: { id: string; title: string; text: string }[] };
    expect(results[0]).toMatchObject({ title: expect.stringContaining('warranty.md') });
    const read = await client.callTool({ name: 'fetch', arguments: { id: results[0]?.id ?? '' } });
    expect(read.structuredContent).toMatchObject({
      title: 'warranty.md',
      text: expect.stringContaining('1,000 charging cycles'),
    });
    const question = { question: 'How long are frames guaranteed?', vector_store_ids: [store] };
    const answered = await client.callTool({ name: 'ask', arguments: question });
    expect(answered.structuredContent).toMatchObject({
      text: expect.stringContaining('ten years'),
      citations: expect.arrayContaining([
        expect.objectContaining({ filename: 'warranty.md', quote: expect.stringContaining('ten years') }),
      ]),
    });
    const before = await call(account, 'tools/call', { name: 'ask', arguments: question });
    expect(before.body.result).toMatchObject({
      structuredContent: { text: expect.stringContaining('ten years') },
    });
  });

  test('of another tenant are neither found nor read', async () => {
    const store = await library(await newTenant(), shop);
    const client = await connect(await newTenant());
    const named = await client.callTool({
      name: 'ask',
      arguments: { question: 'Frames?', vector_store_ids: [store] },
    });
    expect(named).toMatchObject({ isError: true, content: [{ text: expect.stringContaining(store) }] });
    const found = await client.callTool({ name: 'search', arguments: { query: 'frames' } });
    expect(found.structuredContent).toEqual({ results: [] });
  });
});

describe('an agent', () => {
  const input = { order: 'M-1', amount: 25 };

  test('runs to its end in one call', async () => {
    const client = await connect(await newTenant());
    const run = await client.callTool({ name: 'example-refund', arguments: { order: 'M-0', amount: 3 } });
    expect(run.structuredContent).toMatchObject({ status: 'completed', output: { order: 'M-0', amount: 3 } });
  });

  test('asks the user of the client, and goes on with the answer', async () => {
    const asked: string[] = [];
    const client = await connect(await newTenant(), () => {
      asked.push('asked');
      return { action: 'approve' };
    });
    const run = await client.callTool({ name: 'example-refund', arguments: input });
    expect(run.structuredContent).toMatchObject({ status: 'completed', output: { amount: 25 } });
    expect(asked).toEqual(['asked']);
  });

  test('a user who rejects is obeyed', async () => {
    const client = await connect(await newTenant(), () => ({ action: 'reject', reason: 'too much' }));
    const run = await client.callTool({ name: 'example-refund', arguments: input });
    expect(run.structuredContent).toMatchObject({ status: 'completed', output: { receipt: null } });
  });

  test('that nobody can be asked for is left in the inbox, and can be looked at again', async () => {
    const account = await newTenant();
    const { body } = await call(account, 'tools/call', { name: 'example-refund', arguments: input });
    const { structuredContent } = body.result as unknown as {
      structuredContent: { run_id: string; status: string; interrupts: string[] };
    };
    expect(structuredContent.status).toBe('interrupted');
    await account.send('POST', `/api/interrupts/${structuredContent.interrupts[0]}`, { action: 'approve' });
    await vi.waitFor(
      async () => {
        const again = await call(account, 'tools/call', {
          name: 'agent_run',
          arguments: { run_id: structuredContent.run_id },
        });
        expect(again.body.result).toMatchObject({ structuredContent: { status: 'completed' } });
      },
      { timeout: 20_000 },
    );
  });

  test('with input that its schema refuses is an error that names the field', async () => {
    const client = await connect(await newTenant());
    const run = await client.callTool({ name: 'example-refund', arguments: { order: 'M-2', amount: -1 } });
    expect(run).toMatchObject({ isError: true });
  });
});
