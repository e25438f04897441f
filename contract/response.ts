import { z } from 'zod';
import { Seconds } from './field.ts';
import { JsonSchema } from './function-tools.ts';

/**
 * OpenAI's Response object and its items, exact: every field of the Open Responses specification is there, null where
 * it has no value. Ours beyond it are `quote`, `page`, `page_end`, `start` and `end` of a citation, and `usage.cost_usd`.
 */

export const FileCitation = z.object({
  type: z.literal('file_citation'),
  file_id: z.string(),
  filename: z.string(),
  index: z.int().describe("Offset of the marker `[n]` in the answer's text."),
  quote: z.string().describe('The parsed text of the document from `start` to `end`.'),
  page: z.int().optional().describe('Where the quote begins: from 1, in formats that have pages.'),
  page_end: z.int().optional().describe('Where the quote ends, if that is another page.'),
  ocr: z
    .object({ confidence: z.number().nullable() })
    .optional()
    .describe(
      'Ours: the quote was read from a picture (OCR), with this confidence in 0…1; null where the model does not say.',
    ),
  start: z.int(),
  end: z.int(),
});
export type FileCitation = z.infer<typeof FileCitation>;

export const OutputText = z.object({
  type: z.literal('output_text'),
  text: z.string(),
  annotations: z.array(FileCitation),
  logprobs: z.array(z.never()),
});
export type OutputText = z.infer<typeof OutputText>;

export const OutputRefusal = z.object({ type: z.literal('refusal'), refusal: z.string() });
export type OutputRefusal = z.infer<typeof OutputRefusal>;

export const ReasoningText = z.object({ type: z.literal('reasoning_text'), text: z.string() });
export type ReasoningText = z.infer<typeof ReasoningText>;

export const ItemStatus = z.enum(['in_progress', 'completed', 'incomplete']);
export type ItemStatus = z.infer<typeof ItemStatus>;

export const OutputMessage = z.object({
  id: z.string(),
  type: z.literal('message'),
  status: ItemStatus,
  role: z.literal('assistant'),
  content: z.array(z.discriminatedUnion('type', [OutputText, OutputRefusal])),
});
export type OutputMessage = z.infer<typeof OutputMessage>;

export const FunctionCall = z.object({
  id: z.string(),
  type: z.literal('function_call'),
  status: ItemStatus,
  call_id: z.string(),
  name: z.string(),
  arguments: z.string(),
});
export type FunctionCall = z.infer<typeof FunctionCall>;

export const FileSearchResult = z.object({
  file_id: z.string(),
  filename: z.string(),
  score: z.number(),
  text: z.string(),
  attributes: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});
export type FileSearchResult = z.infer<typeof FileSearchResult>;

export const FileSearchCall = z.object({
  id: z.string(),
  type: z.literal('file_search_call'),
  status: z.enum(['in_progress', 'searching', 'completed', 'incomplete', 'failed']),
  queries: z.array(z.string()),
  results: z.array(FileSearchResult).nullable(),
});
export type FileSearchCall = z.infer<typeof FileSearchCall>;

export const ReasoningItem = z.object({
  id: z.string(),
  type: z.literal('reasoning'),
  status: ItemStatus,
  summary: z.array(z.never()),
  content: z.array(ReasoningText),
});
export type ReasoningItem = z.infer<typeof ReasoningItem>;

export const OutputItem = z.discriminatedUnion('type', [
  OutputMessage,
  FunctionCall,
  FileSearchCall,
  ReasoningItem,
]);
export type OutputItem = z.infer<typeof OutputItem>;

export const ResponseUsage = z.object({
  input_tokens: z.int(),
  input_tokens_details: z.object({ cached_tokens: z.int(), cache_write_tokens: z.int() }),
  output_tokens: z.int(),
  output_tokens_details: z.object({ reasoning_tokens: z.int() }),
  total_tokens: z.int(),
  cost_usd: z.number(),
});
export type ResponseUsage = z.infer<typeof ResponseUsage>;

export const ResponseStatus = z.enum(['in_progress', 'completed', 'incomplete', 'failed']);
export type ResponseStatus = z.infer<typeof ResponseStatus>;

const FunctionToolEcho = z.object({
  type: z.literal('function'),
  name: z.string(),
  description: z.string().nullable(),
  parameters: JsonSchema.nullable(),
  strict: z.boolean().nullable(),
});

const FileSearchToolEcho = z.object({
  type: z.literal('file_search'),
  vector_store_ids: z.array(z.string()),
  max_num_results: z.int().optional(),
  filters: z.unknown().nullable(),
  ranking_options: z
    .object({
      ranker: z.string().optional(),
      score_threshold: z.number().optional(),
      hybrid_search: z.object({ embedding_weight: z.number(), text_weight: z.number() }).optional(),
    })
    .optional(),
});

export const ToolEcho = z.discriminatedUnion('type', [FunctionToolEcho, FileSearchToolEcho]);
export type ToolEcho = z.infer<typeof ToolEcho>;

export const TextFormatEcho = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text') }),
  z.object({ type: z.literal('json_object') }),
  z.object({
    type: z.literal('json_schema'),
    name: z.string(),
    schema: JsonSchema,
    description: z.string().nullable(),
    strict: z.boolean(),
  }),
]);

export const ToolChoiceEcho = z.union([
  z.enum(['auto', 'none', 'required']),
  z.object({ type: z.literal('file_search') }),
  z.object({ type: z.literal('function'), name: z.string() }),
  z.object({
    type: z.literal('allowed_tools'),
    mode: z.enum(['auto', 'required']),
    tools: z.array(z.record(z.string(), z.unknown())),
  }),
]);

/** What the request fixes of the object; the rest is known when the answer is. */
export const ResponseBase = z.object({
  id: z.string(),
  object: z.literal('response'),
  created_at: Seconds,
  access_programs: z.null(),
  background: z.literal(false),
  conversation: z.null(),
  frequency_penalty: z.number(),
  instructions: z.string().nullable(),
  max_output_tokens: z.int().nullable(),
  max_tool_calls: z.int().nullable(),
  metadata: z.record(z.string(), z.string()),
  model: z.string(),
  parallel_tool_calls: z.boolean(),
  presence_penalty: z.number(),
  previous_response_id: z.string().nullable(),
  prompt: z
    .object({
      id: z.string(),
      version: z.string(),
      variables: z.record(z.string(), z.string()).nullable(),
    })
    .nullable(),
  prompt_cache_key: z.string().nullable(),
  prompt_cache_retention: z.null(),
  reasoning: z.object({ effort: z.string().nullable(), summary: z.null() }),
  safety_identifier: z.string().nullable(),
  service_tier: z.string(),
  store: z.boolean(),
  temperature: z.number(),
  text: z.object({ format: TextFormatEcho, verbosity: z.enum(['low', 'medium', 'high']) }),
  tool_choice: ToolChoiceEcho,
  tools: z.array(ToolEcho),
  top_logprobs: z.int(),
  top_p: z.number(),
  truncation: z.literal('disabled'),
  user: z.string().nullable(),
});
export type ResponseBase = z.infer<typeof ResponseBase>;

export const Response = ResponseBase.extend({
  status: ResponseStatus,
  completed_at: Seconds.nullable(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  incomplete_details: z
    .object({ reason: z.enum(['max_output_tokens', 'content_filter', 'budget_exceeded']) })
    .nullable(),
  output: z.array(OutputItem),
  usage: ResponseUsage.nullable(),
});
export type Response = z.infer<typeof Response>;

export const ResponseDeleted = z.object({
  id: z.string(),
  object: z.literal('response'),
  deleted: z.literal(true),
});
export type ResponseDeleted = z.infer<typeof ResponseDeleted>;
