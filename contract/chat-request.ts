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
import { Filter, MaxResults, RankingOptions } from './search-options.ts';

/** The body of `POST /v1/chat/completions`. What becomes of each field stands in field-policy.ts. */

const TextPart = z.looseObject({ type: z.enum(['text', 'input_text', 'output_text']), text: Text });
const RefusalPart = z.looseObject({ type: z.literal('refusal'), refusal: Text });
/** What a model thought, as some servers put it into the content of an answer: a text, or parts with texts. */
const ThinkingPart = z.looseObject({ type: z.enum(['thinking', 'redacted_thinking', 'reasoning']) });

const partError = {
  error: (issue: { readonly input?: unknown }) => {
    const part = issue.input as { type?: unknown } | null;
    return typeof part?.type === 'string'
      ? `a part of type '${part.type}' is not supported yet: send text`
      : 'expected a part with the type text';
  },
};
const Parts = z.array(z.discriminatedUnion('type', [TextPart, RefusalPart], partError)).min(1);
const Content = z.union([Text, Parts]);

const Name = optional(z.string().max(64));

/** A call in a history: clients that gather streams leave `index` and others' fields on it. */
export const ChatToolCallParam = z.union([
  z.looseObject({
    id: z.string().min(1),
    type: optional(z.literal('function')),
    function: z.looseObject({ name: CalledName, arguments: Text }),
  }),
  z.looseObject({
    id: z.string().min(1),
    type: z.literal('custom'),
    custom: z.looseObject({ name: CalledName, input: Text }),
  }),
]);

/**
 * Messages are loose (CON-2): clients send back `model_dump()` of what a server of this shape once wrote, with
 * `audio`, `function_call`, `reasoning_content`, `annotations` and whatever else was in it.
 */
const SystemMessage = z.looseObject({ role: z.enum(['system', 'developer']), content: Content, name: Name });
const UserMessage = z.looseObject({ role: z.literal('user'), content: Content, name: Name });
const AssistantMessage = z.looseObject({
  role: z.literal('assistant'),
  content: optional(
    z.union([Text, z.array(z.discriminatedUnion('type', [TextPart, RefusalPart, ThinkingPart], partError))]),
  ),
  name: Name,
  refusal: optional(Text),
  reasoning_content: optional(Text),
  tool_calls: optional(z.array(ChatToolCallParam)),
  function_call: optional(z.looseObject({ name: CalledName, arguments: Text })),
});
const ToolMessage = z.looseObject({
  role: z.literal('tool'),
  content: optional(
    z.union([Text, z.array(z.discriminatedUnion('type', [TextPart, RefusalPart], partError))]),
  ),
  tool_call_id: z.string().min(1),
});
/** The answer to a `function_call`, from before there were tools. */
const FunctionMessage = z.looseObject({
  role: z.literal('function'),
  content: optional(Text),
  name: CalledName,
});

export const ChatMessageParam = z.discriminatedUnion(
  'role',
  [SystemMessage, UserMessage, AssistantMessage, ToolMessage, FunctionMessage],
  'expected a role of system, developer, user, assistant or tool',
);
export type ChatMessageParam = z.infer<typeof ChatMessageParam>;

export const ChatFunctionTool = z.strictObject({
  type: z.literal('function'),
  function: z.strictObject({
    name: FunctionName,
    description: optional(z.string()),
    parameters: optional(JsonSchema),
    strict: optional(z.boolean()),
  }),
});

export const ChatTool = z.discriminatedUnion('type', [ChatFunctionTool], {
  error: (issue) => {
    const tool = issue.input as { type?: unknown } | null;
    return typeof tool?.type === 'string'
      ? `a tool of type '${tool.type}' is not supported here: function is`
      : 'expected a tool of type function';
  },
});

export const ChatToolChoice = z.union([
  ToolMode,
  z.strictObject({ type: z.literal('function'), function: z.strictObject({ name: CalledName }) }),
  z.strictObject({
    type: z.literal('allowed_tools'),
    allowed_tools: z.strictObject({
      mode: z.enum(['auto', 'required']),
      tools: z
        .array(
          z.looseObject({
            type: z.literal('function'),
            function: z.looseObject({ name: CalledName }),
          }),
        )
        .min(1)
        .max(MAX_TOOLS),
    }),
  }),
]);
export type ChatToolChoice = z.infer<typeof ChatToolChoice>;

export const ChatResponseFormat = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text') }),
  z.strictObject({ type: z.literal('json_object') }),
  z.strictObject({
    type: z.literal('json_schema'),
    json_schema: z.strictObject({
      name: FunctionName,
      schema: optional(JsonSchema),
      description: optional(z.string()),
      strict: optional(z.boolean()),
    }),
  }),
]);

/** OpenAI names no limit; the 4 MiB of a body are one. This keeps the work on a hostile body bounded. */
const MAX_MESSAGES = 10_000;

/** Loose: an undocumented field is passed on where the target may know it, and refused by name everywhere else. */
export const CreateChatCompletionRequest = z.looseObject({
  model: optional(z.string().min(1)).describe('A name or an alias of the catalogue; without one, `default`.'),
  messages: z.array(ChatMessageParam).min(1).max(MAX_MESSAGES),
  stream: withDefault(z.boolean(), false),
  stream_options: optional(
    z.strictObject({
      include_usage: optional(z.boolean()),
      include_obfuscation: optional(z.boolean()),
    }),
  ),
  max_tokens: optional(MaxTokens),
  max_completion_tokens: optional(MaxTokens),
  temperature: optional(Temperature),
  top_p: optional(TopP),
  stop: optional(z.union([z.string(), z.array(z.string()).max(4)])),
  seed: optional(z.int()),
  tools: withDefault(z.array(ChatTool).max(MAX_TOOLS), []),
  tool_choice: optional(ChatToolChoice),
  parallel_tool_calls: optional(z.boolean()),
  response_format: optional(ChatResponseFormat),
  vector_store_ids: optional(z.array(z.string().min(1)).min(1).max(10)).describe(
    'Ours: answer from these documents, as `file_search` does in the Responses API.',
  ),
  max_num_results: optional(MaxResults).describe('Ours, with `vector_store_ids`.'),
  filters: optional(Filter).describe('Ours, with `vector_store_ids`.'),
  ranking_options: optional(RankingOptions).describe('Ours, with `vector_store_ids`.'),
  frequency_penalty: optional(Penalty),
  presence_penalty: optional(Penalty),
  logit_bias: optional(z.record(z.string(), z.number())),
  reasoning_effort: optional(ReasoningEffort),
  verbosity: optional(Verbosity),
  service_tier: optional(ServiceTier),
  prompt_cache_key: optional(Label),
  prompt_cache_retention: optional(z.string()),
  prompt_cache_options: unused(),
  safety_identifier: optional(Label),
  user: optional(Label),
  store: optional(z.boolean()),
  metadata: optional(Metadata),
  prediction: unused(),
  n: optional(z.int().min(1).max(128)),
  logprobs: optional(z.boolean()),
  top_logprobs: optional(z.int().min(0).max(20)),
  modalities: optional(z.array(z.enum(['text', 'audio']))),
  audio: unused(),
  functions: unused(),
  function_call: unused(),
  moderation: unused(),
  web_search_options: unused(),
});
export type CreateChatCompletionRequest = z.infer<typeof CreateChatCompletionRequest>;
