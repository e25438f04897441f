import { z } from 'zod';
import { invalid } from '../../core/failure.ts';
import { type Message, withName } from '../../core/models/conversation.ts';
import type { PassedOn } from '../../core/models/provider.ts';
import { content, textMessage } from './answer-request.ts';
import { filters, maxResults, rankingOptions } from './search-options.ts';
import { answerSchema, functionName, jsonSchema, parsedArguments, refuseOpenCalls } from './tools.ts';

/** The body of `POST /v1/chat/completions`, and how its messages become a conversation. */

const part = z.strictObject({ type: z.literal('text', 'only text parts are supported'), text: content });

const asParts = (value: unknown): unknown =>
  typeof value === 'string' ? [{ type: 'text', text: value }] : value;
const parts = z.preprocess(asParts, z.array(part, 'expected a text or a list of parts'));
const name = z.string().max(64).optional();

const message = z.discriminatedUnion(
  'role',
  [
    z.strictObject({ role: z.enum(['system', 'developer']), content: parts, name }),
    z.strictObject({ role: z.literal('user'), content: parts, name }),
    z.strictObject({
      role: z.literal('assistant'),
      content: parts.nullish(),
      name,
      refusal: z.string().nullish(),
      annotations: z.array(z.unknown()).nullish(),
      tool_calls: z
        .array(
          z.strictObject({
            id: z.string().min(1),
            type: z.literal('function'),
            function: z.strictObject({ name: functionName, arguments: content }),
          }),
        )
        .nullish(),
    }),
    z.strictObject({ role: z.literal('tool'), content: parts, tool_call_id: z.string().min(1) }),
  ],
  'expected a role of system, developer, user, assistant or tool',
);

/** Loose: what we do not know is passed on where the target may know it, and refused everywhere else. */
export const chatBody = z.looseObject({
  model: z.string().min(1).optional(),
  messages: z.array(message).min(1).max(1_000),
  stream: z.boolean().nullish(),
  stream_options: z.strictObject({ include_usage: z.boolean().optional() }).nullish(),
  max_tokens: z.int().min(1).max(128_000).nullish(),
  max_completion_tokens: z.int().min(1).max(128_000).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  stop: z.union([z.string(), z.array(z.string()).max(4)], 'expected a text or up to 4 texts').nullish(),
  seed: z.int().nullish(),
  n: z.literal(1, 'only 1 is supported').nullish(),
  tools: z
    .array(
      z.strictObject({
        type: z.literal('function'),
        function: z.strictObject({
          name: functionName,
          description: z.string().optional(),
          parameters: jsonSchema.optional(),
          strict: z.boolean().nullish(),
        }),
      }),
    )
    .max(64)
    .default([]),
  tool_choice: z
    .union([
      z.enum(['auto', 'none', 'required']),
      z.strictObject({ type: z.literal('function'), function: z.strictObject({ name: functionName }) }),
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
          name: functionName,
          schema: answerSchema.optional(),
          description: z.string().optional(),
          strict: z.boolean().nullish(),
        }),
      }),
    ])
    .optional(),
  user: z.string().max(512).optional(),
  // Ours: answer from these documents, as `file_search` does in the Responses API.
  vector_store_ids: z.array(z.string().min(1)).min(1).max(10).optional(),
  max_num_results: maxResults.optional(),
  filters: filters.nullish(),
  ranking_options: rankingOptions.optional(),
});

export type ChatBody = z.infer<typeof chatBody>;

/** What the target is told in the caller's own words. */
export const passedOnOf = ({ parallel_tool_calls, ...body }: ChatBody): PassedOn => ({
  ...Object.fromEntries(Object.entries(body).filter(([field]) => !(field in chatBody.shape))),
  ...(parallel_tool_calls === false ? { parallel_tool_calls } : {}),
});

/** @throws Failure for an output without its call, and for a call whose output does not come before the user goes on. */
export function conversationOf(given: ChatBody['messages']): readonly Message[] {
  const messages: Message[] = [];
  const open = new Map<string, string>();
  for (const [place, entry] of given.entries()) {
    const text = (entry.content ?? []).map((piece) => piece.text).join('\n');
    switch (entry.role) {
      case 'system':
      case 'developer':
        messages.push({ role: 'system', content: text });
        break;
      case 'user':
        refuseOpenCalls(open, 'messages');
        messages.push(withName(textMessage('user', text), entry.name));
        break;
      case 'assistant': {
        const calls = (entry.tool_calls ?? []).map((call) => {
          open.set(call.id, call.function.name);
          const input = parsedArguments(call.function.arguments);
          return { type: 'tool-call', toolCallId: call.id, toolName: call.function.name, input } as const;
        });
        const said = text === '' ? [] : [{ type: 'text', text } as const];
        messages.push(withName({ role: 'assistant', content: [...said, ...calls] }, entry.name));
        break;
      }
      case 'tool': {
        const toolName = open.get(entry.tool_call_id);
        if (toolName === undefined) {
          const param = `messages[${place}].tool_call_id`;
          throw invalid(param, `Invalid '${param}': no tool call with this id waits for its output.`);
        }
        open.delete(entry.tool_call_id);
        const output = { type: 'text', value: text } as const;
        const result = { type: 'tool-result', toolCallId: entry.tool_call_id, toolName, output } as const;
        messages.push({ role: 'tool', content: [result] });
      }
    }
  }
  refuseOpenCalls(open, 'messages');
  return messages;
}
