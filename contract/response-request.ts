import { z } from 'zod';
import { Metadata, optional, unused, withDefault } from './field.ts';
import {
  CalledName,
  FunctionName,
  JsonSchema,
  Label,
  MAX_TOOLS,
  MaxTokens,
  Penalty,
  ReasoningEffort,
  ServiceTier,
  Temperature,
  Text,
  ToolMode,
  TopP,
  Verbosity,
} from './function-tools.ts';
import { InputItem } from './response-input.ts';
import { Filter, MaxResults, RankingOptions } from './search-options.ts';

/** The body of `POST /v1/responses`. What becomes of each field stands in field-policy.ts. */

export const FileSearchTool = z.strictObject({
  type: z.literal('file_search'),
  vector_store_ids: z.array(z.string().min(1)).min(1).max(10),
  max_num_results: optional(MaxResults),
  filters: optional(Filter),
  ranking_options: optional(RankingOptions),
});
export type FileSearchTool = z.infer<typeof FileSearchTool>;

export const FunctionTool = z.strictObject({
  type: z.literal('function'),
  name: FunctionName,
  description: optional(z.string()),
  parameters: optional(JsonSchema),
  strict: optional(z.boolean()),
  allowed_callers: unused(),
  async: unused(),
  defer_loading: unused(),
  output_schema: unused(),
});
export type FunctionTool = z.infer<typeof FunctionTool>;

export const ResponseTool = z.discriminatedUnion('type', [FileSearchTool, FunctionTool], {
  error: (issue) => {
    const tool = issue.input as { type?: unknown } | null;
    return typeof tool?.type === 'string'
      ? `a tool of type '${tool.type}' is not supported here: file_search and function are`
      : 'expected a tool of type file_search or function';
  },
});

export const ResponseToolChoice = z.union([
  ToolMode,
  z.strictObject({ type: z.literal('file_search') }),
  z.strictObject({ type: z.literal('function'), name: CalledName }),
  z.strictObject({
    type: z.literal('allowed_tools'),
    mode: z.enum(['auto', 'required']),
    tools: z
      .array(z.looseObject({ type: z.enum(['function', 'file_search']), name: optional(CalledName) }))
      .min(1)
      .max(MAX_TOOLS),
  }),
]);
export type ResponseToolChoice = z.infer<typeof ResponseToolChoice>;

export const ResponseTextFormat = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text') }),
  z.strictObject({ type: z.literal('json_object') }),
  z.strictObject({
    type: z.literal('json_schema'),
    name: FunctionName,
    schema: JsonSchema,
    description: optional(z.string()),
    strict: optional(z.boolean()),
  }),
]);

/** All that OpenAI's clients can ask to be included; only the first adds something here. */
export const ResponseIncludable = z.enum([
  'file_search_call.results',
  'web_search_call.results',
  'web_search_call.action.sources',
  'message.input_image.image_url',
  'computer_call_output.output.image_url',
  'code_interpreter_call.outputs',
  'reasoning.encrypted_content',
  'message.output_text.logprobs',
]);

const ReasoningOptions = z.strictObject({
  effort: optional(ReasoningEffort),
  summary: unused(),
  generate_summary: unused(),
  context: unused(),
  mode: unused(),
});

const PromptReference = z.strictObject({
  id: z.string().min(1),
  version: optional(z.string().regex(/^[1-9]\d{0,8}$/, 'expected the number of a version, as a string')),
  variables: optional(
    z.record(z.string(), z.union([z.string(), z.looseObject({ type: z.literal('input_text'), text: Text })])),
  ),
});

export const CreateResponseRequest = z.strictObject({
  model: optional(z.string().min(1)).describe('A name or an alias of the catalogue; without one, `default`.'),
  input: z
    .union([Text.min(1), z.array(InputItem).min(1)])
    .describe('A text, or the items of a conversation.'),
  instructions: optional(Text),
  prompt: optional(PromptReference).describe('A stored prompt version; its variables are texts.'),
  tools: withDefault(z.array(ResponseTool).max(MAX_TOOLS), []),
  tool_choice: optional(ResponseToolChoice),
  parallel_tool_calls: optional(z.boolean()),
  max_tool_calls: optional(z.int().min(1)),
  text: optional(z.strictObject({ format: optional(ResponseTextFormat), verbosity: optional(Verbosity) })),
  include: optional(z.array(ResponseIncludable)),
  previous_response_id: optional(z.string().min(1)),
  store: withDefault(z.boolean(), true),
  stream: withDefault(z.boolean(), false),
  stream_options: optional(z.strictObject({ include_obfuscation: optional(z.boolean()) })),
  metadata: optional(Metadata),
  max_output_tokens: optional(MaxTokens),
  temperature: optional(Temperature),
  top_p: optional(TopP),
  presence_penalty: optional(Penalty),
  frequency_penalty: optional(Penalty),
  top_logprobs: optional(z.int().min(0).max(20)),
  reasoning: optional(ReasoningOptions),
  service_tier: optional(ServiceTier),
  user: optional(Label),
  safety_identifier: optional(Label),
  prompt_cache_key: optional(Label),
  prompt_cache_retention: optional(z.string()),
  prompt_cache_options: unused(),
  truncation: optional(z.enum(['auto', 'disabled'])),
  background: optional(z.boolean()),
  conversation: unused(),
  context_management: unused(),
  access_programs: unused(),
  client_metadata: unused(),
  image: unused(),
  moderation: unused(),
});
export type CreateResponseRequest = z.infer<typeof CreateResponseRequest>;

const Includes = z.union([ResponseIncludable, z.array(ResponseIncludable)]);

/**
 * The query of `GET /v1/responses/{id}`. A response is shown as it was answered: results of a search are in it when
 * they were asked for then. Clients write a list as `include[]` or as several `include`.
 */
export const RetrieveResponseQuery = z.strictObject({
  include: Includes.optional(),
  'include[]': Includes.optional(),
  include_obfuscation: z.string().optional(),
  stream: z.literal('false', 'resuming a stream is not supported yet').optional(),
});
