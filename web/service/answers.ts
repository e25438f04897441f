import { EventSourceParserStream } from 'eventsource-parser/stream';
import * as z from 'zod/mini';
import { read, send, Trouble, write } from './connection.ts';

/** Questions and their streamed answers, over the Responses API. */
const citation = z.object({
  type: z.literal('file_citation'),
  file_id: z.string(),
  filename: z.string(),
  /** Where in the answer's text the citation stands, in UTF-16 code units. */
  index: z.number(),
  quote: z.optional(z.string()),
  page: z.nullish(z.number()),
  start: z.optional(z.number()),
  end: z.optional(z.number()),
});

export type Citation = z.output<typeof citation>;

const candidate = z.object({
  file_id: z.string(),
  filename: z.string(),
  score: z.number(),
  text: z.string(),
});

/** A passage that the search brought up, cited or not. */
export type Candidate = z.output<typeof candidate>;

const usage = z.object({
  input_tokens: z.number(),
  output_tokens: z.number(),
  cost_usd: z.optional(z.union([z.number(), z.string()])),
});

const textPart = z.object({
  type: z.literal('output_text'),
  text: z.string(),
  annotations: z.array(z.unknown()),
});

const outputItem = z.object({
  type: z.string(),
  results: z.nullish(z.array(candidate)),
  content: z.optional(z.array(z.unknown())),
});

const response = z.object({
  id: z.string(),
  status: z.string(),
  model: z.optional(z.string()),
  output: z.array(outputItem),
  usage: z.nullish(usage),
  error: z.nullish(z.object({ message: z.string() })),
  incomplete_details: z.nullish(z.object({ reason: z.string() })),
});

export interface Answer {
  readonly responseId: string;
  readonly status: string;
  readonly text: string;
  readonly citations: readonly Citation[];
  readonly candidates: readonly Candidate[];
  readonly model: string | null;
  readonly tokens: { readonly input: number; readonly output: number } | null;
  /** US dollars, as the service wrote them. */
  readonly cost: string | null;
  readonly problem: string | null;
}

function answerOf(found: z.output<typeof response>): Answer {
  const parts = found.output
    .flatMap((item) => item.content ?? [])
    .flatMap((part) => {
      const text = textPart.safeParse(part);
      return text.success ? [text.data] : [];
    });
  const cost = found.usage?.cost_usd;
  return {
    responseId: found.id,
    status: found.status,
    text: parts.map((part) => part.text).join(''),
    citations: parts.flatMap((part) => part.annotations).flatMap(asCitation),
    candidates: found.output.flatMap((item) => item.results ?? []),
    model: found.model ?? null,
    tokens:
      found.usage == null ? null : { input: found.usage.input_tokens, output: found.usage.output_tokens },
    cost: cost === undefined ? null : String(cost),
    problem: found.error?.message ?? found.incomplete_details?.reason ?? null,
  };
}

function asCitation(annotation: unknown): readonly Citation[] {
  const parsed = citation.safeParse(annotation);
  return parsed.success ? [parsed.data] : [];
}

const streamed = z.discriminatedUnion('type', [
  z.object({ type: z.literal('response.created'), response: z.object({ id: z.string() }) }),
  z.object({ type: z.literal('response.output_item.done'), item: outputItem }),
  z.object({ type: z.literal('response.output_text.delta'), delta: z.string() }),
  z.object({ type: z.literal('response.output_text.annotation.added'), annotation: z.unknown() }),
  z.object({ type: z.literal('response.completed'), response }),
  z.object({ type: z.literal('response.incomplete'), response }),
  z.object({ type: z.literal('response.failed'), response }),
  z.object({ type: z.literal('response.cancelled'), response }),
  z.object({ type: z.literal('error'), message: z.string() }),
]);

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

/** Ends with `ended`, or throws a `Trouble`; a stream that breaks off before its end is trouble too. */
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
  if (answered.body === null) throw new Trouble('The answer came without a body.', 200, requestId);
  const events = answered.body
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream());
  for await (const { data } of events) {
    if (data === '[DONE]') break;
    const parsed = streamed.safeParse(JSON.parse(data));
    if (!parsed.success) continue; // Events that the page has no use for; the contract may grow more of them.
    const event = parsed.data;
    switch (event.type) {
      case 'response.created':
        yield { kind: 'named', responseId: event.response.id };
        break;
      case 'response.output_item.done':
        if (event.item.results != null) yield { kind: 'found', candidates: event.item.results };
        break;
      case 'response.output_text.delta':
        yield { kind: 'text', text: event.delta };
        break;
      case 'response.output_text.annotation.added':
        for (const added of asCitation(event.annotation)) yield { kind: 'cited', citation: added };
        break;
      case 'error':
        throw new Trouble(event.message, 200, requestId);
      default:
        yield { kind: 'ended', answer: answerOf(event.response) };
        return;
    }
  }
  throw new Trouble('The answer broke off before its end.', 200, requestId);
}

/** A stored answer, for a link to it. */
export async function readAnswer(responseId: string): Promise<Answer> {
  return answerOf(await read(`/v1/responses/${encodeURIComponent(responseId)}`, response));
}

export const rate = (responseId: string, score: 1 | -1) =>
  write('POST', '/api/feedback', { response_id: responseId, score }, z.unknown());
