import { EventSourceParserStream } from 'eventsource-parser/stream';
import { z } from 'zod';
import { jsonModeNotMet } from './workers-ai-error.ts';

/**
 * Workers AI's text generation in terms of OpenAI's chat completions, which the model server speaks:
 * https://developers.cloudflare.com/workers-ai/configuration/open-ai-compatibility/ in the other direction.
 */
export const chatInput = z
  .object({
    prompt: z.string().min(1).optional(),
    messages: z
      .array(z.looseObject({ role: z.string() }))
      .min(1)
      .optional(),
    stream: z.boolean().optional(),
    max_tokens: z.number().int().positive().optional(),
    temperature: z.number().optional(),
    top_p: z.number().optional(),
    seed: z.number().int().optional(),
    tools: z.array(z.unknown()).optional(),
    tool_choice: z.unknown().optional(),
    response_format: z
      .object({ type: z.enum(['json_object', 'json_schema']), json_schema: z.unknown().optional() })
      .optional(),
  })
  .refine((input) => (input.prompt === undefined) !== (input.messages === undefined), {
    message: "oneOf at '/' not met: required properties at '/' are 'prompt', or 'messages'",
  });

export type ChatInput = z.infer<typeof chatInput>;

/** Workers AI's default for a text generation that names no limit. */
const DEFAULT_MAX_TOKENS = 256;

export function chatCompletionRequest(model: string, input: ChatInput): Record<string, unknown> {
  const { prompt, messages, response_format: format, tools, ...rest } = input;
  return {
    ...rest,
    model,
    messages: messages ?? [{ role: 'user', content: prompt }],
    max_tokens: rest.max_tokens ?? DEFAULT_MAX_TOKENS,
    ...(tools === undefined || tools.length === 0 ? {} : { tools: tools.map(asFunctionTool) }),
    ...(format === undefined ? {} : { response_format: openAiFormat(format) }),
    ...(input.stream === true ? { stream_options: { include_usage: true } } : {}),
  };
}

/** Workers AI takes a bare JSON Schema where OpenAI wants it in an envelope. */
const openAiFormat = (format: NonNullable<ChatInput['response_format']>) =>
  format.json_schema === undefined
    ? { type: 'json_object' }
    : { type: 'json_schema', json_schema: { name: 'answer', schema: format.json_schema } };

/** Workers AI's older tools are the bare function. */
const asFunctionTool = (tool: unknown): unknown =>
  typeof tool === 'object' && tool !== null && 'name' in tool ? { type: 'function', function: tool } : tool;

const usage = z.object({
  prompt_tokens: z.number(),
  completion_tokens: z.number(),
  total_tokens: z.number(),
});

const completion = z.object({
  choices: z.tuple([
    z.object({
      message: z.object({
        content: z.string().nullable(),
        tool_calls: z
          .array(
            z.object({
              id: z.string(),
              type: z.literal('function'),
              function: z.object({ name: z.string(), arguments: z.string() }),
            }),
          )
          .optional(),
      }),
      finish_reason: z.string(),
    }),
  ]),
  usage,
});

/** `{ response, tool_calls?, finish_reason, usage }`; in JSON mode `response` is the parsed value. */
export function chatOutput(body: unknown, input: ChatInput): Record<string, unknown> {
  const { choices, usage: used } = completion.parse(body);
  const { message, finish_reason } = choices[0];
  const text = message.content ?? '';
  return {
    response: input.response_format === undefined ? text : parsedOrRefused(text),
    ...(message.tool_calls === undefined ? {} : { tool_calls: message.tool_calls }),
    finish_reason,
    usage: used,
  };
}

function parsedOrRefused(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw jsonModeNotMet();
  }
}

const chunk = z.object({
  choices: z.array(
    z.object({
      delta: z.object({
        content: z.string().nullish(),
        tool_calls: z.array(z.unknown()).optional(),
      }),
      finish_reason: z.string().nullish(),
    }),
  ),
  usage: usage.nullish(),
});

/** OpenAI's event stream as Workers AI's: `data: {"response":"…"}` … `data: [DONE]`, bytes so that it passes RPC. */
export function chatEvents(body: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  return body
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream())
    .pipeThrough(
      new TransformStream<{ readonly data: string }, string>({
        transform({ data }, controller) {
          if (data === '[DONE]') controller.enqueue('data: [DONE]\n\n');
          else controller.enqueue(`data: ${JSON.stringify(nativeChunk(JSON.parse(data)))}\n\n`);
        },
      }),
    )
    .pipeThrough(new TextEncoderStream());
}

function nativeChunk(body: unknown): Record<string, unknown> {
  const { choices, usage: used } = chunk.parse(body);
  const choice = choices[0];
  return {
    response: choice?.delta.content ?? '',
    ...(choice?.delta.tool_calls === undefined ? {} : { tool_calls: choice.delta.tool_calls }),
    ...(choice?.finish_reason == null ? {} : { finish_reason: choice.finish_reason }),
    ...(used == null ? {} : { usage: used }),
  };
}
