import { EventSourceParserStream } from 'eventsource-parser/stream';
import { Feedback } from '../../contract/feedback.ts';
import {
  Response as ApiResponse,
  type FileCitation,
  type FileSearchResult,
} from '../../contract/response.ts';
import { ResponseStreamEvent } from '../../contract/response-events.ts';
import { read, ServiceError, send, write } from './connection.ts';

/** Questions and their streamed answers, over the Responses API. */
export type Citation = FileCitation;

/** A passage that the search brought up, cited or not. */
export type Candidate = FileSearchResult;

export interface Answer {
  readonly responseId: string;
  readonly status: string;
  readonly text: string;
  readonly citations: readonly Citation[];
  readonly candidates: readonly Candidate[];
  readonly model: string | null;
  readonly tokens: { readonly input: number; readonly output: number } | null;
  /** US dollars. */
  readonly cost: number | null;
  readonly problem: string | null;
}

function answerOf(found: ApiResponse): Answer {
  const parts = found.output
    .flatMap((item) => (item.type === 'message' ? item.content : []))
    .flatMap((part) => (part.type === 'output_text' ? [part] : []));
  return {
    responseId: found.id,
    status: found.status,
    text: parts.map((part) => part.text).join(''),
    citations: parts.flatMap((part) => part.annotations),
    candidates: found.output.flatMap(candidatesOf),
    model: found.model,
    tokens:
      found.usage === null ? null : { input: found.usage.input_tokens, output: found.usage.output_tokens },
    cost: found.usage?.cost_usd ?? null,
    problem: found.error?.message ?? found.incomplete_details?.reason ?? null,
  };
}

const candidatesOf = (item: ApiResponse['output'][number]): readonly Candidate[] =>
  item.type === 'file_search_call' ? (item.results ?? []) : [];

export type AnswerEvent =
  | {
      readonly kind: 'opened';
      readonly requestId: string | null;
      readonly traceId: string | null;
      readonly promptVersion: string | null;
    }
  | { readonly kind: 'named'; readonly responseId: string }
  | { readonly kind: 'found'; readonly candidates: readonly Candidate[] }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'cited'; readonly citation: Citation }
  | { readonly kind: 'ended'; readonly answer: Answer };

export interface Question {
  readonly text: string;
  readonly collection: string | null;
  readonly previous: string | null;
}

/** Ends with `ended`, or throws a `ServiceError`; so does a stream that breaks off before its end. */
export async function* ask(question: Question, signal: AbortSignal): AsyncGenerator<AnswerEvent> {
  const search = { type: 'file_search', vector_store_ids: [question.collection] };
  const answered = await send('/v1/responses', {
    method: 'POST',
    signal,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      input: question.text,
      stream: true,
      ...(question.collection === null ? {} : { tools: [search], include: ['file_search_call.results'] }),
      ...(question.previous === null ? {} : { previous_response_id: question.previous }),
    }),
  });
  const requestId = answered.headers.get('x-request-id');
  yield {
    kind: 'opened',
    requestId,
    traceId: answered.headers.get('x-selvedge-trace-id'),
    promptVersion: answered.headers.get('x-selvedge-prompt'),
  };
  if (answered.body === null) throw new ServiceError('The answer came without a body.', 200, requestId);
  const events = answered.body
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream());
  for await (const { data } of events) {
    if (data === '[DONE]') break;
    const parsed = ResponseStreamEvent.safeParse(JSON.parse(data));
    if (!parsed.success) continue; // Events that the page has no use for; the contract may grow more of them.
    const event = parsed.data;
    switch (event.type) {
      case 'response.created':
        yield { kind: 'named', responseId: event.response.id };
        break;
      case 'response.output_item.done':
        if (event.item.type === 'file_search_call')
          yield { kind: 'found', candidates: candidatesOf(event.item) };
        break;
      case 'response.output_text.delta':
        yield { kind: 'text', text: event.delta };
        break;
      case 'response.output_text.annotation.added':
        yield { kind: 'cited', citation: event.annotation };
        break;
      case 'response.completed':
      case 'response.incomplete':
      case 'response.failed':
        yield { kind: 'ended', answer: answerOf(event.response) };
        return;
    }
  }
  throw new ServiceError('The answer broke off before its end.', 200, requestId);
}

/** A stored answer, for a link to it. */
export async function readAnswer(responseId: string): Promise<Answer> {
  return answerOf(await read(`/v1/responses/${encodeURIComponent(responseId)}`, ApiResponse));
}

export const rate = (responseId: string, score: 1 | -1) =>
  write('POST', '/api/feedback', { response_id: responseId, score }, Feedback);
