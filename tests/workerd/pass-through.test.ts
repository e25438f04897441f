import type { ChatCompletionCreateParamsNonStreaming } from 'openai/resources/chat/completions';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Account, newTenant } from './access.ts';
import { clientWith, completion, streamed, Upstream } from './upstream.ts';

/** api.md's one exception: what we do not know of an OpenAI-shaped request reaches an OpenAI-shaped target. */
let account: Account;

beforeAll(async () => {
  account = await newTenant();
});

const messages = [{ role: 'user' as const, content: 'Name a colour.' }];
const unknown = {
  min_p: 0.05,
  guided_json: { type: 'object', properties: { colour: { type: 'string' } } },
  logit_bias: { '50256': -100 },
  frequency_penalty: 0.5,
  reasoning_effort: 'low',
  reasoningEffort: 'left as it is',
  strictJsonSchema: false,
  'a name, of sorts': [null, { deep: true }],
};
const asked = { model: 'default', messages, seed: 7, ...unknown } as ChatCompletionCreateParamsNonStreaming;

describe('fields that we do not know, on /v1/chat/completions', () => {
  test.each(['openai-compatible', 'vllm'])('reach a target of kind %s as they are', async (kind) => {
    const upstream = await Upstream.saying(streamed([{ content: 'Red.' }]));
    const target = { kind, model: 'upstream-model', base_url: upstream.baseUrl };
    const answer = await clientWith(account, upstream.catalogue({ target })).chat.completions.create(asked);
    expect(answer.choices[0]?.message.content).toBe('Red.');
    const [call] = await upstream.received();
    expect(call?.body).toEqual({
      ...unknown,
      seed: 7,
      model: 'upstream-model',
      messages,
      stream: true,
      stream_options: { include_usage: true },
    });
  });

  test('reach OpenAI itself, in its own dialect', async () => {
    const upstream = await Upstream.saying(streamed([{ content: 'Red.' }]));
    // Where the SDK reads it when nothing else is said.
    process.env.OPENAI_BASE_URL = upstream.baseUrl;
    const client = clientWith(account, {}, { OPENAI_API_KEY: 'openai-secret' });
    await client.chat.completions.create({ ...asked, model: 'gpt-5-mini', seed: 7 });
    const [call] = await upstream.received();
    expect(call).toMatchObject({
      path: 'v1/chat/completions',
      headers: { authorization: 'Bearer openai-secret' },
      body: { ...unknown, model: 'gpt-5-mini', seed: 7 },
    });
  });

  test('reach it with a schema and with tools, and change neither', async () => {
    const upstream = await Upstream.saying(completion({ content: '{"colour":"red"}' }));
    const schema = { type: 'object', properties: { colour: { type: 'string' } } };
    await clientWith(account, upstream.catalogue()).chat.completions.create({
      ...asked,
      response_format: { type: 'json_schema', json_schema: { name: 'colour', schema, strict: false } },
    });
    const [call] = await upstream.received();
    expect(call?.body).toMatchObject({
      ...unknown,
      response_format: { type: 'json_schema', json_schema: { name: 'colour', schema, strict: false } },
    });
  });

  test('parallel_tool_calls: false is one of them, in both dialects', async () => {
    const upstream = await Upstream.saying(streamed([{ content: 'Red.' }]));
    const client = clientWith(account, upstream.catalogue());
    await client.chat.completions.create({ model: 'default', messages, parallel_tool_calls: false });
    await client.responses.create({ input: 'Name a colour.', parallel_tool_calls: false });
    const received = await upstream.received();
    expect(received.map(({ body }) => body.parallel_tool_calls)).toEqual([false, false]);
  });

  test('what would change the shape of the answer is refused, also there', async () => {
    const upstream = await Upstream.saying(streamed([{ content: 'Red.' }]));
    const client = clientWith(account, upstream.catalogue());
    for (const more of [{ logprobs: true }, { functions: [{ name: 'f' }] }, { modalities: ['audio'] }]) {
      await expect(
        client.chat.completions.create({ model: 'default', messages, ...(more as object) }),
      ).rejects.toMatchObject({
        status: 400,
        param: Object.keys(more)[0],
      });
    }
    expect(await upstream.received()).toEqual([]);
  });

  test('are refused by name everywhere else', async () => {
    const upstream = await Upstream.saying(streamed([{ content: 'Red.' }]));
    const client = clientWith(account, upstream.catalogue());
    const refused = { status: 400, param: 'min_p' };
    const more = { min_p: 0.05 } as object;
    const local = '@cf/meta/llama-3.3-70b-instruct-fp8-fast';
    await expect(client.chat.completions.create({ model: local, messages, ...more })).rejects.toMatchObject(
      refused,
    );
    await expect(
      client.chat.completions.create({
        model: 'default',
        messages,
        ...more,
        ...({ vector_store_ids: ['vs_1'] } as object),
      }),
    ).rejects.toMatchObject(refused);
    await expect(client.responses.create({ input: 'x', ...more })).rejects.toMatchObject(refused);
  });

  test('MOD-11: a setting that the target itself does not take is named in the header, streamed and not', async () => {
    const upstream = await Upstream.saying(
      streamed([{ content: 'Red.' }], 'stop', { completion_tokens_details: { reasoning_tokens: 3 } }),
    );
    process.env.OPENAI_BASE_URL = upstream.baseUrl;
    const client = clientWith(account, {}, { OPENAI_API_KEY: 'openai-secret' });
    const body = { model: 'gpt-5-mini', temperature: 0.5, top_p: 0.9 };
    const whole = await client.chat.completions.create({ ...body, messages }).withResponse();
    expect(whole.data.choices[0]?.message.content).toBe('Red.');
    expect(whole.data.usage?.completion_tokens_details).toEqual({ reasoning_tokens: 3 });
    const response = await client.responses.create({ ...body, input: 'Name a colour.' }).withResponse();
    expect(response.data.usage?.output_tokens_details).toEqual({ reasoning_tokens: 3 });
    const stream = await client.responses.create({ ...body, input: 'x', stream: true }).withResponse();
    for await (const _ of stream.data);
    for (const { headers } of [whole.response, response.response, stream.response]) {
      expect(headers.get('x-selvedge-ignored')).toBe('temperature, top_p');
    }
    const [call] = await upstream.received();
    expect(call?.body).not.toHaveProperty('temperature');
  });
});
