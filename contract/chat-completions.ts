import { z } from 'zod';
import { OpenAiError } from './errors.ts';
import { Seconds } from './field.ts';
import { FileCitation } from './response.ts';

/** OpenAI's chat completion and its chunks, exact. Ours are `citations`, `reasoning_content` (as DeepSeek and vLLM
 * have it) and `usage.cost_usd`. */

/** The one kind of annotation that OpenAI's chat completions know; typed clients refuse every other. */
export const UrlCitation = z.object({
  type: z.literal('url_citation'),
  url_citation: z.object({
    start_index: z.int(),
    end_index: z.int(),
    url: z.string(),
    title: z.string(),
  }),
});
export type UrlCitation = z.infer<typeof UrlCitation>;

export const ChatToolCall = z.object({
  id: z.string(),
  type: z.literal('function'),
  function: z.object({ name: z.string(), arguments: z.string() }),
});
export type ChatToolCall = z.infer<typeof ChatToolCall>;

export const ChatFinishReason = z.enum(['stop', 'length', 'tool_calls', 'content_filter']);
export type ChatFinishReason = z.infer<typeof ChatFinishReason>;

export const ChatMessage = z.object({
  role: z.literal('assistant'),
  content: z.string().nullable(),
  refusal: z.string().nullable(),
  annotations: z.array(UrlCitation).describe('The place of each citation, as typed clients know it.'),
  citations: z.array(FileCitation).optional().describe('Ours: the quotes, in the order of `annotations`.'),
  reasoning_content: z.string().optional(),
  tool_calls: z.array(ChatToolCall).optional(),
});
export type ChatMessage = z.infer<typeof ChatMessage>;

export const ChatUsage = z.object({
  prompt_tokens: z.int(),
  completion_tokens: z.int(),
  total_tokens: z.int(),
  prompt_tokens_details: z.object({ cached_tokens: z.int() }),
  completion_tokens_details: z.object({ reasoning_tokens: z.int() }),
  cost_usd: z.number(),
});
export type ChatUsage = z.infer<typeof ChatUsage>;

export const ChatCompletion = z.object({
  id: z.string(),
  object: z.literal('chat.completion'),
  created: Seconds,
  model: z.string(),
  choices: z.array(
    z.object({
      index: z.int(),
      message: ChatMessage,
      logprobs: z.null(),
      finish_reason: ChatFinishReason,
    }),
  ),
  usage: ChatUsage,
});
export type ChatCompletion = z.infer<typeof ChatCompletion>;

export const ChatDelta = z.object({
  role: z.literal('assistant').optional(),
  content: z.string().optional(),
  refusal: z.string().optional(),
  reasoning_content: z.string().optional(),
  annotations: z.array(UrlCitation).optional(),
  citations: z.array(FileCitation).optional(),
  tool_calls: z.array(ChatToolCall.extend({ index: z.int() })).optional(),
});
export type ChatDelta = z.infer<typeof ChatDelta>;

export const ChatCompletionChunk = z.object({
  id: z.string(),
  object: z.literal('chat.completion.chunk'),
  created: Seconds,
  model: z.string(),
  choices: z.array(
    z.object({
      index: z.int(),
      delta: ChatDelta,
      logprobs: z.null(),
      finish_reason: ChatFinishReason.nullable(),
    }),
  ),
  usage: ChatUsage.nullable()
    .optional()
    .describe('With `stream_options.include_usage`: null but for the last.'),
});
export type ChatCompletionChunk = z.infer<typeof ChatCompletionChunk>;

/** What stands behind `data:`: chunks, and in place of what is missing an error, where an answer breaks off. */
export const ChatStreamEvent = z.union([ChatCompletionChunk, OpenAiError]);
