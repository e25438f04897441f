import type { ResponseInputItem } from 'openai/resources/responses/responses';
import { beforeAll, describe, expect, test } from 'vitest';
import { chatFields, type FieldRule, responseFields } from '../../contract/field-policy.ts';
import { Response as ResponseObject } from '../../contract/response.ts';
import { optionalFields, requests, withField } from '../requests.ts';
import { type Account, newTenant } from './access.ts';
import { clientWith, streamed, Upstream, workerWith } from './upstream.ts';

/** Liberal in, exact out (docs/reference/compatibility.md): what real clients send, in both dialects. */
let account: Account;

beforeAll(async () => {
  account = await newTenant();
});

const inWords = streamed([{ content: 'Hello.' }]);
const hello = { messages: [{ role: 'user', content: 'Say hello.' }] };
const dialects = [
  { path: '/v1/responses', least: { input: 'Say hello.' }, table: responseFields },
  { path: '/v1/chat/completions', least: hello, table: chatFields },
] as const;

/** A worker whose default model is scripted, called without a client in between. */
async function scripted(upstream: Upstream, target: Readonly<Record<string, unknown>> = {}) {
  const worker = workerWith({
    CATALOGUE: JSON.stringify(upstream.catalogue(target)),
    ANTHROPIC_API_KEY: 'x',
  });
  return (path: string, body: unknown, headers: Record<string, string> = {}) =>
    worker(`http://selvedge.test${path}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${account.secret}`,
        'content-type': 'application/json',
        ...headers,
      },
      body: body instanceof Uint8Array ? body : JSON.stringify(body),
    });
}

describe('null and defaults', () => {
  test.each(dialects)(
    'CON-1: null is absent for every optional field of $path',
    async ({ path, least }) => {
      const upstream = await Upstream.saying(inWords);
      const post = await scripted(upstream);
      const request = requests.find((one) => one.path === path);
      const fields = request === undefined ? [] : optionalFields(request.schema, least);
      expect(fields.length).toBeGreaterThan(20);
      for (const field of fields) {
        const response = await post(path, withField(least, field, null));
        expect(response.status, `${field.join('.')}: ${await response.text()}`).toBe(200);
      }
      const bodies = (await upstream.received()).map(({ body }) => JSON.stringify(body));
      expect(new Set(bodies).size).toBe(1);
    },
    60_000,
  );

  test.each(dialects)(
    'CON-3: every neutral value of $path is absent too',
    async ({ path, least, table }) => {
      const upstream = await Upstream.saying(inWords);
      const post = await scripted(upstream);
      for (const [field, { neutral = [] }] of Object.entries<FieldRule>(table)) {
        for (const value of neutral) {
          const response = await post(path, withField(least, field.split('.'), value));
          expect(response.status, `${field}: ${await response.clone().text()}`).toBe(200);
          expect(response.headers.get('x-selvedge-ignored'), field).toBeNull();
          await response.text();
        }
      }
      const bodies = (await upstream.received()).map(({ body }) => JSON.stringify(body));
      expect(new Set(bodies).size).toBe(1);
    },
    60_000,
  );

  test.each(['/v1/embeddings', '/v1/vector_stores'])('null is absent for %s', async (path) => {
    const request = requests.find((one) => one.path === path);
    for (const field of optionalFields(request?.schema ?? ResponseObject, request?.least)) {
      const response = await account.send('POST', path, withField(request?.least, field, null));
      expect(response.status, `${field.join('.')}: ${await response.text()}`).toBe(200);
    }
  });
});

/** A value for each field of the table that tunes, annotates or is refused. */
const values: Readonly<Record<string, unknown>> = {
  parallel_tool_calls: false,
  frequency_penalty: 0.5,
  presence_penalty: 0.5,
  logit_bias: { '50256': -100 },
  service_tier: 'flex',
  prompt_cache_retention: '24h',
  prompt_cache_options: { mode: 'implicit' },
  store: true,
  metadata: { a: 'b' },
  'stream_options.include_obfuscation': true,
  'text.verbosity': 'low',
  verbosity: 'low',
  truncation: 'auto',
  prediction: { type: 'content', content: 'x' },
  n: 2,
  top_logprobs: 3,
  logprobs: true,
  background: true,
  modalities: ['audio'],
  functions: [{ name: 'f' }],
  function_call: { name: 'f' },
};
const fieldsOf = (table: Readonly<Record<string, FieldRule>>, ...policies: readonly string[]) =>
  Object.entries(table).filter(([, { policy }]) => policies.includes(policy));

describe('fields that tune or annotate', () => {
  const targets = (upstream: Upstream) => ({
    known: { kind: 'openai-compatible', model: 'upstream-model', base_url: upstream.baseUrl },
    other: { kind: 'anthropic', model: 'claude-haiku-4-5' },
  });
  const anthropic = {
    headers: { 'content-type': 'text/event-stream' },
    writes: [
      {
        type: 'message_start',
        message: {
          id: 'm',
          role: 'assistant',
          model: 'm',
          content: [],
          usage: { input_tokens: 7, output_tokens: 1 },
        },
      },
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hello.' } },
      { type: 'content_block_stop', index: 0 },
      {
        type: 'message_delta',
        delta: { stop_reason: 'end_turn', stop_sequence: null },
        usage: { output_tokens: 5 },
      },
      { type: 'message_stop' },
    ].map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`),
  };

  test.each(dialects)(
    'of $path reach a target that knows them, and are named where it does not',
    async ({ path, least, table }) => {
      const fields = fieldsOf(table, 'passed', 'noted').map(([field, rule]) => ({
        field,
        rule,
        value: values[field] ?? 'low',
      }));
      const body = fields.reduce<unknown>(
        (all, { field, value }) => withField(all, field.split('.'), value),
        least,
      );
      const knowing = await Upstream.saying(inWords);
      const told = await (await scripted(knowing, { target: targets(knowing).known }))(path, body);
      expect(told.status, await told.clone().text()).toBe(200);
      const [call] = await knowing.received();
      for (const { field, rule, value } of fields) {
        if (rule.policy !== 'passed') continue;
        expect(call?.body, field).toMatchObject({ [rule.as ?? field]: value });
      }
      const noted = fields.filter(({ rule }) => rule.policy === 'noted').map(({ field }) => field);
      expect(told.headers.get('x-selvedge-ignored')?.split(', ').sort()).toEqual(noted.sort());

      const foreign = await Upstream.saying(anthropic);
      process.env.ANTHROPIC_BASE_URL = foreign.baseUrl;
      const named = await (await scripted(foreign, { target: targets(foreign).other }))(path, body);
      expect(named.status, await named.clone().text()).toBe(200);
      expect(named.headers.get('x-selvedge-ignored')?.split(', ').sort()).toEqual(
        fields.map(({ field }) => field).sort(),
      );
    },
  );

  test.each(dialects)(
    'of $path that would change the meaning are "not supported"',
    async ({ path, least, table }) => {
      const post = await scripted(await Upstream.saying(inWords));
      for (const [field] of fieldsOf(table, 'refused')) {
        const response = await post(path, withField(least, field.split('.'), values[field] ?? { id: 'x' }));
        const { error } = await response.json<{ error: { message: string; param: string } }>();
        expect([response.status, error.param], field).toEqual([400, field]);
        expect(error.message).toContain('not supported');
      }
    },
  );
});

describe('what a server of this shape wrote may be sent back', () => {
  const call = { id: 'call_a', type: 'function', function: { name: 'weather', arguments: '{}' } };
  const tools = [{ type: 'function' as const, name: 'weather', parameters: {}, strict: false }];

  test('CON-5: item_reference: the second turn of the AI SDK, and of one that called a tool', async () => {
    const upstream = await Upstream.saying(
      inWords,
      streamed([{ tool_calls: [{ index: 0, ...call }] }], 'tool_calls'),
      streamed([{ content: 'Warm.' }]),
    );
    const client = clientWith(account, upstream.catalogue());
    const first = await client.responses.create({ input: 'Say hello.' });
    const input: ResponseInputItem[] = [
      { role: 'user', content: 'Say hello.' },
      { type: 'item_reference', id: first.output[0]?.id ?? '' },
      { role: 'user', content: 'How warm is it?' },
    ];
    const second = await client.responses.create({ input, tools });
    const third = await client.responses.create({
      input: [
        ...input,
        { type: 'item_reference', id: second.output[0]?.id ?? '' },
        { type: 'function_call_output', call_id: 'call_a', output: [{ type: 'input_text', text: '21' }] },
      ],
      tools,
    });
    expect(third.output_text).toBe('Warm.');
    expect((await upstream.received())[2]?.body.messages).toEqual([
      { role: 'user', content: 'Say hello.' },
      { role: 'assistant', content: 'Hello.' },
      { role: 'user', content: 'How warm is it?' },
      { role: 'assistant', content: null, tool_calls: [call] },
      { role: 'tool', tool_call_id: 'call_a', content: '21' },
    ]);
    const stranger = clientWith(await newTenant(), upstream.catalogue());
    await expect(stranger.responses.create({ input })).rejects.toMatchObject({
      status: 404,
      param: 'input[1].id',
    });
  });

  test('CON-2: items with unknown and null fields, reasoning, and items of tools that ran elsewhere', async () => {
    const upstream = await Upstream.saying(inWords);
    const response = await (await scripted(upstream))('/v1/responses', {
      input: [
        { role: 'user', content: 'How warm is it?' },
        { type: 'reasoning', id: 'rs_1', summary: [], content: null, encrypted_content: 'x', status: null },
        { type: 'web_search_call', id: 'ws_1', status: 'completed', action: { type: 'search' } },
        {
          type: 'function_call',
          id: null,
          call_id: 'call_a',
          name: 'weather',
          arguments: '{}',
          caller: null,
          status: null,
        },
        { type: 'function_call_output', id: null, call_id: 'call_a', output: '21', status: null },
        {
          type: 'message',
          id: 'msg_1',
          role: 'assistant',
          status: null,
          phase: null,
          content: [{ type: 'output_text', text: 'Warm.', annotations: [], logprobs: null, parsed: null }],
        },
        { type: 'message', role: 'assistant', content: [{ type: 'refusal', refusal: 'No.' }] },
        { role: 'user', content: 'Thanks.' },
      ],
    });
    expect(response.status, await response.clone().text()).toBe(200);
    expect(response.headers.get('x-selvedge-ignored')).toBe('input[2]');
    expect((await upstream.received())[0]?.body.messages).toMatchObject([
      { role: 'user' },
      { role: 'assistant', tool_calls: [call] },
      { role: 'tool', content: '21' },
      { role: 'assistant', content: 'Warm.' },
      { role: 'assistant', content: 'No.' },
      { role: 'user', content: 'Thanks.' },
    ]);
  });

  test('messages as model_dump() and hand-gathered streams have them', async () => {
    const upstream = await Upstream.saying(inWords);
    const response = await (await scripted(upstream))('/v1/chat/completions', {
      messages: [
        { role: 'user', content: 'How warm is it?', name: 'ada' },
        {
          role: 'assistant',
          content: null,
          refusal: null,
          audio: null,
          function_call: null,
          annotations: [],
          reasoning_content: 'Hm.',
          tool_calls: [{ index: 0, ...call }],
        },
        { role: 'tool', name: 'weather', content: null, tool_call_id: 'call_a' },
        { role: 'assistant', content: [{ type: 'refusal', refusal: 'No.' }] },
        { role: 'user', content: 'Thanks.' },
      ],
    });
    expect(response.status, await response.clone().text()).toBe(200);
    expect((await upstream.received())[0]?.body.messages).toMatchObject([
      { role: 'user', content: 'How warm is it?', name: 'ada' },
      { role: 'assistant', reasoning_content: 'Hm.', tool_calls: [call] },
      { role: 'tool', content: '', tool_call_id: 'call_a' },
      { role: 'assistant', content: 'No.' },
      { role: 'user', content: 'Thanks.' },
    ]);
  });
});

test('a stored response is read with include, as clients write it', async () => {
  const client = clientWith(account, (await Upstream.saying(inWords)).catalogue());
  const { id } = await client.responses.create({ input: 'Say hello.' });
  const found = await client.responses.retrieve(id, { include: ['file_search_call.results'] });
  expect(found.id).toBe(id);
});

test('token ids are read back into the text that they were', async () => {
  const embed = async (input: unknown) => {
    const response = await account.send('POST', '/v1/embeddings', { input });
    return response.json<{ data: { embedding: number[] }[]; error?: { message: string } }>();
  };
  // "hello world" and "goodbye" in cl100k_base.
  const [text, ids] = [await embed(['hello world']), await embed([[15339, 1917]])];
  expect(ids.data[0]?.embedding).toEqual(text.data[0]?.embedding);
  expect((await embed([15339, 1917])).data).toHaveLength(1);
  expect((await embed([9_999_999])).error?.message).toContain('cl100k_base');
  // The first call loads the table of tokens: a megabyte that the test runner transforms first.
}, 30_000);

describe('what other servers have clients send', () => {
  test('CON-2: thoughts in the content of an answer are taken, and are none of its words', async () => {
    const upstream = await Upstream.saying(inWords);
    const post = await scripted(upstream);
    const content = [
      { type: 'thinking', thinking: [{ type: 'text', text: 'Hm.' }], signature: 'c2ln' },
      { type: 'reasoning', reasoning: 'So it is.' },
      { type: 'redacted_thinking', data: 'ZW5j' },
      { type: 'text', text: 'Four.' },
    ];
    const messages = [
      { role: 'user', content: 'Two and two?' },
      { role: 'assistant', content },
      { role: 'user', content: 'Sure?' },
    ];
    const response = await post('/v1/chat/completions', { messages });
    expect(response.status, await response.clone().text()).toBe(200);
    const [call] = await upstream.received();
    expect(call?.body.messages).toMatchObject([
      {},
      { role: 'assistant', content: 'Four.', reasoning_content: 'Hm.\nSo it is.' },
      {},
    ]);
    expect(JSON.stringify(call?.body)).not.toMatch(/c2ln|ZW5j/);
  });

  test('the two names of the limit may say the same, and not two things', async () => {
    const upstream = await Upstream.saying(inWords);
    const post = await scripted(upstream);
    const both = { ...hello, max_tokens: 7, max_completion_tokens: 7 };
    expect((await post('/v1/chat/completions', both)).status).toBe(200);
    expect((await post('/v1/chat/completions', { ...hello, max_tokens: 9 })).status).toBe(200);
    const two = await post('/v1/chat/completions', { ...both, max_tokens: 8 });
    expect([two.status, await two.json()]).toMatchObject([400, { error: { param: 'max_tokens' } }]);
    expect((await upstream.received()).map(({ body }) => body.max_tokens)).toEqual([7, 9]);
  });
});
