import type { ChatCompletionMessageParam } from 'openai/resources/chat/completions';
import type { ResponseInputItem, ResponseStreamEvent } from 'openai/resources/responses/responses';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Account, newTenant } from './access.ts';
import { clientWith, streamed, Upstream } from './upstream.ts';

/** The whole round trip of function tools, with a provider that says what the test has written for it. */
let account: Account;

beforeAll(async () => {
  account = await newTenant();
});

const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const weather = { type: 'function' as const, name: 'weather', parameters, strict: false };
const chatWeather = { type: 'function' as const, function: { name: 'weather', parameters } };

const call = (id: string, city: string) => ({
  id,
  type: 'function',
  function: { name: 'weather', arguments: JSON.stringify({ city }) },
});
/** Two calls at once, their arguments in pieces and mixed, as providers send them. */
const twoCalls = streamed(
  [
    { role: 'assistant', content: null },
    {
      tool_calls: [
        { index: 0, id: 'call_a', type: 'function', function: { name: 'weather', arguments: '' } },
      ],
    },
    { tool_calls: [{ index: 0, function: { arguments: '{"ci' } }] },
    {
      tool_calls: [
        { index: 1, id: 'call_b', type: 'function', function: { name: 'weather', arguments: '' } },
      ],
    },
    { tool_calls: [{ index: 1, function: { arguments: '{"city":"Os' } }] },
    { tool_calls: [{ index: 0, function: { arguments: 'ty":"Lisbon"}' } }] },
    { tool_calls: [{ index: 1, function: { arguments: 'lo"}' } }] },
  ],
  'tool_calls',
);
const inWords = streamed([{ content: 'Lisbon 21, ' }, { content: 'Oslo 4.' }]);

/** What a provider of OpenAI's kind has to be sent for the second turn: one message with both calls. */
const secondTurn = [
  { role: 'user', content: 'How warm is it?' },
  { role: 'assistant', content: null, tool_calls: [call('call_a', 'Lisbon'), call('call_b', 'Oslo')] },
  { role: 'tool', tool_call_id: 'call_a', content: '21' },
  { role: 'tool', tool_call_id: 'call_b', content: '4' },
];
const outputs: ResponseInputItem[] = [
  { type: 'function_call_output', call_id: 'call_a', output: '21' },
  { type: 'function_call_output', call_id: 'call_b', output: '4' },
];

describe('function tools on /v1/responses', () => {
  test('streamed: two calls, their outputs, an answer', async () => {
    const upstream = await Upstream.saying(twoCalls, inWords);
    const client = clientWith(account, upstream.catalogue());
    const stream = client.responses.stream({ input: 'How warm is it?', tools: [weather] });
    const events: ResponseStreamEvent[] = [];
    for await (const event of stream) events.push(event);
    expect(events.map((event) => event.sequence_number)).toEqual(events.map((_, place) => place));
    const ofCall = [
      'response.output_item.added',
      'response.function_call_arguments.delta',
      'response.function_call_arguments.done',
      'response.output_item.done',
    ];
    expect(events.map((event) => event.type)).toEqual([
      'response.created',
      'response.in_progress',
      ...ofCall,
      ...ofCall,
      'response.completed',
    ]);
    const first = await stream.finalResponse();
    expect(first.output).toMatchObject([
      { type: 'function_call', call_id: 'call_a', arguments: '{"city":"Lisbon"}', status: 'completed' },
      { type: 'function_call', call_id: 'call_b', arguments: '{"city":"Oslo"}', status: 'completed' },
    ]);

    const second = await client.responses.create({
      previous_response_id: first.id,
      input: outputs,
      tools: [weather],
    });
    expect(second.output_text).toBe('Lisbon 21, Oslo 4.');
    const received = await upstream.received();
    expect(received[0]?.body).toMatchObject({ tools: [{ function: { name: 'weather', parameters } }] });
    expect(received[1]?.body.messages).toEqual(secondTurn);
  });

  test('without a stream, the client sending everything itself', async () => {
    const upstream = await Upstream.saying(twoCalls, inWords);
    const client = clientWith(account, upstream.catalogue());
    const input: ResponseInputItem[] = [{ role: 'user', content: 'How warm is it?' }];
    const first = await client.responses.create({ input, tools: [weather], store: false });
    const second = await client.responses.create({
      input: [...input, ...(first.output as ResponseInputItem[]), ...outputs],
      tools: [weather],
      store: false,
    });
    expect(second.output_text).toBe('Lisbon 21, Oslo 4.');
    expect((await upstream.received())[1]?.body.messages).toEqual(secondTurn);
  });

  test.each([
    ['auto', 'auto'],
    ['none', 'none'],
    ['required', 'required'],
    [
      { type: 'function' as const, name: 'weather' },
      { type: 'function', function: { name: 'weather' } },
    ],
  ] as const)('tool_choice %j reaches the provider', async (tool_choice, expected) => {
    const upstream = await Upstream.saying(inWords);
    await clientWith(account, upstream.catalogue()).responses.create({
      input: 'x',
      tools: [weather],
      tool_choice,
    });
    expect((await upstream.received())[0]?.body.tool_choice).toEqual(expected);
  });

  test('a call that waits for its output is named, whatever comes instead', async () => {
    const upstream = await Upstream.saying(twoCalls);
    const client = clientWith(account, upstream.catalogue());
    const first = await client.responses.create({ input: 'How warm is it?', tools: [weather] });
    const next = (input: string | ResponseInputItem[]) =>
      client.responses.create({ previous_response_id: first.id, input, tools: [weather] });
    const refused = { status: 400, param: 'input', message: expect.stringContaining('call_b') };
    await expect(next(outputs.slice(0, 1))).rejects.toMatchObject(refused);
    await expect(next('Never mind.')).rejects.toMatchObject({ status: 400, param: 'input' });
    const unknown = { type: 'function_call_output' as const, call_id: 'call_z', output: 'x' };
    await expect(next([...outputs, unknown])).rejects.toMatchObject({
      status: 400,
      param: 'input[2].call_id',
    });
    const again = outputs.slice(0, 1);
    await expect(next([...outputs, ...again])).rejects.toMatchObject({
      status: 400,
      param: 'input[2].call_id',
    });
    expect(await upstream.received()).toHaveLength(1);
  });

  test('arguments that are no JSON are the model’s own affair: shown, kept, and sent back', async () => {
    const broken = {
      index: 0,
      id: 'call_a',
      type: 'function',
      function: { name: 'weather', arguments: '{"city": Oslo' },
    };
    const upstream = await Upstream.saying(streamed([{ tool_calls: [broken] }], 'tool_calls'), inWords);
    const client = clientWith(account, upstream.catalogue());
    const first = await client.responses.create({ input: 'How warm is it?', tools: [weather] });
    expect(first).toMatchObject({ status: 'completed', output: [{ arguments: '{"city": Oslo' }] });
    const second = await client.responses.create({
      previous_response_id: first.id,
      input: outputs.slice(0, 1),
    });
    expect(second.status).toBe('completed');
  });

  test.each([
    [{ tool_choice: 'required' }, 'tool_choice'],
    [{ tool_choice: { type: 'file_search' } }, 'tool_choice'],
    [{ tool_choice: { type: 'function', name: 'weather' } }, 'tool_choice'],
    [{ tools: [weather], tool_choice: { type: 'function', name: 'other' } }, 'tool_choice'],
  ])('refuses %j, which could only be ignored', async (body, param) => {
    const response = await account.send('POST', '/v1/responses', { input: 'x', ...body });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { param } });
  });
});

describe('function tools on /v1/chat/completions', () => {
  test('streamed: two calls, their outputs, an answer', async () => {
    const upstream = await Upstream.saying(twoCalls, inWords);
    const client = clientWith(account, upstream.catalogue());
    const messages: ChatCompletionMessageParam[] = [{ role: 'user', content: 'How warm is it?' }];
    const stream = client.chat.completions.stream({ model: 'default', messages, tools: [chatWeather] });
    const first = await stream.finalChatCompletion();
    const [choice] = first.choices;
    expect(choice?.finish_reason).toBe('tool_calls');
    expect(choice?.message.tool_calls).toMatchObject([call('call_a', 'Lisbon'), call('call_b', 'Oslo')]);
    messages.push({ role: 'assistant', content: null, tool_calls: choice?.message.tool_calls ?? [] });
    messages.push({ role: 'tool', tool_call_id: 'call_a', content: '21' });
    messages.push({ role: 'tool', tool_call_id: 'call_b', content: '4' });
    const second = await client.chat.completions.create({ model: 'default', messages, tools: [chatWeather] });
    expect(second.choices[0]?.message.content).toBe('Lisbon 21, Oslo 4.');
    expect((await upstream.received())[1]?.body.messages).toEqual(secondTurn);
  });

  test('a call without its output is named', async () => {
    const upstream = await Upstream.saying(inWords);
    const messages: ChatCompletionMessageParam[] = [
      { role: 'user', content: 'How warm is it?' },
      { role: 'assistant', tool_calls: [{ ...call('call_a', 'Lisbon'), type: 'function' }] },
      { role: 'user', content: 'Never mind.' },
    ];
    await expect(
      clientWith(account, upstream.catalogue()).chat.completions.create({ model: 'default', messages }),
    ).rejects.toMatchObject({ status: 400, param: 'messages', message: expect.stringContaining('call_a') });
  });

  test('tool_choice: required without tools is refused', async () => {
    const messages = [{ role: 'user', content: 'x' }];
    const response = await account.send('POST', '/v1/chat/completions', {
      messages,
      tool_choice: 'required',
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { param: 'tool_choice' } });
  });
});

describe('function tools on a target of Anthropic’s kind', () => {
  test('go out as its tool_use and come back as its tool_result', async () => {
    const say = (content: readonly object[], stop_reason: string) => ({
      headers: { 'content-type': 'text/event-stream' },
      writes: [
        {
          type: 'message_start',
          message: {
            id: 'm',
            role: 'assistant',
            model: 'm',
            content: [],
            stop_reason: null,
            usage: { input_tokens: 7, output_tokens: 1 },
          },
        },
        ...content.flatMap((block, index) => [
          {
            type: 'content_block_start',
            index,
            content_block: 'input' in block ? { ...block, input: {} } : block,
          },
          ...('input' in block
            ? [
                {
                  type: 'content_block_delta',
                  index,
                  delta: { type: 'input_json_delta', partial_json: JSON.stringify(block.input) },
                },
              ]
            : [{ type: 'content_block_delta', index, delta: { type: 'text_delta', text: 'Done.' } }]),
          { type: 'content_block_stop', index },
        ]),
        { type: 'message_delta', delta: { stop_reason, stop_sequence: null }, usage: { output_tokens: 5 } },
        { type: 'message_stop' },
      ].map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`),
    });
    const use = (id: string, city: string) => ({ type: 'tool_use', id, name: 'weather', input: { city } });
    const upstream = await Upstream.saying(
      say([use('toolu_a', 'Lisbon'), use('toolu_b', 'Oslo')], 'tool_use'),
      say([{ type: 'text', text: '' }], 'end_turn'),
    );
    // Where the SDK reads it when nothing else is said.
    process.env.ANTHROPIC_BASE_URL = upstream.baseUrl;
    const client = clientWith(account, {}, { ANTHROPIC_API_KEY: 'anthropic-secret' });
    const asked = { model: 'claude-haiku-4-5', tools: [weather] };
    const first = await client.responses.create({ ...asked, input: 'How warm is it?' });
    const input = first.output.flatMap((item) =>
      item.type === 'function_call'
        ? [{ type: 'function_call_output' as const, call_id: item.call_id, output: '4' }]
        : [],
    );
    const second = await client.responses.create({ ...asked, previous_response_id: first.id, input });
    expect(second.output_text).toBe('Done.');
    const result = (tool_use_id: string) => ({ type: 'tool_result', tool_use_id, content: '4' });
    expect((await upstream.received())[1]?.body.messages).toMatchObject([
      { role: 'user', content: [{ type: 'text', text: 'How warm is it?' }] },
      { role: 'assistant', content: [use('toolu_a', 'Lisbon'), use('toolu_b', 'Oslo')] },
      { role: 'user', content: [result('toolu_a'), result('toolu_b')] },
    ]);
  });
});
