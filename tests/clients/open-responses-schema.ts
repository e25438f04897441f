import { z } from 'zod';

/**
 * What the Open Responses specification (schema of 2026-04-24) requires of a response, its items and its events, written
 * from the specification and of no use to the service: a test that shared the service's own schema would agree with it.
 * Objects are loose, for an implementation may add fields; what is listed here must be there, null only where it says so.
 */
const count = z.int().nonnegative();

const urlCitation = z.looseObject({
  type: z.literal('url_citation'),
  url: z.string(),
  start_index: count,
  end_index: count,
  title: z.string(),
});

const outputText = z.looseObject({
  type: z.literal('output_text'),
  text: z.string(),
  annotations: z.array(urlCitation),
  logprobs: z.array(z.unknown()).optional(),
});

const part = z.discriminatedUnion('type', [
  outputText,
  z.looseObject({ type: z.literal('refusal'), refusal: z.string() }),
  z.looseObject({ type: z.enum(['input_text', 'text', 'summary_text', 'reasoning_text']), text: z.string() }),
]);

const itemStatus = z.enum(['in_progress', 'completed', 'incomplete']);

export const item = z.discriminatedUnion('type', [
  z.looseObject({
    type: z.literal('message'),
    id: z.string().min(1),
    status: itemStatus,
    role: z.enum(['user', 'assistant', 'system', 'developer']),
    content: z.array(part),
    phase: z.enum(['commentary', 'final_answer']).optional(),
  }),
  z.looseObject({
    type: z.literal('function_call'),
    id: z.string().min(1),
    call_id: z.string().min(1),
    name: z.string().min(1),
    arguments: z.string(),
    status: itemStatus,
  }),
  z.looseObject({
    type: z.literal('reasoning'),
    id: z.string().min(1),
    summary: z.array(part),
    content: z.array(part).optional(),
    encrypted_content: z.string().optional(),
  }),
]);

const functionTool = z.looseObject({
  type: z.literal('function'),
  name: z.string().min(1),
  description: z.string().nullable(),
  parameters: z.record(z.string(), z.unknown()).nullable(),
  strict: z.boolean().nullable(),
});

const choice = z.enum(['none', 'auto', 'required']);
const functionChoice = z.looseObject({ type: z.literal('function'), name: z.string().optional() });

const textField = z.looseObject({
  format: z.discriminatedUnion('type', [
    z.looseObject({ type: z.literal('text') }),
    z.looseObject({ type: z.literal('json_object') }),
    z.looseObject({ type: z.literal('json_schema'), name: z.string(), strict: z.boolean() }),
  ]),
  verbosity: z.enum(['low', 'medium', 'high']).optional(),
});

const usage = z.looseObject({
  input_tokens: count,
  output_tokens: count,
  total_tokens: count,
  input_tokens_details: z.looseObject({ cached_tokens: count }),
  output_tokens_details: z.looseObject({ reasoning_tokens: count }),
});

export const response = z.looseObject({
  id: z.string().min(1),
  object: z.literal('response'),
  created_at: count,
  completed_at: count.nullable(),
  status: z.enum(['queued', 'in_progress', 'completed', 'incomplete', 'failed']),
  incomplete_details: z.looseObject({ reason: z.string() }).nullable(),
  model: z.string().min(1),
  previous_response_id: z.string().nullable(),
  instructions: z.string().nullable(),
  output: z.array(item),
  error: z.looseObject({ code: z.string(), message: z.string() }).nullable(),
  tools: z.array(functionTool),
  tool_choice: z.union([
    choice,
    functionChoice,
    z.looseObject({ type: z.literal('allowed_tools'), tools: z.array(functionChoice), mode: choice }),
  ]),
  truncation: z.enum(['auto', 'disabled']),
  parallel_tool_calls: z.boolean(),
  text: textField,
  top_p: z.number(),
  presence_penalty: z.number(),
  frequency_penalty: z.number(),
  top_logprobs: count,
  temperature: z.number(),
  reasoning: z.looseObject({ effort: z.string().nullable(), summary: z.string().nullable() }).nullable(),
  usage: usage.nullable(),
  max_output_tokens: count.nullable(),
  max_tool_calls: count.nullable(),
  store: z.boolean(),
  background: z.boolean(),
  service_tier: z.string(),
  // The specification says `unknown` and requires it.
  metadata: z.record(z.string(), z.string()),
  safety_identifier: z.string().nullable(),
  prompt_cache_key: z.string().nullable(),
});

const of = <Type extends string, Shape extends z.ZodRawShape>(type: Type, shape: Shape) =>
  z.looseObject({ type: z.literal(type), sequence_number: count, ...shape });
const inOutput = { item_id: z.string().min(1), output_index: count };
const inContent = { ...inOutput, content_index: count };

export const event = z.discriminatedUnion('type', [
  of('response.created', { response }),
  of('response.queued', { response }),
  of('response.in_progress', { response }),
  of('response.completed', { response }),
  of('response.failed', { response }),
  of('response.incomplete', { response }),
  of('response.output_item.added', { output_index: count, item }),
  of('response.output_item.done', { output_index: count, item }),
  of('response.content_part.added', { ...inContent, part }),
  of('response.content_part.done', { ...inContent, part }),
  of('response.output_text.delta', { ...inContent, delta: z.string() }),
  of('response.output_text.done', { ...inContent, text: z.string() }),
  of('response.refusal.delta', { ...inContent, delta: z.string() }),
  of('response.refusal.done', { ...inContent, refusal: z.string() }),
  of('response.reasoning.delta', { ...inContent, delta: z.string() }),
  of('response.reasoning.done', { ...inContent, text: z.string() }),
  of('response.function_call_arguments.delta', { ...inOutput, delta: z.string() }),
  of('response.function_call_arguments.done', { ...inOutput, arguments: z.string() }),
  of('error', {
    error: z.looseObject({
      type: z.string(),
      code: z.string().nullable(),
      message: z.string(),
      param: z.string().nullable(),
    }),
  }),
]);

export type Response = z.infer<typeof response>;
export type Event = z.infer<typeof event>;
export type EventOf<Type extends Event['type']> = Extract<Event, { type: Type }>;
