import { createOpenAI } from '@ai-sdk/openai';
import { beforeAll, describe, expect, test } from 'vitest';
import { ChatCompletion, ChatCompletionChunk } from '../../contract/chat-completions.ts';
import { chatFields, responseFields } from '../../contract/field-policy.ts';
import { Response as ResponseObject } from '../../contract/response.ts';
import { ResponseStreamEvent } from '../../contract/response-events.ts';
import { type Account, newTenant } from './access.ts';
import { library, shop } from './library.ts';
import { clientWith, streamed, Upstream, workerWith } from './upstream.ts';

/** Liberal in, exact out (docs/reference/compatibility.md): what clients get, in both dialects. */
let account: Account;

beforeAll(async () => {
  account = await newTenant();
});

const inWords = streamed([{ content: 'Hello.' }]);
const hello = { messages: [{ role: 'user', content: 'Say hello.' }] };
const _dialects = [
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

describe('what is answered is exact', () => {
  const thought = streamed([
    { reasoning_content: 'Hm. ' },
    { reasoning_content: 'Well.' },
    { content: 'Hello.' },
  ]);

  test('every event and the object parse with the contract; reasoning is an item of its own', async () => {
    const upstream = await Upstream.saying(thought);
    const stream = await clientWith(account, upstream.catalogue()).responses.create({
      input: 'x',
      stream: true,
    });
    const events = [];
    for await (const event of stream) events.push(ResponseStreamEvent.parse(event));
    const last = events.at(-1);
    expect(last).toMatchObject({
      type: 'response.completed',
      response: {
        completed_at: expect.any(Number),
        temperature: 1,
        top_p: 1,
        output: [
          { type: 'reasoning', content: [{ type: 'reasoning_text', text: 'Hm. Well.' }] },
          { type: 'message', content: [{ type: 'output_text', text: 'Hello.' }] },
        ],
      },
    });
    const whole = await (await scripted(await Upstream.saying(thought)))('/v1/responses', { input: 'x' });
    expect(ResponseObject.strict().parse(await whole.json())).toBeDefined();
  });

  test('chat completions and chunks do too, with what the model thought beside its text', async () => {
    const client = clientWith(account, (await Upstream.saying(thought)).catalogue());
    const body = { model: 'default', messages: [{ role: 'user' as const, content: 'x' }] };
    const whole = ChatCompletion.parse(await client.chat.completions.create(body));
    expect(whole.choices[0]?.message).toMatchObject({ content: 'Hello.', reasoning_content: 'Hm. Well.' });
    const deltas = [];
    for await (const chunk of await client.chat.completions.create({ ...body, stream: true })) {
      deltas.push(ChatCompletionChunk.parse(chunk).choices[0]?.delta.reasoning_content ?? '');
    }
    expect(deltas.join('')).toBe('Hm. Well.');
  });

  test('a refusal is a refusal, in both dialects', async () => {
    const upstream = await Upstream.saying(streamed([{ refusal: 'I cannot.' }]));
    const client = clientWith(account, upstream.catalogue());
    const response = await client.responses.create({ input: 'x' });
    expect(response.output).toMatchObject([{ content: [{ type: 'refusal', refusal: 'I cannot.' }] }]);
    const chat = await client.chat.completions.create({
      model: 'default',
      messages: [{ role: 'user', content: 'x' }],
    });
    expect(chat.choices[0]?.message).toMatchObject({ content: null, refusal: 'I cannot.' });
  });

  test('128 tools are taken, and one more is refused in words', async () => {
    const upstream = await Upstream.saying(inWords);
    const post = await scripted(upstream);
    const many = (n: number) =>
      Array.from({ length: n }, (_, place) => ({ type: 'function', name: `f${place}`, parameters: {} }));
    expect((await post('/v1/responses', { input: 'x', tools: many(128) })).status).toBe(200);
    const refused = await post('/v1/responses', { input: 'x', tools: many(129) });
    expect(await refused.json()).toMatchObject({
      error: { param: 'tools', message: "Invalid 'tools': expected at most 128 items." },
    });
  });

  test('tool_choice: allowed_tools leaves the others out', async () => {
    const upstream = await Upstream.saying(inWords);
    const tools = ['a', 'b'].map((name) => ({ type: 'function', name, parameters: {} }));
    const choice = { type: 'allowed_tools', mode: 'required', tools: [{ type: 'function', name: 'b' }] };
    const response = await (await scripted(upstream))('/v1/responses', {
      input: 'x',
      tools,
      tool_choice: choice,
    });
    expect(await response.json()).toMatchObject({ tool_choice: choice });
    expect((await upstream.received())[0]?.body).toMatchObject({
      tools: [{ function: { name: 'b' } }],
      tool_choice: 'required',
    });
  });

  test('citations of chat completions are read by the strictest client, streamed or not', async () => {
    const own = await newTenant();
    const store = await library(own, shop);
    const model = createOpenAI({
      apiKey: own.secret,
      baseURL: 'http://selvedge.test/v1',
      fetch: async (input, init) => {
        const body = { ...JSON.parse(String(init?.body)), vector_store_ids: [store] };
        return workerWith({})(input, { ...init, body: JSON.stringify(body) });
      },
    }).chat('default');
    const prompt = [
      {
        role: 'user' as const,
        content: [{ type: 'text' as const, text: 'How long are frames guaranteed?' }],
      },
    ];
    const { content } = await model.doGenerate({ prompt });
    expect(content).toContainEqual(expect.objectContaining({ type: 'source', title: 'warranty.md' }));
    const { stream } = await model.doStream({ prompt });
    const parts = [];
    for await (const part of stream as unknown as AsyncIterable<{ type: string }>) parts.push(part);
    expect(parts.filter(({ type }) => type === 'error')).toEqual([]);
    expect(parts).toContainEqual(expect.objectContaining({ type: 'source', title: 'warranty.md' }));
  }, 60_000);
});
