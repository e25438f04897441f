import type { ResponseStreamEvent } from 'openai/resources/responses/responses';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { Account, newTenant } from './access.ts';
import { library, shop } from './library.ts';
import { clientWith, completion, interrupted, streamed, Upstream, workerWith } from './upstream.ts';

/** What becomes of a call whose provider fails, and of one whose client goes away. */
let account: Account;
let store: string;

beforeAll(async () => {
  account = await newTenant();
  store = await library(account, shop);
}, 60_000);

const messages = [{ role: 'user' as const, content: 'Say hello.' }];
const asked = { model: 'default', messages };
const words = [{ content: 'Hel' }, { content: 'lo' }];
const refusing = (status: number, headers: Record<string, string> = {}) => ({
  status,
  headers,
  writes: [JSON.stringify({ error: { message: `it says ${status}, and the key upstream-secret-key` } })],
});

interface Row {
  readonly route: string;
  readonly status: number;
  readonly error: string | null;
  readonly cost_usd: number;
  readonly usage: { readonly output_tokens: number };
}

/** The newest call of a model by this account, once its row is written: looking at the rows makes rows too. */
async function newestRow(own: Account, done: (row: Row) => boolean = () => true): Promise<Row> {
  let found: Row | undefined;
  await expect
    .poll(
      async () => {
        const { data } = await (await own.fetch('/api/traces')).json<{ data: Row[] }>();
        found = data.find(({ route }) => route.startsWith('POST '));
        return found !== undefined && done(found);
      },
      { timeout: 10_000, interval: 50 },
    )
    .toBe(true);
  if (found === undefined) throw new Error('No row.');
  return found;
}

describe('a provider that fails before it says anything', () => {
  test.each([
    [500, 502, 'upstream_failed'],
    [429, 503, 'upstream_unavailable'],
    [504, 504, 'upstream_timeout'],
    [400, 400, 'upstream_refused'],
    [422, 400, 'upstream_refused'],
    [529, 503, 'upstream_unavailable'],
    [401, 502, 'upstream_failed'],
  ])(
    '%i is a %i, streamed or not, with its request id and without its key',
    async (status, ours, code) => {
      const own = await newTenant();
      const upstream = await Upstream.saying(
        refusing(status, { 'x-request-id': 'up_7', 'retry-after': '7' }),
      );
      const target = {
        kind: 'openai-compatible',
        model: 'upstream-model',
        base_url: upstream.baseUrl,
        key_secret: 'SCRIPTED_KEY',
      };
      const client = clientWith(own, upstream.catalogue({ target }), { SCRIPTED_KEY: 'upstream-secret-key' });
      const log = vi.spyOn(console, 'error');
      for (const call of [
        () => client.chat.completions.create(asked),
        () => client.chat.completions.create({ ...asked, stream: true }),
        () => client.responses.create({ input: 'Say hello.' }),
        () => client.responses.create({ input: 'Say hello.', stream: true }),
      ]) {
        const error = await call().then(
          () => null,
          (caught: unknown) => caught as { headers: Headers; message: string },
        );
        expect(error).toMatchObject({ status: ours, code });
        expect(error?.headers.get('x-upstream-request-id')).toBe('up_7');
        expect(error?.headers.get('retry-after')).toBe(ours === 503 ? '7' : null);
        expect(error?.message).not.toContain('secret');
      }
      expect(JSON.stringify(log.mock.calls)).not.toContain('secret');
      log.mockRestore();
      // What was refused costs nothing.
      expect(await newestRow(own)).toMatchObject({ status: ours, cost_usd: 0 });
    },
    30_000,
  );

  test('500 and then an answer is an answer', async () => {
    const upstream = await Upstream.saying(refusing(500), streamed(words));
    const answer = await clientWith(account, upstream.catalogue()).chat.completions.create(asked);
    expect(answer.choices[0]?.message.content).toBe('Hello');
    expect(await upstream.received()).toHaveLength(2);
  });

  test.each([
    ['no JSON', { writes: ['<html>'] }],
    ['JSON of another kind', { writes: ['{"colour":"red"}'] }],
    ['no choice', { writes: [JSON.stringify({ choices: [] })] }],
    ['half an answer', { writes: ['{"choices":[{"mess'], ending: 'drop' as const }],
  ])('garbage is a 502: %s', async (_, reply) => {
    const upstream = await Upstream.saying(reply);
    const call = clientWith(account, upstream.catalogue()).chat.completions.create({
      ...asked,
      response_format: { type: 'json_object' },
    });
    await expect(call).rejects.toMatchObject({ status: 502, code: 'upstream_failed' });
  });
});

describe('what a provider refuses', () => {
  const refused = (error: object, status = 400) => ({ status, writes: [JSON.stringify({ error })] });

  test('MOD-1: stays an error of the caller, with code, field and words, and is asked once', async () => {
    const upstream = await Upstream.saying(
      refused({
        message: 'This model has 8,192 tokens.',
        type: 'invalid_request_error',
        code: 'context_length_exceeded',
        param: 'messages',
      }),
    );
    const client = clientWith(account, upstream.catalogue());
    await expect(client.chat.completions.create(asked)).rejects.toMatchObject({
      status: 400,
      code: 'context_length_exceeded',
      param: 'messages',
      type: 'invalid_request_error',
      message: expect.stringContaining('This model has 8,192 tokens.'),
    });
    await expect(client.responses.create({ input: 'Say hello.' })).rejects.toMatchObject({
      status: 400,
      code: 'context_length_exceeded',
      param: 'input',
    });
    expect(await upstream.received()).toHaveLength(2);
  });

  test('MOD-1: beside documents it is not hidden behind a quote; a model that is gone is', async () => {
    const question = { input: 'How long is the guarantee on frames?', model: 'default' };
    const tools = [{ type: 'file_search' as const, vector_store_ids: [store] }];
    const setting = await Upstream.saying(refused({ message: 'No temperature here.', param: 'temperature' }));
    await expect(
      clientWith(account, setting.catalogue()).responses.create({ ...question, tools, temperature: 1 }),
    ).rejects.toMatchObject({ status: 400, param: 'temperature' });
    const gone = await Upstream.saying(refused({ message: 'No such model.' }, 404));
    const quoted = await clientWith(account, gone.catalogue()).responses.create({ ...question, tools });
    expect(quoted.output_text).toContain('[1]');
  });
});

describe('what a provider says beside its text', () => {
  test('its reasoning and its refusal are no part of the text; names reach it', async () => {
    const upstream = await Upstream.saying(
      streamed([{ reasoning_content: 'Hm.' }, { content: 'Hello' }]),
      streamed([{ refusal: 'I will not.' }]),
    );
    const client = clientWith(account, upstream.catalogue());
    const named = [{ role: 'user' as const, name: 'ada', content: 'Say hello.' }];
    const first = await client.chat.completions.create({ model: 'default', messages: named });
    expect(first.choices[0]?.message).toMatchObject({ content: 'Hello', reasoning_content: 'Hm.' });
    const second = await client.chat.completions.create(asked);
    expect(second.choices[0]).toMatchObject({
      message: { content: null, refusal: 'I will not.' },
      finish_reason: 'content_filter',
    });
    expect((await upstream.received())[0]?.body).toMatchObject({ messages: named });
  });

  test('MOD-5: a usage of 10¹² tokens costs no more than what was possible', async () => {
    const own = await newTenant();
    const { writes } = completion({ content: 'Hello' });
    const absurd = writes.map((text) => text.replace('"prompt_tokens":7', '"prompt_tokens":1000000000000'));
    const upstream = await Upstream.saying({ writes: absurd });
    await clientWith(own, upstream.catalogue())
      .chat.completions.create({
        ...asked,
        response_format: { type: 'json_object' },
      })
      .catch(() => undefined);
    const row = await newestRow(own);
    expect(row.cost_usd).toBeGreaterThan(0);
    expect(row.cost_usd).toBeLessThan(0.02);
  });

  test('without a limit of the caller a key with a budget sends the bound that it holds, another sends none', async () => {
    const upstream = await Upstream.saying(streamed(words));
    const made = await account.send('POST', '/api/keys', {
      name: 'budgeted',
      tenant: account.tenantId,
      budgets: { day_usd: 1 },
    });
    const budgeted = new Account((await made.json<{ key: string }>()).key, account.tenantId);
    await clientWith(budgeted, upstream.catalogue()).chat.completions.create(asked);
    await clientWith(account, upstream.catalogue()).chat.completions.create(asked);
    const bodies = (await upstream.received()).map(({ body }) => body.max_tokens);
    expect(bodies).toEqual([4_096, undefined]);
  });
});

describe('a provider that fails in the middle', () => {
  test.each([
    ['breaks off', interrupted(words)],
    [
      'sends garbage',
      { ...streamed(words), writes: [...streamed(words).writes.slice(0, 2), 'data: {"a\n\n'] },
    ],
    [
      'says that it failed',
      {
        ...streamed(words),
        writes: [...streamed(words).writes.slice(0, 2), 'data: {"error":{"message":"x"}}\n\n'],
      },
    ],
  ])('ends the stream with response.failed when it %s; what it wrote is paid for', async (_, reply) => {
    const own = await newTenant();
    const upstream = await Upstream.saying(reply);
    const stream = await clientWith(own, upstream.catalogue()).responses.create({
      input: 'Say hello.',
      stream: true,
    });
    const events: ResponseStreamEvent[] = [];
    for await (const event of stream) events.push(event);
    expect(events.map((event) => event.sequence_number)).toEqual(events.map((_event, place) => place));
    const last = events.at(-1);
    expect(last).toMatchObject({
      type: 'response.failed',
      response: {
        status: 'failed',
        error: { code: 'upstream_failed' },
        usage: { cost_usd: expect.any(Number) },
      },
    });
    const row = await newestRow(own);
    expect(row.error).not.toBeNull();
    expect(row.cost_usd).toBeGreaterThan(0);
    expect(last?.type === 'response.failed' && last.response.usage).toMatchObject({ cost_usd: row.cost_usd });
  });

  test('ends a stream of chunks with an error chunk', async () => {
    const upstream = await Upstream.saying(interrupted(words));
    const stream = await clientWith(account, upstream.catalogue()).chat.completions.create({
      ...asked,
      stream: true,
    });
    const read = async () => {
      for await (const _ of stream);
    };
    await expect(read()).rejects.toMatchObject({ code: 'upstream_failed' });
  });
});

describe('everything that can change an answer is named', () => {
  test('PRM-2: on the response, on its trace, and beside the prompt version; another model is another pipeline', async () => {
    const upstream = await Upstream.saying(streamed(words));
    const ask = async (catalogue: unknown, body: object) => {
      const send = workerWith({ CATALOGUE: JSON.stringify(catalogue) });
      const response = await send('http://selvedge.test/v1/responses', {
        method: 'POST',
        headers: { authorization: `Bearer ${account.secret}`, 'content-type': 'application/json' },
        body: JSON.stringify({ input: 'How long is the guarantee on frames?', ...body }),
      });
      await response.text();
      return response.headers;
    };
    const tools = [{ type: 'file_search', vector_store_ids: [store] }];
    const headers = await ask(upstream.catalogue(), { tools });
    const pipeline = headers.get('x-selvedge-pipeline');
    expect(pipeline).toMatch(/^[0-9a-f]{16}$/);
    expect(headers.get('x-selvedge-prompt')).toBe('default@1');
    expect((await ask(upstream.catalogue(), { stream: true })).get('x-selvedge-pipeline')).toBe(pipeline);
    const larger = upstream.catalogue({ context_tokens: 99_999 });
    expect((await ask(larger, { tools })).get('x-selvedge-pipeline')).not.toBe(pipeline);
    await expect
      .poll(async () => {
        const trace = await account.fetch(`/api/traces/${headers.get('x-selvedge-trace-id')}`);
        return trace.text();
      })
      .toContain(`"selvedge.pipeline":"${pipeline}"`);
  });
});

describe('a client that goes away', () => {
  test('gets its answer finished, settled, kept and written down', async () => {
    const own = await newTenant();
    const upstream = await Upstream.saying(streamed(words));
    const client = clientWith(own, upstream.catalogue());
    const stream = await client.responses.create({ input: 'Say hello.', stream: true });
    let id = '';
    for await (const event of stream) {
      if (event.type === 'response.created') id = event.response.id;
      break;
    }
    expect(await newestRow(own, (row) => row.usage.output_tokens > 0)).toMatchObject({
      status: 200,
      cost_usd: 0.000017,
    });
    expect((await client.responses.retrieve(id)).output_text).toBe('Hello');
    expect(await upstream.abandoned()).toBe(0);
  });
});

describe('an answer that is cut off', () => {
  test('is incomplete, and so is its message', async () => {
    const upstream = await Upstream.saying(streamed(words, 'length'));
    const client = clientWith(account, upstream.catalogue());
    const stream = client.responses.stream({ input: 'Say hello.', max_output_tokens: 16 });
    const done = [];
    for await (const event of stream) if (event.type === 'response.output_item.done') done.push(event.item);
    expect(await stream.finalResponse()).toMatchObject({
      status: 'incomplete',
      incomplete_details: { reason: 'max_output_tokens' },
      output: [{ type: 'message', status: 'incomplete' }],
    });
    expect(done).toMatchObject([{ status: 'incomplete' }]);
  });
});
