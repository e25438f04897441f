import type { ChatHistoryItem, ChatModelFunctions, GbnfJsonSchema } from 'node-llama-cpp';
import { z } from 'zod';
import { errorMessage } from '../../core/error-message.ts';
import { callSchema, grammarSchema } from './grammar.ts';
import { Refusal } from './refusal.ts';

const text = z.union(
  [z.string(), z.array(z.strictObject({ type: z.literal('text'), text: z.string() })).transform(joinParts)],
  { error: 'expected a string, or a list of { type: "text", text }' },
);

const toolCall = z.strictObject({
  id: z.string(),
  type: z.literal('function'),
  function: z.strictObject({ name: z.string(), arguments: z.string() }),
});

const message = z.discriminatedUnion('role', [
  z.strictObject({ role: z.enum(['system', 'developer']), content: text, name: z.string().optional() }),
  z.strictObject({ role: z.literal('user'), content: text, name: z.string().optional() }),
  z.strictObject({
    role: z.literal('assistant'),
    content: text.nullish(),
    name: z.string().optional(),
    refusal: z.string().nullish(),
    tool_calls: z.array(toolCall).optional(),
  }),
  z.strictObject({ role: z.literal('tool'), content: text, tool_call_id: z.string() }),
]);
type Message = z.infer<typeof message>;

const jsonObject = z.record(z.string(), z.unknown());

/** What of OpenAI's chat completions this server does. Everything else is refused by name. */
export const chatBody = z.strictObject({
  model: z.string(),
  messages: z.array(message).min(1),
  stream: z.boolean().nullish(),
  stream_options: z.strictObject({ include_usage: z.boolean().optional() }).nullish(),
  max_tokens: z.int().min(1).nullish(),
  max_completion_tokens: z.int().min(1).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  frequency_penalty: z.number().min(-2).max(2).nullish(),
  presence_penalty: z.number().min(-2).max(2).nullish(),
  seed: z.int().nullish(),
  stop: z.union([z.string(), z.array(z.string()).max(4)]).nullish(),
  n: z.literal(1).nullish(),
  user: z.string().optional(),
  tools: z
    .array(
      z.strictObject({
        type: z.literal('function'),
        function: z.strictObject({
          name: z.string(),
          description: z.string().optional(),
          parameters: jsonObject.optional(),
          strict: z.boolean().nullish(),
        }),
      }),
    )
    .optional(),
  tool_choice: z
    .union([
      z.enum(['none', 'auto', 'required']),
      z.strictObject({ type: z.literal('function'), function: z.strictObject({ name: z.string() }) }),
    ])
    .optional(),
  parallel_tool_calls: z.boolean().optional(),
  response_format: z
    .discriminatedUnion('type', [
      z.strictObject({ type: z.literal('text') }),
      z.strictObject({ type: z.literal('json_object') }),
      z.strictObject({
        type: z.literal('json_schema'),
        json_schema: z.strictObject({
          name: z.string(),
          description: z.string().optional(),
          schema: jsonObject.optional(),
          strict: z.boolean().nullish(),
        }),
      }),
    ])
    .optional(),
});
export type ChatBody = z.infer<typeof chatBody>;

function joinParts(parts: readonly { text: string }[]): string {
  return parts.map((part) => part.text).join('\n');
}

/** How the words of an answer are bound: free, free or a call, JSON of a schema, any JSON, or only a call. */
export type Form =
  | { readonly kind: 'text' }
  | { readonly kind: 'text-or-call'; readonly functions: ChatModelFunctions; readonly parallel: boolean }
  | { readonly kind: 'json'; readonly schema: GbnfJsonSchema | null }
  | { readonly kind: 'call'; readonly schema: GbnfJsonSchema; readonly functions: ChatModelFunctions };

export function formOf(body: ChatBody): Form {
  const functions = functionsOf(body);
  const choice = body.tool_choice ?? 'auto';
  const format = body.response_format ?? { type: 'text' };
  const offered = choice === 'none' ? {} : functions;
  if (typeof choice === 'object' || choice === 'required') {
    const allowed =
      typeof choice === 'object'
        ? Object.fromEntries(Object.entries(functions).filter(([name]) => name === choice.function.name))
        : functions;
    if (Object.keys(allowed).length === 0) {
      throw new Refusal(400, 'invalid_value', 'tool_choice: names no function in tools.', 'tool_choice');
    }
    return { kind: 'call', schema: callSchema(allowed), functions: allowed };
  }
  if (format.type === 'text') {
    return Object.keys(offered).length === 0
      ? { kind: 'text' }
      : { kind: 'text-or-call', functions: offered, parallel: body.parallel_tool_calls !== false };
  }
  if (Object.keys(offered).length > 0) {
    throw new Refusal(
      400,
      'unsupported_value',
      'response_format: a local model can be held to a JSON form or be given tools, not both.',
      'response_format',
    );
  }
  if (format.type === 'json_object' || format.json_schema.schema === undefined) {
    return { kind: 'json', schema: null };
  }
  return {
    kind: 'json',
    schema: grammarSchema(format.json_schema.schema, 'response_format.json_schema.schema'),
  };
}

function functionsOf(body: ChatBody): ChatModelFunctions {
  return Object.fromEntries(
    (body.tools ?? []).map(({ function: { name, description, parameters } }, at) => [
      name,
      {
        ...(description === undefined ? {} : { description }),
        ...(parameters === undefined
          ? {}
          : { params: grammarSchema(parameters, `tools[${at}].function.parameters`) }),
      },
    ]),
  );
}

/** OpenAI's messages as llama.cpp's history: a tool's result stands inside the answer that asked for it. */
export function historyOf(messages: readonly Message[]): ChatHistoryItem[] {
  const results = new Map(
    messages.flatMap((message) => (message.role === 'tool' ? [[message.tool_call_id, message.content]] : [])),
  );
  const history: ChatHistoryItem[] = [];
  for (const message of messages) {
    if (message.role === 'user') history.push({ type: 'user', text: message.content });
    else if (message.role === 'assistant') history.push({ type: 'model', response: said(message, results) });
    else if (message.role !== 'tool') history.push({ type: 'system', text: message.content });
  }
  const last = history.at(-1);
  // The model goes on inside the last answer when that ended with calls whose results are in.
  if (last?.type !== 'model' || typeof last.response.at(-1) === 'string') {
    history.push({ type: 'model', response: [] });
  }
  return history;
}

function said(
  message: Extract<Message, { role: 'assistant' }>,
  results: ReadonlyMap<string, string>,
): Extract<ChatHistoryItem, { type: 'model' }>['response'] {
  const calls = (message.tool_calls ?? []).map((call) => {
    const result = results.get(call.id);
    if (result === undefined) {
      throw new Refusal(
        400,
        'invalid_value',
        `messages: no tool message answers the call '${call.id}'.`,
        'messages',
      );
    }
    return {
      type: 'functionCall' as const,
      name: call.function.name,
      params: parseArguments(call.function.arguments),
      result,
    };
  });
  return [...(message.content ? [message.content] : []), ...calls];
}

function parseArguments(json: string): unknown {
  if (json.trim() === '') return {};
  try {
    return JSON.parse(json);
  } catch (error) {
    throw new Refusal(
      400,
      'invalid_value',
      `messages: the arguments of a tool call are not JSON (${errorMessage(error)}).`,
      'messages',
    );
  }
}
