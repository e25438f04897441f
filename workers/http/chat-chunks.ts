import type { AnswerEvent } from '../../core/answer/request.ts';
import { Failure } from '../../core/failure.ts';
import { openAiError } from './errors.ts';
import type { ServerEvent } from './event-stream.ts';
import { shownCitation } from './response-events.ts';

type Json = Readonly<Record<string, unknown>>;

export interface ChunkFrame {
  /** Fields that all chunks of an answer share: `id`, `created`, `model`. */
  readonly base: Json;
  /** OpenAI's `usage` with `cost_usd`, in a last chunk of its own; null when the caller did not ask for it. */
  readonly usage: (() => Json) | null;
  /** What a caller may read of a bug. */
  readonly internalMessage: string;
}

/** An answer as OpenAI's chat completion chunks, `[DONE]` the last; an error is said in a chunk and then thrown. */
export async function* chatChunks(
  answer: AsyncIterable<AnswerEvent>,
  { base, usage, internalMessage }: ChunkFrame,
): AsyncGenerator<ServerEvent> {
  const chunk = (fields: Json): ServerEvent => ({
    event: null,
    data: JSON.stringify({
      ...base,
      object: 'chat.completion.chunk',
      ...(usage === null ? {} : { usage: null }),
      ...fields,
    }),
  });
  const choice = (delta: Json, finish_reason: string | null = null): ServerEvent =>
    chunk({ choices: [{ index: 0, delta, logprobs: null, finish_reason }] });
  let calls = 0;
  yield choice({ role: 'assistant', content: '' });
  try {
    for await (const event of answer) {
      if (event.type === 'text') yield { ...choice({ content: event.delta }), starts: true };
      if (event.type === 'refusal') yield { ...choice({ refusal: event.delta }), starts: true };
      if (event.type === 'reasoning') yield choice({ reasoning_content: event.delta });
      if (event.type === 'citation') yield choice({ annotations: [shownCitation(event.citation)] });
      if (event.type === 'tool-call') {
        const called = { index: calls, ...shownToolCall(event) };
        calls += 1;
        yield { ...choice({ tool_calls: [called] }), starts: true };
      }
      if (event.type === 'finished') yield choice({}, finishReason(event.reason));
    }
  } catch (error) {
    const said =
      error instanceof Failure
        ? openAiError(error)
        : { message: internalMessage, type: 'api_error', param: null, code: 'internal_error' };
    yield { event: null, data: JSON.stringify({ error: said }) };
    throw error;
  }
  if (usage !== null) yield chunk({ choices: [], usage: usage() });
  yield { event: null, data: '[DONE]' };
}

export const shownToolCall = (call: Extract<AnswerEvent, { type: 'tool-call' }>) => ({
  id: call.id,
  type: 'function',
  function: { name: call.name, arguments: call.arguments },
});

export const finishReason = (reason: Extract<AnswerEvent, { type: 'finished' }>['reason']): string =>
  reason.replace('-', '_');
