import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { describe, expect, inject, test } from 'vitest';
import type { z } from 'zod';
import { type Event, type EventOf, event, type Response, response } from './open-responses-schema.ts';

/**
 * The acceptance cases of the Open Responses specification (openresponses.org) that need no image, against the running
 * service: basic, streaming, system prompt, tool calling (both ways), multi-turn, phase and `previous_response_id`. Every
 * object and every event is checked against what the specification requires of it.
 */
const { url, key } = inject('place');

const message = (role: string, content: string, more: object = {}) => ({
  type: 'message',
  role,
  content,
  ...more,
});

const weather = {
  type: 'function',
  name: 'get_weather',
  description: 'Get the current weather for a location',
  parameters: {
    type: 'object',
    properties: { location: { type: 'string', description: 'The city and state, e.g. San Francisco, CA' } },
    required: ['location'],
  },
};

const post = (body: object): Promise<globalThis.Response> =>
  fetch(`${url}/v1/responses`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({ model: 'default', ...body }),
  });

/** Names every field that is not as the specification says. */
function conforming<Schema extends z.ZodType>(schema: Schema, value: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message: fault }) => `${path.join('.')}: ${fault}`);
  throw new Error(`Not as Open Responses has it:\n${faults.join('\n')}\n${JSON.stringify(value)}`);
}

async function answer(body: object): Promise<Response> {
  const reply = await post(body);
  const text = await reply.text();
  expect([reply.status, reply.headers.get('content-type')], text).toEqual([
    200,
    expect.stringMatching(/^application\/json/),
  ]);
  return conforming(response, JSON.parse(text));
}

async function stream(body: object): Promise<readonly Event[]> {
  const reply = await post({ ...body, stream: true });
  const text = await reply.text();
  expect([reply.status, reply.headers.get('content-type')], text).toEqual([
    200,
    expect.stringMatching(/^text\/event-stream/),
  ]);
  const messages: EventSourceMessage[] = [];
  createParser({ onEvent: (each) => void messages.push(each) }).feed(text);
  expect(messages.at(-1)?.data, 'the last event of a stream').toBe('[DONE]');
  return messages.slice(0, -1).map(({ event: named, id, data }) => {
    const parsed = conforming(event, JSON.parse(data));
    expect({ named, id }).toEqual({ named: parsed.type, id: undefined });
    return parsed;
  });
}

/** What holds for every stream: numbered without a gap, opened and closed in order, and its end says what it carried. */
function lastResponse(events: readonly Event[]): Response {
  expect(events.map((each) => each.sequence_number)).toEqual(events.map((_, place) => place));
  expect(events.slice(0, 2).map((each) => each.type)).toEqual(['response.created', 'response.in_progress']);
  const end = only(events, 'response.completed');
  expect(events.at(-1)).toBe(end);
  const done = all(events, 'response.output_item.done');
  expect(done.map((each) => each.output_index)).toEqual(done.map((_, place) => place));
  expect(done.map((each) => each.item)).toEqual(end.response.output);
  for (const { output_index, item } of all(events, 'response.output_item.added')) {
    expect(item).toMatchObject({ status: 'in_progress', id: end.response.output[output_index]?.id });
  }
  return end.response;
}

const all = <Type extends Event['type']>(events: readonly Event[], type: Type): EventOf<Type>[] =>
  events.filter((each): each is EventOf<Type> => each.type === type);

function only<Type extends Event['type']>(events: readonly Event[], type: Type): EventOf<Type> {
  const [found, ...others] = all(events, type);
  expect([found?.type, others.length]).toEqual([type, 0]);
  return found as EventOf<Type>;
}

const textOf = ({ output }: Response): string =>
  output
    .flatMap((each) => (each.type === 'message' ? each.content : []))
    .map((part) => ('text' in part ? part.text : ''))
    .join('');

describe('the acceptance cases of Open Responses', () => {
  test('a basic text response', async () => {
    const given = await answer({ input: [message('user', 'Say hello in exactly 3 words.')] });
    expect(given).toMatchObject({ status: 'completed', error: null, incomplete_details: null });
    expect(given.completed_at).toBeGreaterThanOrEqual(given.created_at);
    expect(textOf(given)).toContain('Say hello');
    expect(given.output).toHaveLength(1);
  });

  test('a string input is a message of the user', async () => {
    expect(textOf(await answer({ input: 'Say hello.' }))).toContain('Say hello.');
  });

  test('a streaming response', async () => {
    const events = await stream({ input: [message('user', 'Count from 1 to 5.')] });
    const end = lastResponse(events);
    expect(end.status).toBe('completed');
    const deltas = all(events, 'response.output_text.delta');
    expect(deltas.length).toBeGreaterThan(1);
    expect(deltas.map((each) => each.delta).join('')).toBe(textOf(end));
    expect(only(events, 'response.output_text.done').text).toBe(textOf(end));
    expect(events.map((each) => each.type).filter((type) => type !== 'response.output_text.delta')).toEqual([
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.content_part.added',
      'response.output_text.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.completed',
    ]);
  });

  test('a system prompt in the input', async () => {
    const given = await answer({
      input: [
        message('system', 'You are a pirate. Always respond in pirate speak.'),
        message('user', 'Say hello.'),
      ],
    });
    expect(given.status).toBe('completed');
    expect(textOf(given)).toMatch(/^Arr!/);
  });

  test('a tool call, and its output in the next turn', async () => {
    const asked = message('user', "What's the weather like in San Francisco?");
    const given = await answer({ input: [asked], tools: [weather] });
    expect(given.output).toMatchObject([{ type: 'function_call', name: 'get_weather', status: 'completed' }]);
    expect(given.tools).toMatchObject([{ type: 'function', name: 'get_weather' }]);
    const [call] = given.output;
    if (call?.type !== 'function_call') throw new Error('no call');
    expect(JSON.parse(call.arguments)).toEqual({ location: 'San Francisco' });
    const output = { type: 'function_call_output', call_id: call.call_id, output: '64 degrees and clear' };
    const then = await answer({ input: [asked, call, output], tools: [weather] });
    expect(textOf(then)).toBe('The tool says: 64 degrees and clear');
  });

  test('a tool call that streams', async () => {
    const events = await stream({
      input: [message('user', "What's the weather like in San Francisco?")],
      tools: [weather],
    });
    const end = lastResponse(events);
    const [call] = end.output;
    if (call?.type !== 'function_call') throw new Error('no call');
    const added = only(events, 'response.output_item.added').item;
    expect(added).toMatchObject({ type: 'function_call', name: 'get_weather' });
    const deltas = all(events, 'response.function_call_arguments.delta');
    expect(deltas.map((each) => each.delta).join('')).toBe(call.arguments);
    expect(only(events, 'response.function_call_arguments.done').arguments).toBe(call.arguments);
  });

  test('several turns in one input', async () => {
    const given = await answer({
      input: [
        message('user', 'My name is Alice.'),
        message('assistant', 'Hello Alice! Nice to meet you. How can I help you today?'),
        message('user', 'What is my name?'),
      ],
    });
    expect(given.status).toBe('completed');
    expect(textOf(given)).toBe('Your name is Alice.');
  });

  test('an assistant message with a phase', async () => {
    const given = await answer({
      input: [
        message('user', 'My name is Alice.'),
        message('assistant', 'I look that up.', { phase: 'commentary' }),
        message('assistant', 'Hello Alice!', { phase: 'final_answer' }),
        message('user', 'What is my name?'),
      ],
    });
    expect(textOf(given)).toBe('Your name is Alice.');
  });

  test('previous_response_id goes on from input and output of the response it names', async () => {
    const first = await answer({ input: 'My name is Alice.' });
    const second = await answer({ input: 'And then?', previous_response_id: first.id });
    expect(second.previous_response_id).toBe(first.id);
    expect(textOf(second)).toBe('Question 2 after 1 answers: And then?');
    const third = await answer({ input: 'What is my name?', previous_response_id: second.id });
    expect(textOf(third)).toBe('Your name is Alice.');
  });

  test('a stream that reaches its limit of tokens ends incomplete, and so does its last item', async () => {
    const events = await stream({ input: 'Write on and on.' });
    const { response: end } = only(events, 'response.incomplete');
    expect(end).toMatchObject({ status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } });
    expect(end.output.at(-1)).toMatchObject({ type: 'message', status: 'incomplete' });
    expect(only(events, 'response.output_item.done').item).toEqual(end.output[0]);
  });

  test('a stream that fails closes what it opened and ends with response.failed', async () => {
    const events = await stream({ input: 'Break off, please.' });
    const { response: end } = only(events, 'response.failed');
    expect(events.at(-1)).toMatchObject({ type: 'response.failed', response: { status: 'failed' } });
    expect(end.error).toMatchObject({ code: expect.any(String), message: expect.any(String) });
    expect(only(events, 'response.output_item.done').item).toMatchObject({ status: 'incomplete' });
    expect(only(events, 'response.output_text.done').text).toBe('Half an answer and');
  });

  test('an error names its type, code, parameter and what is wrong', async () => {
    const reply = await post({ input: 'hello', model: 'no-such-model' });
    expect(reply.status).toBe(404);
    expect(await reply.json()).toMatchObject({
      error: { message: expect.stringContaining('no-such-model'), param: 'model', code: 'model_not_found' },
    });
  });
});
