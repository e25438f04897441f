import { beforeAll, expect, test } from 'vitest';
import { type Account, newTenant } from './access.ts';
import { library, shop } from './library.ts';
import { clientWith, streamed, Upstream } from './upstream.ts';

/** System and developer messages, where a conversation has them. */
let account: Account;
let store: string;

beforeAll(async () => {
  account = await newTenant();
  store = await library(account, shop);
});

const inWords = streamed([{ content: 'Yes.' }]);
const conversation = [
  { role: 'system' as const, content: 'Be brief.' },
  { role: 'user' as const, content: 'Hello.' },
  { role: 'assistant' as const, content: 'Hello!' },
  { role: 'developer' as const, content: 'From now on, in French.' },
  { role: 'user' as const, content: 'How are you?' },
  { role: 'system' as const, content: 'No emoji.' },
];
const kept = [
  { role: 'system', content: 'Be brief.' },
  { role: 'user', content: 'Hello.' },
  { role: 'assistant', content: 'Hello!' },
  { role: 'system', content: 'From now on, in French.' },
  { role: 'user', content: 'How are you?' },
  { role: 'system', content: 'No emoji.' },
];

test('CON-14: later instructions keep their place for a target of OpenAI’s kind, in both dialects and over two requests', async () => {
  const upstream = await Upstream.saying(inWords);
  const client = clientWith(account, upstream.catalogue());
  await client.chat.completions.create({ model: 'default', messages: conversation });
  await client.responses.create({ input: conversation });
  const first = await client.responses.create({ input: conversation.slice(0, 2) });
  await client.responses.create({ previous_response_id: first.id, input: conversation.slice(3) });
  const bodies = (await upstream.received()).map(({ body }) => body.messages);
  expect(bodies[0]).toEqual(kept);
  expect(bodies[1]).toEqual(kept);
  expect(bodies[3]).toEqual([kept[0], kept[1], { role: 'assistant', content: 'Yes.' }, ...kept.slice(3)]);
});

test('CON-14: between a call and its output nothing may stand, so what stands there follows', async () => {
  const upstream = await Upstream.saying(inWords);
  const client = clientWith(account, upstream.catalogue());
  await client.responses.create({
    input: [
      { role: 'user', content: 'How warm is it?' },
      { type: 'function_call', call_id: 'c1', name: 'weather', arguments: '{}' },
      { role: 'developer', content: 'In Celsius.' },
      { type: 'function_call_output', call_id: 'c1', output: '21' },
    ],
  });
  const [{ messages } = { messages: [] }] = (await upstream.received()).map(({ body }) => body);
  expect((messages as { role: string }[]).map(({ role }) => role)).toEqual([
    'user',
    'assistant',
    'tool',
    'system',
  ]);
});

test('instructions after the question do not hide it from the documents', async () => {
  const upstream = await Upstream.saying(
    streamed([{ content: 'Frames are guaranteed for ten years from the day of purchase [1].' }]),
  );
  const response = await clientWith(account, upstream.catalogue()).responses.create({
    input: [
      { role: 'user', content: 'How long are frames guaranteed?' },
      { role: 'developer', content: 'Answer formally.' },
    ],
    tools: [{ type: 'file_search', vector_store_ids: [store] }],
  });
  expect(response.output_text).toContain('ten years');
});
