import assert from 'node:assert/strict';
import OpenAI, { BadRequestError } from 'openai';
import { zodResponseFormat, zodTextFormat } from 'openai/helpers/zod';
import type { ChatCompletionMessageParam, ChatCompletionTool } from 'openai/resources/chat/completions';
import type { FunctionTool, ResponseInput, ResponseInputItem } from 'openai/resources/responses/responses';
import { z } from 'zod';
import { inCase, run, store, timesAsked } from './report.ts';

/** The official client for TypeScript. */
const client = new OpenAI();
const model = 'gpt-4o-mini';
const parameters = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
};
const weather: FunctionTool = { type: 'function', name: 'get_weather', parameters, strict: true };
const chatWeather: ChatCompletionTool = { type: 'function', function: { name: 'get_weather', parameters } };
const search = { type: 'file_search' as const, vector_store_ids: [store] };
const steps = 'How many steps does the lighthouse tower have?';
const person = z.object({ name: z.string(), age: z.number() });
const user = (content: string) => ({ role: 'user' as const, content });

inCase('plain', 'responses.create and chat.completions.create', async () => {
  assert.match((await client.responses.create({ model, input: 'hello' })).output_text, /hello/);
  const answer = await client.chat.completions.create({ model, messages: [user('hello')] });
  assert.match(answer.choices[0]?.message.content ?? '', /hello/);
});

inCase('stream', 'responses.stream and chat.completions.stream', async () => {
  const stream = client.responses.stream({ model, input: 'hello there' });
  let text = '';
  for await (const event of stream) if (event.type === 'response.output_text.delta') text += event.delta;
  assert.equal(text, (await stream.finalResponse()).output_text);
  assert.match(text, /hello there/);
  const chat = client.chat.completions.stream({ model, messages: [user('hello there')] });
  assert.match((await chat.finalContent()) ?? '', /hello there/);
});

inCase('turns', 'four turns with response.output as it came, and as JSON', async () => {
  for (const echo of [(item: unknown) => item, (item: unknown) => JSON.parse(JSON.stringify(item))]) {
    const input: ResponseInput = [user('My name is Alice. What is the weather in Paris?')];
    const first = await client.responses.create({ model, input, tools: [weather] });
    input.push(...first.output.map((item) => echo(item) as ResponseInputItem));
    for (const item of first.output) {
      if (item.type !== 'function_call') continue;
      input.push({ type: 'function_call_output', call_id: item.call_id, output: '12 degrees' });
    }
    for (const question of ['And then?', 'What is my name?']) {
      const next = await client.responses.create({ model, input, tools: [weather] });
      input.push(...next.output.map((item) => echo(item) as ResponseInputItem), user(question));
    }
    const last = await client.responses.create({ model, input, tools: [weather] });
    assert.equal(last.output_text, 'Your name is Alice.');
  }
});

inCase('turns', 'item_reference and previous_response_id', async () => {
  const first = await client.responses.create({ model, input: 'My name is Alice.' });
  const input: ResponseInput = [
    user('My name is Alice.'),
    { type: 'item_reference', id: first.output[0]?.id ?? '' },
    user('What is my name?'),
  ];
  assert.equal((await client.responses.create({ model, input })).output_text, 'Your name is Alice.');
  const second = await client.responses.create({
    model,
    input: 'What is my name?',
    previous_response_id: first.id,
  });
  assert.equal(second.output_text, 'Your name is Alice.');
});

inCase('turns', 'three chat turns with message objects', async () => {
  const messages: ChatCompletionMessageParam[] = [user('My name is Alice.')];
  for (const question of ['And then?', 'What is my name?']) {
    const answer = await client.chat.completions.create({ model, messages });
    if (answer.choices[0] !== undefined) messages.push(answer.choices[0].message);
    messages.push(user(question));
  }
  const last = await client.chat.completions.create({ model, messages });
  assert.equal(last.choices[0]?.message.content, 'Your name is Alice.');
});

inCase('tools', 'chat.completions.runTools, streamed and not, with parallel calls', async () => {
  for (const stream of [false, true] as const) {
    const told: string[] = [];
    const tool = {
      type: 'function' as const,
      function: {
        name: 'get_weather',
        description: 'The weather',
        parse: JSON.parse,
        parameters,
        function: ({ city }: { city: string }) => {
          told.push(city);
          return `12 degrees in ${city}`;
        },
      },
    };
    const messages = [user('What is the weather in Paris and Rome?')];
    const runner = stream
      ? client.chat.completions.runTools({ model, messages, tools: [tool], stream: true })
      : client.chat.completions.runTools({ model, messages, tools: [tool] });
    assert.match((await runner.finalContent()) ?? '', /12 degrees in Paris \/ 12 degrees in Rome/);
    assert.deepEqual(told, ['Paris', 'Rome']);
  }
});

inCase('tools', 'output as parts, tool_choice, tools that are null', async () => {
  const question = user('What is the weather in Paris?');
  const first = await client.responses.create({
    model,
    input: [question],
    tools: [weather],
    tool_choice: {
      type: 'allowed_tools',
      mode: 'required',
      tools: [{ type: 'function', name: 'get_weather' }],
    },
  });
  const call = first.output[0];
  assert.equal(call?.type, 'function_call');
  const output = [{ type: 'input_text' as const, text: '12 degrees' }];
  const input: ResponseInput = [
    question,
    call,
    { type: 'function_call_output', call_id: call.call_id, output },
  ];
  const second = await client.responses.create({ model, input, tools: [weather] });
  assert.match(second.output_text, /12 degrees/);
  const none = { tools: null, tool_choice: null } as unknown as { tools: ChatCompletionTool[] };
  const third = await client.chat.completions.create({ model, messages: [question], ...none });
  assert.match(third.choices[0]?.message.content ?? '', /weather/);
  const fourth = await client.chat.completions.create({ model, messages: [question], tools: [chatWeather] });
  assert.equal(fourth.choices[0]?.finish_reason, 'tool_calls');
});

inCase(
  'structured',
  'responses.parse and chat.completions.parse with zod, and a turn after them',
  async () => {
    const ada = { name: 'Ada', age: 36 };
    const text = { format: zodTextFormat(person, 'person') };
    const first = await client.responses.parse({ model, input: 'Who?', text });
    assert.deepEqual(first.output_parsed, ada);
    const input = [user('My name is Alice.'), ...first.output, user('What is my name?')] as ResponseInput;
    assert.equal((await client.responses.create({ model, input })).output_text, 'Your name is Alice.');
    const format = zodResponseFormat(person, 'person');
    const chat = await client.chat.completions.parse({
      model,
      messages: [user('Who?')],
      response_format: format,
    });
    const message = chat.choices[0]?.message;
    assert.deepEqual(message?.parsed, ada);
    const messages = [
      user('My name is Alice.'),
      message,
      user('What is my name?'),
    ] as ChatCompletionMessageParam[];
    const last = await client.chat.completions.create({ model, messages });
    assert.equal(last.choices[0]?.message.content, 'Your name is Alice.');
  },
);

inCase(
  'documents',
  'file_search, streamed, and a second turn; vector_store_ids in chat completions',
  async () => {
    const first = await client.responses
      .stream({ model, input: steps, tools: [search], include: ['file_search_call.results'] })
      .finalResponse();
    assert.match(first.output_text, /142/);
    const input = [user(steps), ...first.output, user('When was its lamp first lit?')] as ResponseInput;
    assert.match((await client.responses.create({ model, input, tools: [search] })).output_text, /142|1871/);
    const more = { vector_store_ids: [store] };
    const chat = await client.chat.completions.create({ model, messages: [user(steps)], ...more });
    const message = chat.choices[0]?.message;
    assert.match(message?.content ?? '', /142/);
    for (const { type } of message?.annotations ?? []) assert.equal(type, 'url_citation');
  },
);

inCase('errors', 'a context that is too long: BadRequestError with its code, asked once', async () => {
  const words = `context too long, ${crypto.randomUUID()}`;
  const failed = await client.chat.completions
    .create({ model, messages: [user(words)] })
    .catch((error: unknown) => error);
  assert.ok(failed instanceof BadRequestError, String(failed));
  assert.equal(failed.code, 'context_length_exceeded');
  assert.equal(await timesAsked(words), 1);
});

inCase('embeddings', 'embeddings.create', async () => {
  const { data } = await client.embeddings.create({ model: 'text-embedding-3-small', input: ['a', 'b'] });
  assert.deepEqual(
    data.map(({ embedding }) => embedding.length),
    [384, 384],
  );
});

await run(import.meta.url, 'openai');
