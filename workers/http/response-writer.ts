import type {
  FileCitation,
  FileSearchResult,
  OutputItem,
  OutputText,
  Response,
  ResponseBase,
  ResponseStatus,
  ResponseUsage,
} from '../../contract/response.ts';
import type { ResponseStreamEvent } from '../../contract/response-events.ts';
import type { AnswerEvent, Citation } from '../../core/answer/request.ts';
import { Failure } from '../../core/failure.ts';
import type { Hit } from '../../core/retrieve/query.ts';
import { openAiError } from './errors.ts';
import type { ServerEvent } from './event-stream.ts';
import { serializeCitation } from './file-citation.ts';
import { itemId } from './response-item-id.ts';

type ToolCall = Extract<AnswerEvent, { type: 'tool-call' }>;

/** What the model said in its turn. */
export interface ModelTurn {
  readonly text: string;
  readonly calls: readonly ToolCall[];
}

export interface ResponseFrame {
  /** Fields of the response object that the request fixes. */
  readonly base: ResponseBase;
  readonly includeResults: boolean;
  readonly usage: () => ResponseUsage;
  /** Unix time in seconds. */
  readonly now: () => number;
  /** Runs before the last event leaves, so that a next turn finds this one. */
  readonly finished: (response: Response, turn: ModelTurn) => Promise<void>;
  /** What a caller may read of a bug. */
  readonly internalMessage: string;
}

export type ResponseServerEvent = ServerEvent & { readonly response?: Response };

/** Events without their number. `Omit` over a union keeps it a union only when it is spread. */
type Unnumbered<Event = ResponseStreamEvent> = Event extends unknown ? Omit<Event, 'sequence_number'> : never;

type OpenItem =
  | {
      readonly kind: 'message';
      readonly id: string;
      readonly part: OutputText | { type: 'refusal'; refusal: string };
    }
  | { readonly kind: 'reasoning'; readonly id: string; text: string };

/** Writes one response: the items that are open, and the events that say so. Numbers them from 0. */
export class ResponseWriter implements ModelTurn {
  readonly #frame: ResponseFrame;
  readonly #output: OutputItem[] = [];
  #sequence = 0;
  #search: { readonly id: string; readonly query: string } | null = null;
  #open: OpenItem | null = null;
  #incomplete: Response['incomplete_details'] = null;
  #error: Response['error'] = null;
  readonly calls: ToolCall[] = [];
  text = '';
  status: ResponseStatus = 'in_progress';

  constructor(frame: ResponseFrame) {
    this.#frame = frame;
  }

  response(status: ResponseStatus): Response {
    const ended = status !== 'in_progress';
    return {
      ...this.#frame.base,
      status,
      completed_at: status === 'completed' ? this.#frame.now() : null,
      error: this.#error,
      incomplete_details: this.#incomplete,
      output: [...this.#output],
      usage: ended ? this.#frame.usage() : null,
    };
  }

  state(
    type: 'response.created' | 'response.in_progress' | `response.${'completed' | 'incomplete' | 'failed'}`,
    status: ResponseStatus,
  ): ServerEvent & { readonly response: Response } {
    const response = this.response(status);
    return { ...this.#event({ type, response }), response };
  }

  last(): ResponseServerEvent {
    const status = this.status === 'in_progress' ? 'completed' : this.status;
    return this.state(`response.${status}`, status);
  }

  failed(error: unknown): ResponseServerEvent {
    const { message, code } =
      error instanceof Failure
        ? openAiError(error)
        : { message: this.#frame.internalMessage, code: 'server_error' };
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
        yield* this.#text(event.delta);
        return;
      case 'refusal':
        yield* this.#refusal(event.delta);
        return;
      case 'reasoning':
        yield* this.#reasoning(event.delta);
        return;
      case 'citation':
        yield* this.#annotation(event.citation);
        return;
      case 'tool-call':
        yield* this.#toolCall(event);
        return;
      case 'finished': {
        const cut = event.reason === 'length' || event.reason === 'content-filter';
        this.status = cut ? 'incomplete' : 'completed';
        yield* this.closeItem(this.status);
        if (!cut) return;
        this.#incomplete = { reason: event.reason === 'length' ? 'max_output_tokens' : 'content_filter' };
      }
    }
  }

  *#searching(query: string): Generator<ServerEvent> {
    const id = this.#newId('fs');
    this.#search = { id, query };
    const place = { output_index: this.#output.length, item_id: id };
    yield this.#event({
      type: 'response.output_item.added',
      output_index: place.output_index,
      item: { id, type: 'file_search_call', status: 'in_progress', queries: [], results: null },
    });
    yield this.#event({ type: 'response.file_search_call.in_progress', ...place });
    yield this.#event({ type: 'response.file_search_call.searching', ...place });
  }

  *#found(hits: readonly Hit[]): Generator<ServerEvent> {
    if (this.#search === null) throw new Error('A search ended that had not begun.');
    const { id, query } = this.#search;
    this.#search = null;
    const output_index = this.#output.length;
    yield this.#event({ type: 'response.file_search_call.completed', output_index, item_id: id });
    yield this.#done({
      id,
      type: 'file_search_call',
      status: 'completed',
      queries: [query],
      results: this.#frame.includeResults ? hits.map(serializeHit) : null,
    });
  }

  *#text(delta: string): Generator<ServerEvent> {
    const before = this.#open;
    const part = yield* this.#part('output_text');
    if (part.type !== 'output_text') return;
    part.text += delta;
    this.text += delta;
    yield {
      ...this.#event({ type: 'response.output_text.delta', ...this.#place(), delta, logprobs: [] }),
      starts: before !== this.#open,
    };
  }

  *#refusal(delta: string): Generator<ServerEvent> {
    const before = this.#open;
    const part = yield* this.#part('refusal');
    if (part.type !== 'refusal') return;
    part.refusal += delta;
    this.text += delta;
    yield {
      ...this.#event({ type: 'response.refusal.delta', ...this.#place(), delta }),
      starts: before !== this.#open,
    };
  }

  /** The part of the message that is being written; a new message where another kind of thing came before. */
  *#part(type: 'output_text' | 'refusal'): Generator<ServerEvent, (OpenItem & { kind: 'message' })['part']> {
    if (this.#open?.kind === 'message' && this.#open.part.type === type) return this.#open.part;
    yield* this.closeItem('completed');
    const id = this.#newId('msg');
    const part =
      type === 'refusal'
        ? { type, refusal: '' }
        : { type, text: '', annotations: [] as FileCitation[], logprobs: [] };
    this.#open = { kind: 'message', id, part };
    yield this.#event({
      type: 'response.output_item.added',
      output_index: this.#output.length,
      item: { id, type: 'message', status: 'in_progress', role: 'assistant', content: [] },
    });
    yield this.#event({ type: 'response.content_part.added', ...this.#place(), part });
    return part;
  }

  *#reasoning(delta: string): Generator<ServerEvent> {
    if (this.#open?.kind !== 'reasoning') {
      yield* this.closeItem('completed');
      const id = this.#newId('rs');
      this.#open = { kind: 'reasoning', id, text: '' };
      yield this.#event({
        type: 'response.output_item.added',
        output_index: this.#output.length,
        item: { id, type: 'reasoning', status: 'in_progress', summary: [], content: [] },
      });
      yield this.#event({
        type: 'response.content_part.added',
        ...this.#place(),
        part: { type: 'reasoning_text', text: '' },
      });
    }
    this.#open.text += delta;
    yield {
      ...this.#event({ type: 'response.reasoning_text.delta', ...this.#place(), delta }),
      starts: true,
    };
  }

  *#annotation(citation: Citation): Generator<ServerEvent> {
    if (this.#open?.kind !== 'message' || this.#open.part.type !== 'output_text') return;
    const { annotations } = this.#open.part;
    const annotation = serializeCitation(citation);
    annotations.push(annotation);
    yield this.#event({
      type: 'response.output_text.annotation.added',
      ...this.#place(),
      annotation_index: annotations.length - 1,
      annotation,
    });
  }

  /** Ends the item that is being written, if there is one. */
  *closeItem(status: ResponseStatus): Generator<ServerEvent> {
    const [open, search] = [this.#open, this.#search];
    if (search !== null) {
      this.#search = null;
      const { id, query } = search;
      yield this.#done({
        id,
        type: 'file_search_call',
        status: 'incomplete',
        queries: [query],
        results: null,
      });
    }
    if (open === null) return;
    const place = this.#place();
    const ended = status === 'incomplete' ? 'incomplete' : 'completed';
    if (open.kind === 'reasoning') {
      const part = { type: 'reasoning_text' as const, text: open.text };
      yield this.#event({ type: 'response.reasoning_text.done', ...place, text: open.text });
      yield this.#event({ type: 'response.content_part.done', ...place, part });
      yield this.#done({ id: open.id, type: 'reasoning', status: ended, summary: [], content: [part] });
    } else {
      const { part } = open;
      yield part.type === 'refusal'
        ? this.#event({ type: 'response.refusal.done', ...place, refusal: part.refusal })
        : this.#event({ type: 'response.output_text.done', ...place, text: part.text, logprobs: [] });
      yield this.#event({ type: 'response.content_part.done', ...place, part });
      yield this.#done({ id: open.id, type: 'message', status: ended, role: 'assistant', content: [part] });
    }
    this.#open = null;
  }

  *#toolCall(call: ToolCall): Generator<ServerEvent> {
    this.calls.push(call);
    yield* this.closeItem('completed');
    const id = this.#newId('fc');
    const place = { output_index: this.#output.length, item_id: id };
    const item = { id, type: 'function_call' as const, call_id: call.id, name: call.name };
    yield {
      ...this.#event({
        type: 'response.output_item.added',
        output_index: place.output_index,
        item: { ...item, arguments: '', status: 'in_progress' },
      }),
      starts: true,
    };
    yield this.#event({ type: 'response.function_call_arguments.delta', ...place, delta: call.arguments });
    yield this.#event({
      type: 'response.function_call_arguments.done',
      ...place,
      name: call.name,
      arguments: call.arguments,
    });
    yield this.#done({ ...item, arguments: call.arguments, status: 'completed' });
  }

  #done(item: OutputItem): ServerEvent {
    const output_index = this.#output.length;
    this.#output.push(item);
    return this.#event({ type: 'response.output_item.done', output_index, item });
  }

  #place(): { readonly item_id: string; readonly output_index: number; readonly content_index: number } {
    return { item_id: this.#open?.id ?? '', output_index: this.#output.length, content_index: 0 };
  }

  #newId(prefix: string): string {
    return itemId(prefix, this.#frame.base.id, this.#output.length);
  }

  #event(event: Unnumbered): ServerEvent {
    const { type, ...fields } = event;
    const sequence_number = this.#sequence;
    this.#sequence += 1;
    return { event: type, data: JSON.stringify({ type, sequence_number, ...fields }) };
  }
}

const serializeHit = ({ passage, score }: Hit): FileSearchResult => ({
  file_id: passage.fileId,
  filename: passage.filename,
  score,
  text: passage.text,
  attributes: { ...passage.attributes },
});
