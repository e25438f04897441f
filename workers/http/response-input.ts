import { z } from 'zod';
import { invalid } from '../../core/failure.ts';
import { type Message, openCalls } from '../../core/models/conversation.ts';
import { content, textMessage } from './answer-request.ts';
import { filters, maxResults, rankingOptions } from './search-options.ts';
import { answerSchema, functionName, jsonSchema, parsedArguments, refuseOpenCalls } from './tools.ts';

/** The body of `POST /v1/responses`, and how its input becomes a conversation. */

const textPart = z.discriminatedUnion(
  'type',
  [
    z.strictObject({ type: z.literal('input_text'), text: content }),
    z.strictObject({
      type: z.literal('output_text'),
      text: content,
      annotations: z.array(z.unknown()).optional(),
      logprobs: z.array(z.unknown()).nullish(),
    }),
  ],
  'expected a part of type input_text or output_text; images, audio and files are not supported',
);

const status = z.enum(['in_progress', 'completed', 'incomplete']).optional();

const asPart = (value: unknown): unknown =>
  typeof value === 'string' ? [{ type: 'input_text', text: value }] : value;

const item = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('message'),
    role: z.enum(['user', 'assistant', 'system', 'developer']),
    content: z.preprocess(asPart, z.array(textPart, 'expected a text or a list of parts')),
    id: z.string().optional(),
    status,
    phase: z.string().nullish(),
  }),
  z.strictObject({
    type: z.literal('function_call'),
    call_id: z.string().min(1),
    name: functionName,
    arguments: content,
    id: z.string().optional(),
    status,
  }),
  z.strictObject({
    type: z.literal('function_call_output'),
    call_id: z.string().min(1),
    output: content,
    id: z.string().optional(),
    status,
  }),
  // Our own output, which clients send back with the rest of it: nothing of it is told to the model again.
  z.looseObject({ type: z.literal('file_search_call') }),
]);

/** OpenAI lets a whole input, and a message's content, be a bare string. */
const asMessage = (value: unknown): unknown =>
  typeof value === 'string' ? [{ type: 'message', role: 'user', content: value }] : value;

/** OpenAI lets a message go without its type. */
const typed = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && !('type' in value) && 'role' in value
    ? { type: 'message', ...value }
    : value;

const fileSearch = z.strictObject({
  type: z.literal('file_search'),
  vector_store_ids: z.array(z.string().min(1)).min(1).max(10),
  max_num_results: maxResults.optional(),
  filters: filters.nullish(),
  ranking_options: rankingOptions.optional(),
});

const functionTool = z.strictObject({
  type: z.literal('function'),
  name: functionName,
  description: z.string().nullish(),
  parameters: jsonSchema.nullish(),
  strict: z.boolean().nullish(),
});

const unsupported = (what: string) => z.null(`${what} is not supported yet`).optional();

export const responseBody = z.strictObject({
  model: z.string().min(1).optional(),
  input: z.preprocess(
    asMessage,
    z.array(z.preprocess(typed, item), 'expected a text or a list of items').min(1),
  ),
  instructions: content.nullish(),
  prompt: z
    .strictObject({
      id: z.string().min(1),
      version: z
        .string()
        .regex(/^[1-9]\d{0,8}$/, 'expected the number of a version, as a string')
        .nullish(),
      variables: z.record(z.string(), z.string()).nullish(),
    })
    .nullish(),
  tools: z
    .array(
      z.discriminatedUnion(
        'type',
        [fileSearch, functionTool],
        'expected a tool of type file_search or function',
      ),
    )
    .max(64)
    .default([]),
  tool_choice: z
    .union([
      z.enum(['auto', 'none', 'required']),
      z.strictObject({ type: z.literal('file_search') }),
      z.strictObject({ type: z.literal('function'), name: functionName }),
    ])
    .optional(),
  text: z
    .strictObject({
      format: z
        .discriminatedUnion('type', [
          z.strictObject({ type: z.literal('text') }),
          z.strictObject({ type: z.literal('json_object') }),
          z.strictObject({
            type: z.literal('json_schema'),
            name: functionName,
            schema: answerSchema,
            description: z.string().optional(),
            strict: z.boolean().nullish(),
          }),
        ])
        .optional(),
    })
    .optional(),
  include: z.array(z.enum(['file_search_call.results'])).nullish(),
  previous_response_id: z.string().min(1).nullish(),
  store: z.boolean().nullish(),
  stream: z.boolean().nullish(),
  metadata: z
    .record(z.string().max(64), z.string().max(512))
    .refine((entries) => Object.keys(entries).length <= 16, 'expected at most 16 entries')
    .nullish(),
  max_output_tokens: z.int().min(1).max(128_000).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  user: z.string().max(512).optional(),
  parallel_tool_calls: z.boolean().nullish(),
  truncation: z.literal('disabled', "only 'disabled' is supported").nullish(),
  background: z.literal(false, 'background answers are not supported yet').nullish(),
  conversation: unsupported('a conversation'),
});

export type ResponseBody = z.infer<typeof responseBody>;

/**
 * The messages that this request adds after those `before`.
 * @throws Failure for an output without its call, and for a call whose output does not come before the user goes on.
 */
export function conversationOf(input: ResponseBody['input'], before: readonly Message[]): readonly Message[] {
  const messages: Message[] = [];
  const open = openCalls(before);
  for (const [place, entry] of input.entries()) {
    switch (entry.type) {
      case 'message': {
        const text = entry.content.map((part) => part.text).join('\n');
        if (entry.role === 'user') refuseOpenCalls(open, 'input');
        messages.push(
          entry.role === 'user' || entry.role === 'assistant'
            ? textMessage(entry.role, text)
            : { role: 'system', content: text },
        );
        break;
      }
      case 'function_call': {
        open.set(entry.call_id, entry.name);
        const call = {
          type: 'tool-call',
          toolCallId: entry.call_id,
          toolName: entry.name,
          input: parsedArguments(entry.arguments),
        } as const;
        messages.push({ role: 'assistant', content: [call] });
        break;
      }
      case 'function_call_output': {
        const toolName = open.get(entry.call_id);
        if (toolName === undefined) {
          const param = `input[${place}].call_id`;
          throw invalid(
            param,
            `Invalid '${param}': no function_call with this call_id waits for its output.`,
          );
        }
        open.delete(entry.call_id);
        const output = { type: 'text', value: entry.output } as const;
        const result = { type: 'tool-result', toolCallId: entry.call_id, toolName, output } as const;
        messages.push({ role: 'tool', content: [result] });
        break;
      }
      case 'file_search_call':
        break;
    }
  }
  refuseOpenCalls(open, 'input');
  return messages;
}
