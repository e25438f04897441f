import type {
  ChatCompletionChunk,
  ChatDelta,
  ChatFinishReason,
  ChatToolCall,
  ChatUsage,
  UrlCitation,
} from '../../contract/chat-completions.ts';
import type { AnswerEvent, Citation } from '../../core/answer/request.ts';
import { Failure } from '../../core/failure.ts';
import { openAiError } from './errors.ts';
import type { ServerEvent } from './event-stream.ts';
import { serializeCitation } from './file-citation.ts';

export interface ChunkFrame {
  /** Fields that all chunks of an answer share. */
  readonly base: Pick<ChatCompletionChunk, 'id' | 'created' | 'model'>;
  /** OpenAI's `usage` with `cost_usd`, in a last chunk of its own; null when the caller did not ask for it. */
  readonly usage: (() => ChatUsage) | null;
  /** Scheme and host under which the caller reached us, for the links of citations. */
  readonly origin: string;
  /** What a caller may read of a bug. */
  readonly internalMessage: string;
}

/** An answer as OpenAI's chat completion chunks, `[DONE]` the last; an error is said in a chunk and then thrown. */
export async function* chatChunks(
  answer: AsyncIterable<AnswerEvent>,
  { base, usage, origin, internalMessage }: ChunkFrame,
): AsyncGenerator<ServerEvent> {
  const chunk = (fields: Pick<ChatCompletionChunk, 'choices' | 'usage'>): ServerEvent => {
    const whole: ChatCompletionChunk = {
      ...base,
      object: 'chat.completion.chunk',
      ...(usage === null ? {} : { usage: null }),
      ...fields,
    };
    return { event: null, data: JSON.stringify(whole) };
  };
  const choice = (delta: ChatDelta, finish_reason: ChatFinishReason | null = null): ServerEvent =>
    chunk({ choices: [{ index: 0, delta, logprobs: null, finish_reason }] });
  let calls = 0;
  let citations = 0;
  yield choice({ role: 'assistant', content: '' });
  try {
    for await (const event of answer) {
      switch (event.type) {
        case 'text':
          yield { ...choice({ content: event.delta }), starts: true };
          break;
        case 'refusal':
          yield { ...choice({ refusal: event.delta }), starts: true };
          break;
        case 'reasoning':
          yield { ...choice({ reasoning_content: event.delta }), starts: true };
          break;
        case 'citation': {
          citations += 1;
          const annotations = [serializeUrlCitation(event.citation, citations, origin)];
          yield choice({ annotations, citations: [serializeCitation(event.citation)] });
          break;
        }
        case 'tool-call':
          yield { ...choice({ tool_calls: [{ index: calls, ...serializeToolCall(event) }] }), starts: true };
          calls += 1;
          break;
        case 'finished':
          yield choice({}, finishReason(event.reason));
      }
    }
  } catch (error) {
    const shown =
      error instanceof Failure
        ? openAiError(error)
        : { message: internalMessage, type: 'api_error', param: null, code: 'internal_error' };
    yield { event: null, data: JSON.stringify({ error: shown }) };
    throw error;
  }
  if (usage !== null) yield chunk({ choices: [], usage: usage() });
  yield { event: null, data: '[DONE]' };
}

export const serializeToolCall = (call: Extract<AnswerEvent, { type: 'tool-call' }>): ChatToolCall => ({
  id: call.id,
  type: 'function',
  function: { name: call.name, arguments: call.arguments },
});

/**
 * The one annotation that OpenAI's chat completions have (decision 090): the marker's place in the text, and the file
 * as the thing cited. The quote itself stands in `citations`, in the same order.
 */
export const serializeUrlCitation = (
  { index, fileId, filename }: Citation,
  number: number,
  origin: string,
): UrlCitation => ({
  type: 'url_citation',
  url_citation: {
    start_index: index,
    end_index: index + `[${number}]`.length,
    url: `${origin}/v1/files/${fileId}/content`,
    title: filename,
  },
});

const finishReasons = {
  stop: 'stop',
  length: 'length',
  'content-filter': 'content_filter',
  'tool-calls': 'tool_calls',
} as const;

export const finishReason = (
  reason: Extract<AnswerEvent, { type: 'finished' }>['reason'],
): ChatFinishReason => finishReasons[reason];
