import { beforeAll, describe, expect, test } from 'vitest';
import type { ChatDelta, ChatMessage } from '../../contract/chat-completions.ts';
import { type Account, newTenant } from './access.ts';
import { library, shop } from './library.ts';
import { openai } from './openai.ts';

let account: Account;
let store: string;

beforeAll(async () => {
  account = await newTenant();
  store = await library(account, shop);
}, 60_000);

/** Our one extension of OpenAI's body. */
const fromDocuments = () => ({ vector_store_ids: [store] });
const asked = (content: string) => [{ role: 'user' as const, content }];

describe('POST /v1/chat/completions', () => {
  test('answers from documents with annotations on the message', async () => {
    const completion = await openai(account).chat.completions.create({
      model: 'default',
      messages: asked('How long are frames guaranteed?'),
      ...fromDocuments(),
    });
    const [choice] = completion.choices;
    expect(choice?.finish_reason).toBe('stop');
    expect(choice?.message.content).toContain('ten years');
    const { content, annotations, citations } = (choice?.message ?? {}) as Partial<ChatMessage>;
    const annotation = annotations?.[0];
    expect(annotation).toMatchObject({ type: 'url_citation', url_citation: { title: 'warranty.md' } });
    expect(citations?.[0]).toMatchObject({ type: 'file_citation', filename: 'warranty.md' });
    const { start_index, end_index, url } = annotation?.url_citation ?? {};
    expect(content?.slice(start_index, end_index)).toBe('[1]');
    expect(url).toBe(`http://selvedge.test/v1/files/${citations?.[0]?.file_id}/content`);
    expect(completion.usage).toMatchObject({ cost_usd: expect.any(Number) });
  });

  test('streams the same text in several chunks, usage last when it was asked for', async () => {
    const stream = await openai(account).chat.completions.create({
      model: 'default',
      messages: asked('Within how many days may I return a bicycle?'),
      stream: true,
      stream_options: { include_usage: true },
      ...fromDocuments(),
    });
    const chunks = [];
    for await (const chunk of stream) chunks.push(chunk);
    const text = chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '');
    expect(text.join('')).toContain('30 days');
    expect(text.filter((piece) => piece !== '').length).toBeGreaterThan(2);
    const deltas = chunks.flatMap((chunk) => (chunk.choices[0]?.delta as ChatDelta | undefined) ?? []);
    expect(deltas.flatMap(({ annotations }) => annotations ?? [])).toContainEqual(
      expect.objectContaining({ type: 'url_citation' }),
    );
    expect(deltas.flatMap(({ citations }) => citations ?? [])).toContainEqual(
      expect.objectContaining({ type: 'file_citation', quote: expect.any(String) }),
    );
    expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe('stop');
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { cost_usd: expect.any(Number) } });
    expect(new Set(chunks.map((chunk) => chunk.id)).size).toBe(1);
  });

  test('without documents the model writes itself, and its tokens are counted', async () => {
    const completion = await openai(account).chat.completions.create({
      model: 'default',
      messages: asked('Say hello.'),
      max_completion_tokens: 12,
      temperature: 0,
    });
    expect(completion.choices[0]?.message.content).not.toBe('');
    expect(completion.usage?.completion_tokens).toBeGreaterThan(0);
    expect(completion.usage?.completion_tokens).toBeLessThanOrEqual(12);
  }, 30_000);

  test('CON-11: a client that goes away leaves a complete row behind', async () => {
    const own = await newTenant();
    const stream = await openai(own).chat.completions.create({
      model: 'default',
      messages: asked('Count to twenty.'),
      max_completion_tokens: 40,
      stream: true,
    });
    for await (const _ of stream) break;
    await expect
      .poll(
        async () => {
          const traces = await (await own.fetch('/api/traces')).json<{
            data: { usage: { output_tokens: number } }[];
          }>();
          return traces.data.some((trace) => trace.usage.output_tokens > 0);
        },
        { timeout: 20_000, interval: 200 },
      )
      .toBe(true);
  }, 30_000);

  test('keeps a schema, as the model port promises', async () => {
    const completion = await openai(account).chat.completions.create({
      model: 'default',
      messages: asked('Name a colour.'),
      max_completion_tokens: 60,
      response_format: {
        type: 'json_schema',
        json_schema: {
          name: 'colour',
          schema: {
            type: 'object',
            properties: { colour: { type: 'string', enum: ['red', 'green'] } },
            required: ['colour'],
            additionalProperties: false,
          },
        },
      },
    });
    const { colour } = JSON.parse(completion.choices[0]?.message.content ?? '') as { colour: string };
    expect(['red', 'green']).toContain(colour);
  }, 30_000);

  test.each([
    [{ messages: [] }, 'messages'],
    [{ messages: asked('x'), n: 2 }, 'n'],
    [{ messages: asked('x'), logprobs: true }, 'logprobs'],
    [{ messages: [{ role: 'user', content: [] }] }, 'messages[0].content'],
    [{ messages: asked('x'), filters: { type: 'eq', key: 'a', value: 1 } }, 'filters'],
    [{ messages: [{ role: 'tool', content: 'x', tool_call_id: 'call_1' }] }, 'messages[0].tool_call_id'],
  ])('refuses %j by the name of the field', async (body, param) => {
    const response = await account.send('POST', '/v1/chat/completions', body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { param } });
  });
});
