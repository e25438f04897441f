import type { AnswerEvent, Citation } from '../../core/answer/request.ts';
import { Failure } from '../../core/failure.ts';
import { newId, type Random } from '../../core/identifier.ts';
import type { Hit } from '../../core/retrieve/query.ts';
import { openAiError } from './errors.ts';
import type { ServerEvent } from './event-stream.ts';

type Json = Readonly<Record<string, unknown>>;

type ToolCall = Extract<AnswerEvent, { type: 'tool-call' }>;

/** What the model said in its turn. */
export interface Said {
  readonly text: string;
  readonly calls: readonly ToolCall[];
}

export interface Translation {
  readonly random: Random;
  /** Fields of the response object that the request fixes. */
  readonly base: Json;
  readonly includeResults: boolean;
  /** What it took until now: OpenAI's `usage`, with `cost_usd`. */
  readonly usage: () => Json;
  /** Runs before the last event leaves, so that a next turn finds this one. */
  readonly finished: (response: Json, said: Said) => Promise<void>;
  /** What a caller may read of a bug. */
  readonly internalMessage: string;
}

/**
 * An answer as OpenAI's Responses events, `sequence_number` rising by one from 0. The last is
 * `response.completed`, `response.incomplete` or `response.failed`; after the last the generator throws what
 * made it fail. The response object of the last event is what a call without a stream answers.
 */
export async function* responseEvents(
  answer: AsyncIterable<AnswerEvent>,
  translation: Translation,
): AsyncGenerator<ServerEvent & { readonly response?: Json }> {
  const writer = new ResponseWriter(translation);
  yield writer.state('response.created', 'in_progress');
  yield writer.state('response.in_progress', 'in_progress');
  let failure: unknown = null;
  try {
    for await (const event of answer) yield* writer.translate(event);
    if (writer.status !== 'failed') await translation.finished(writer.response(writer.status), writer);
  } catch (error) {
    failure = error;
  }
  if (failure !== null) {
    yield writer.failed(failure);
    throw failure;
  }
  yield writer.state(`response.${writer.status}`, writer.status);
}

class ResponseWriter implements Said {
  readonly #translation: Translation;
  readonly #output: Json[] = [];
  #sequence = 0;
  #search: { readonly id: string; readonly query: string } | null = null;
  #message: { readonly id: string; readonly annotations: Json[] } | null = null;
  #incomplete: Json | null = null;
  #error: Json | null = null;
  readonly calls: ToolCall[] = [];
  text = '';
  status: 'in_progress' | 'completed' | 'incomplete' | 'failed' = 'in_progress';

  constructor(translation: Translation) {
    this.#translation = translation;
  }

  response(status: string): Json {
    const ended = status !== 'in_progress';
    return {
      ...this.#translation.base,
      status,
      error: this.#error,
      incomplete_details: this.#incomplete,
      output: [...this.#output],
      usage: ended ? this.#translation.usage() : null,
    };
  }

  state(type: string, status: string): ServerEvent & { readonly response: Json } {
    const response = this.response(status);
    return { ...this.#event(type, { response }), response };
  }

  failed(error: unknown): ServerEvent & { readonly response: Json } {
    const { message, code } =
      error instanceof Failure
        ? openAiError(error)
        : { message: this.#translation.internalMessage, code: 'server_error' };
    this.#error = { code, message };
    this.status = 'failed';
    // Only this failure is an answer: the model gave one, and not as it had to.
    const starts = error instanceof Failure && error.details.reason === 'schema_not_satisfied';
    return { ...this.state('response.failed', 'failed'), starts };
  }

  *translate(event: AnswerEvent): Generator<ServerEvent> {
    switch (event.type) {
      case 'searching':
        yield* this.#searching(event.query);
        return;
      case 'found':
        yield* this.#found(event.hits);
        return;
      case 'text':
      case 'refusal':
        yield* this.#delta(event.delta);
        return;
      case 'citation':
        yield this.#annotation(event.citation);
        return;
      case 'tool-call':
        yield* this.#toolCall(event);
        return;
      case 'finished':
        this.status =
          event.reason === 'length' || event.reason === 'content-filter' ? 'incomplete' : 'completed';
        yield* this.#closeMessage(this.status);
        if (this.status === 'incomplete') {
          const reason = event.reason === 'length' ? 'max_output_tokens' : 'content_filter';
          this.#incomplete = { reason };
        }
    }
  }

  *#searching(query: string): Generator<ServerEvent> {
    const id = newId('fs', this.#translation.random);
    this.#search = { id, query };
    const place = { output_index: this.#output.length, item_id: id };
    const item = { id, type: 'file_search_call', status: 'in_progress', queries: [], results: null };
    yield this.#event('response.output_item.added', { output_index: place.output_index, item });
    yield this.#event('response.file_search_call.in_progress', place);
    yield this.#event('response.file_search_call.searching', place);
  }

  *#found(hits: readonly Hit[]): Generator<ServerEvent> {
    if (this.#search === null) throw new Error('A search ended that had not begun.');
    const { id, query } = this.#search;
    const output_index = this.#output.length;
    const item = {
      id,
      type: 'file_search_call',
      status: 'completed',
      queries: [query],
      results: this.#translation.includeResults ? hits.map(shownResult) : null,
    };
    yield this.#event('response.file_search_call.completed', { output_index, item_id: id });
    yield this.#event('response.output_item.done', { output_index, item });
    this.#output.push(item);
  }

  *#delta(delta: string): Generator<ServerEvent> {
    const message = this.#message;
    if (message === null) yield* this.#openMessage();
    this.text += delta;
    yield {
      ...this.#event('response.output_text.delta', { ...this.#place(), delta, logprobs: [] }),
      starts: message === null,
    };
  }

  *#openMessage(): Generator<ServerEvent> {
    const id = newId('msg', this.#translation.random);
    this.#message = { id, annotations: [] };
    const item = { id, type: 'message', status: 'in_progress', role: 'assistant', content: [] };
    const part = { type: 'output_text', text: '', annotations: [], logprobs: [] };
    yield this.#event('response.output_item.added', { output_index: this.#output.length, item });
    yield this.#event('response.content_part.added', { ...this.#place(), part });
  }

  #annotation(citation: Citation): ServerEvent {
    const annotations = this.#message?.annotations ?? [];
    const annotation = shownCitation(citation);
    annotations.push(annotation);
    return this.#event('response.output_text.annotation.added', {
      ...this.#place(),
      annotation_index: annotations.length - 1,
      annotation,
    });
  }

  *#closeMessage(status: string): Generator<ServerEvent> {
    if (this.#message === null) return;
    const { id, annotations } = this.#message;
    const place = this.#place();
    const part = { type: 'output_text', text: this.text, annotations, logprobs: [] };
    const item = { id, type: 'message', status, role: 'assistant', content: [part] };
    yield this.#event('response.output_text.done', { ...place, text: this.text, logprobs: [] });
    yield this.#event('response.content_part.done', { ...place, part });
    yield this.#event('response.output_item.done', { output_index: place.output_index, item });
    this.#output.push(item);
    this.#message = null;
  }

  *#toolCall(call: ToolCall): Generator<ServerEvent> {
    this.calls.push(call);
    yield* this.#closeMessage('completed');
    const id = newId('fc', this.#translation.random);
    const place = { output_index: this.#output.length, item_id: id };
    const item = { id, type: 'function_call', call_id: call.id, name: call.name, arguments: call.arguments };
    yield {
      ...this.#event('response.output_item.added', {
        output_index: place.output_index,
        item: { ...item, arguments: '', status: 'in_progress' },
      }),
      starts: true,
    };
    yield this.#event('response.function_call_arguments.delta', { ...place, delta: call.arguments });
    yield this.#event('response.function_call_arguments.done', {
      ...place,
      name: call.name,
      arguments: call.arguments,
    });
    const done = { ...item, status: 'completed' };
    yield this.#event('response.output_item.done', { output_index: place.output_index, item: done });
    this.#output.push(done);
  }

  #place(): Json & { readonly output_index: number } {
    return { item_id: this.#message?.id ?? null, output_index: this.#output.length, content_index: 0 };
  }

  #event(type: string, fields: Json): ServerEvent {
    const sequence_number = this.#sequence;
    this.#sequence += 1;
    return { event: type, data: JSON.stringify({ type, sequence_number, ...fields }) };
  }
}

const shownResult = ({ passage, score }: Hit): Json => ({
  file_id: passage.fileId,
  filename: passage.filename,
  score,
  text: passage.text,
  attributes: passage.attributes,
});

/** OpenAI's four fields and ours: the quote, and where it stands in the parsed text. */
export const shownCitation = (citation: Citation): Json => ({
  type: 'file_citation',
  file_id: citation.fileId,
  filename: citation.filename,
  index: citation.index,
  quote: citation.quote,
  ...(citation.page === null ? {} : { page: citation.page }),
  start: citation.start,
  end: citation.end,
});
