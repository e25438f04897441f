import type {
  FunctionTool,
  ResponseInputItem,
  ResponseStreamEvent,
} from 'openai/resources/responses/responses';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Account, newTenant } from './access.ts';
import { library, shop } from './library.ts';
import { openai } from './openai.ts';
import { clientWith, streamed, Upstream } from './upstream.ts';

/** Documents and functions in one request: the commonest shape of an agent that also reads. */
let account: Account;
let store: string;

beforeAll(async () => {
  account = await newTenant();
  store = await library(account, shop);
});

const parameters = { type: 'object', properties: { order: { type: 'string' } }, required: ['order'] };
const track: FunctionTool = { type: 'function', name: 'track_order', parameters, strict: false };
const chatTrack = { type: 'function' as const, function: { name: 'track_order', parameters } };
const search = () => ({ type: 'file_search' as const, vector_store_ids: [store] });

const inWords = (...texts: string[]) => streamed(texts.map((content) => ({ content })));
const callsTool = streamed(
  [
    { content: 'Let me look. ' },
    {
      tool_calls: [
        {
          index: 0,
          id: 'call_1',
          type: 'function',
          function: { name: 'track_order', arguments: '{"order":"K-17"}' },
        },
      ],
    },
  ],
  'tool_calls',
);
const question = 'How long are forks guaranteed?';
const fromDocuments = inWords('Forks and wheels are guaranteed for two years [1].');

const types = (events: readonly ResponseStreamEvent[]) => events.map(({ type }) => type);

describe('file_search beside functions, on /v1/responses', () => {
  test('ANS-5: a question that the documents answer is answered from them, cited, with the functions in reach', async () => {
    const upstream = await Upstream.saying(fromDocuments);
    const client = clientWith(account, upstream.catalogue());
    const response = await client.responses.create({ input: question, tools: [search(), track] });
    expect(response.output.map(({ type }) => type)).toEqual(['file_search_call', 'message']);
    expect(response.output_text).toBe('Forks and wheels are guaranteed for two years. [1]');
    expect(response.output.at(-1)).toMatchObject({
      content: [{ annotations: [{ type: 'file_citation', filename: 'warranty.md' }] }],
    });
    expect(response.tools.map(({ type }) => type)).toEqual(['file_search', 'function']);
    const [call] = await upstream.received();
    expect(call?.body.tools).toMatchObject([{ function: { name: 'track_order' } }]);
    expect(JSON.stringify(call?.body.messages)).toContain('guaranteed for two years');
  });

  test('ANS-5, ANS-6: the model calls a function, and answers from its output and from documents, streamed', async () => {
    const upstream = await Upstream.saying(
      callsTool,
      inWords(
        'Order K-17 arrives on 3 December. ',
        'It left the depot at 09:99. ',
        'Refunds are paid within five working days [1]. ',
      ),
    );
    const client = clientWith(account, upstream.catalogue());
    const asked = 'Where is my order K-17, and when are refunds paid?';
    const stream = client.responses.stream({ input: asked, tools: [search(), track] });
    const events: ResponseStreamEvent[] = [];
    for await (const event of stream) events.push(event);
    const first = await stream.finalResponse();
    expect(first.output.map(({ type }) => type)).toEqual(['file_search_call', 'function_call']);
    expect(first).toMatchObject({ status: 'completed', output_text: '' });
    expect(types(events)).toContain('response.function_call_arguments.done');
    expect(events.map((event) => event.sequence_number)).toEqual(events.map((_, place) => place));

    const output = {
      type: 'function_call_output' as const,
      call_id: 'call_1',
      output: '{"eta":"3 December"}',
    };
    const second = await client.responses.create({
      previous_response_id: first.id,
      input: [output],
      tools: [search(), track],
    });
    // The tool's sentence uncited, what it never said dropped, the document's with its citation.
    expect(second.output_text).toBe(
      'Order K-17 arrives on 3 December. Refunds are paid within five working days. [1]',
    );
    expect(second.output.at(-1)).toMatchObject({ content: [{ annotations: [{ filename: 'returns.md' }] }] });
    const messages = (await upstream.received())[1]?.body.messages as { role: string }[];
    expect(messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'tool']);

    const input: ResponseInputItem[] = [
      { role: 'user', content: asked },
      ...(first.output as ResponseInputItem[]),
      output,
    ];
    const resent = await client.responses.create({ input, tools: [search(), track], store: false });
    expect(resent.output_text).toBe(second.output_text);
  });

  test('ANS-5: where the documents hold nothing the model is still asked; what it makes up is not shown', async () => {
    const nowhere = 'Which moons does the planet Saturn have?';
    const calling = await Upstream.saying(callsTool);
    const called = await clientWith(account, calling.catalogue()).responses.create({
      input: nowhere,
      tools: [search(), track],
    });
    expect(called.output.map(({ type }) => type)).toEqual(['file_search_call', 'function_call']);
    const inventing = await Upstream.saying(inWords('Saturn has 146 moons.'));
    const declined = await clientWith(account, inventing.catalogue()).responses.create({
      input: nowhere,
      tools: [search(), track],
    });
    expect(declined.output_text).not.toContain('146');
    expect(declined.output_text).not.toBe('');
  });

  test('tool_choice: the function by name goes first, file_search alone offers no function, required is met by the search', async () => {
    const upstream = await Upstream.saying(callsTool, fromDocuments, fromDocuments);
    const client = clientWith(account, upstream.catalogue());
    const body = { input: question, tools: [search(), track] };
    const named = await client.responses.create({
      ...body,
      tool_choice: { type: 'function', name: 'track_order' },
    });
    expect(named.output.map(({ type }) => type)).not.toContain('file_search_call');
    const found = await client.responses.create({ ...body, tool_choice: { type: 'file_search' } });
    expect(found.output_text).toContain('two years');
    await client.responses.create({ ...body, tool_choice: 'required' });
    const [first, second, third] = (await upstream.received()).map(({ body }) => body);
    expect(first?.tool_choice).toMatchObject({ function: { name: 'track_order' } });
    expect(second).not.toHaveProperty('tools');
    expect(third).toHaveProperty('tools');
    expect(third?.tool_choice ?? 'auto').toBe('auto');
  });

  test('a structured answer from documents may call a function first', async () => {
    const format = { type: 'json_schema' as const, name: 'a', schema: { type: 'object' }, strict: false };
    const whole = {
      writes: [
        JSON.stringify({
          id: 'up',
          object: 'chat.completion',
          created: 1,
          model: 'm',
          choices: [
            {
              index: 0,
              message: {
                role: 'assistant',
                content: null,
                tool_calls: [
                  { id: 'call_1', type: 'function', function: { name: 'track_order', arguments: '{}' } },
                ],
              },
              finish_reason: 'tool_calls',
            },
          ],
        }),
      ],
    };
    const upstream = await Upstream.saying(whole);
    const response = await clientWith(account, upstream.catalogue()).responses.create({
      input: question,
      tools: [search(), track],
      text: { format },
    });
    expect(response.output.map(({ type }) => type)).toEqual(['file_search_call', 'function_call']);
  });

  test('a model that quotes, or that calls no tools, says so', async () => {
    await expect(
      openai(account).responses.create({ model: 'default', input: question, tools: [search(), track] }),
    ).rejects.toMatchObject({ status: 422, code: 'tools_not_supported', param: 'tools' });
    const upstream = await Upstream.saying(fromDocuments);
    const client = clientWith(account, upstream.catalogue({ tools: false }));
    await expect(
      client.responses.create({ input: question, tools: [search(), track] }),
    ).rejects.toMatchObject({ status: 422, code: 'tools_not_supported', param: 'tools' });
    expect(await upstream.received()).toEqual([]);
  });
});

test('ANS-5: the same on /v1/chat/completions, with vector_store_ids', async () => {
  const upstream = await Upstream.saying(callsTool, inWords('It arrives on 3 December.'));
  const client = clientWith(account, upstream.catalogue());
  const asked = { role: 'user' as const, content: 'Where is my order K-17?' };
  const body = { model: 'default', tools: [chatTrack], vector_store_ids: [store] };
  const first = await client.chat.completions.create({ ...body, messages: [asked] });
  expect(first.choices[0]).toMatchObject({ finish_reason: 'tool_calls', message: { content: null } });
  const message = first.choices[0]?.message;
  if (message === undefined) throw new Error('No message.');
  const second = await client.chat.completions.create({
    ...body,
    messages: [asked, message, { role: 'tool', tool_call_id: 'call_1', content: 'eta: 3 December' }],
  });
  expect(second.choices[0]?.message.content).toBe('It arrives on 3 December.');
});
