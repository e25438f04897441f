import { Failure } from '../failure.ts';
import type { TenantId } from '../identifier.ts';
import { chat } from '../models/chat.ts';
import { answerMode, type HostedModels } from '../models/hosted-models.ts';
import type { Reranker } from '../models/ports.ts';
import { pipelineOf } from '../pipeline.ts';
import { calibrationOf, type Retrieval } from '../retrieve/retrieve.ts';
import type { Span } from '../telemetry/trace.ts';
import { callOf } from './call.ts';
import { evidenceOf } from './evidence.ts';
import { findEvidence } from './find-evidence.ts';
import { fitToContext, openingMessages, withPassages } from './messages.ts';
import { type Phrases, type PhraseTable, phrasesFor } from './phrases.ts';
import { questionIn, toolOutputs } from './question.ts';
import { chooseQuotes, writeQuotes } from './quote.ts';
import type { AnswerEvent, AnswerRequest, Citation, PlainRequest } from './request.ts';
import { type WritingDependencies, writeAnswer } from './write-answer.ts';
import { writeStructured } from './write-structured.ts';

export interface AnswerDependencies extends Retrieval, WritingDependencies {
  readonly reranker: Reranker;
  readonly hostedModels: HostedModels;
  /** Our own words, by language; without them those of `core/answer/phrases.ts`. */
  readonly phrases?: PhraseTable;
}

const noTokens = { input: 0, output: 0 };

/**
 * Answers a request as a stream of events, `finished` the last. With documents: retrieve, weigh, then decline,
 * quote or write; a citation follows the text that it belongs to, and only after its quote has been found in
 * the passage. Without documents: the model's own words.
 *
 *  ANS-5 Beside tools of the caller's, documents are searched first; then the model decides whether it calls one. Where the
 *     documents hold nothing it is still asked, for a tool may. A model that quotes calls none, and says so.
 * @throws Failure `invalid_request` for a conversation without a question, `unprocessable` where the model
 * cannot keep a schema, `upstream_*` when a model fails and quoting cannot help.
 */
export async function* answer(
  deps: AnswerDependencies,
  tenantId: TenantId,
  request: AnswerRequest,
  span: Span,
): AsyncGenerator<AnswerEvent> {
  for await (const event of answerEvents(deps, tenantId, request, span)) {
    if (event.type === 'text' || event.type === 'tool-call') span.firstToken();
    yield event;
  }
}

/** The whole answer, for a caller that does not stream. */
export async function wholeAnswer(
  events: AsyncIterable<AnswerEvent>,
): Promise<{ readonly text: string; readonly citations: readonly Citation[] }> {
  let text = '';
  const citations: Citation[] = [];
  for await (const event of events) {
    if (event.type === 'text') text += event.delta;
    if (event.type === 'citation') citations.push(event.citation);
  }
  return { text, citations };
}

async function* answerEvents(
  deps: AnswerDependencies,
  tenantId: TenantId,
  request: AnswerRequest,
  span: Span,
): AsyncGenerator<AnswerEvent> {
  const pipeline = await pipelineOf(deps, request.model);
  span.answeredThrough(pipeline.fingerprint);
  if (request.documents === null) return yield* writePlain(deps, request, span);
  const text = questionIn(request.messages);
  const phrases = phrasesFor(text, deps.phrases);
  const mode =
    request.prompt.answer === 'auto' ? await answerMode(deps, request.model) : request.prompt.answer;
  if (request.json !== null && (mode === 'quote' || !request.model.capabilities.jsonSchema)) {
    throw cannotKeepSchema(request.model.name);
  }
  if (mode === 'quote') {
    if (request.tools.length > 0) throw cannotCallTools(request.model.name);
    const unheard = (['temperature', 'topP', 'seed'] as const).filter((field) => request[field] !== null);
    const fields = request.stop.length === 0 ? unheard : [...unheard, 'stop' as const];
    if (fields.length > 0) yield { type: 'ignored', fields };
  } else refuseTools(request);

  const { thresholds } = calibrationOf(deps).calibration;
  span.set({ 'selvedge.calibration': pipeline.calibration });

  yield { type: 'searching', query: text };
  const { query, hits, ranked, likely } = await findEvidence(
    deps,
    tenantId,
    request,
    text,
    thresholds[mode],
    span,
  );
  yield { type: 'found', query, hits };
  span.set({ 'selvedge.relevance': likely });
  const holds = hits.length > 0 && likely >= thresholds[mode];
  // Where the documents do not hold the answer, a tool may.
  const found = holds || request.tools.length > 0 || toolOutputs(request.messages).length > 0;
  const shown = holds ? hits : [];
  if (request.json !== null) {
    if (!found) throw new Failure('unprocessable', phrases.nothingFound, { reason: 'schema_not_satisfied' });
    const call = callOf(request, []);
    const evidence = fitToContext(
      request,
      shown.map((hit, place) => evidenceOf(hit, place + 1)),
      call.maxOutputTokens,
    );
    const messages = withPassages(request, text, evidence, deps.random);
    return yield* writeStructured(
      deps,
      request.model,
      { ...call, messages, json: request.json },
      'generate',
      span,
    );
  }
  if (mode === 'quote' ? !holds : !found) return yield* decline(phrases);
  if (mode === 'generate') {
    const written = yield* writeAnswer(deps, request, { text, phrases }, shown, span);
    if (typeof written !== 'string') return yield written;
    if (written === 'not-found') return yield* decline(phrases);
    // The model was not there, or nothing that it wrote held: then its documents speak for themselves.
    if (likely < thresholds.quote) return yield* decline(phrases);
  }
  yield* writeQuotes(chooseQuotes(query, ranked.quotables), phrases);
  yield { type: 'finished', mode: 'quote', reason: 'stop', tokens: noTokens };
}

async function* writePlain(
  deps: AnswerDependencies,
  request: PlainRequest,
  span: Span,
): AsyncGenerator<AnswerEvent> {
  if (request.json !== null && !request.model.capabilities.jsonSchema)
    throw cannotKeepSchema(request.model.name);
  refuseTools(request);
  const call = callOf(request, [...openingMessages(request), ...request.messages]);
  if (request.json !== null) {
    return yield* writeStructured(deps, request.model, { ...call, json: request.json }, 'plain', span);
  }
  for await (const event of chat(deps, request.model, call, span)) {
    yield event.type === 'finish'
      ? { type: 'finished', mode: 'plain', reason: event.reason, tokens: event.tokens }
      : event;
  }
}

function* decline({ nothingFound }: Phrases): Generator<AnswerEvent> {
  yield { type: 'text', delta: nothingFound };
  yield { type: 'finished', mode: 'abstain', reason: 'stop', tokens: noTokens };
}

function refuseTools({ model, tools }: AnswerRequest): void {
  if (tools.length === 0 || model.capabilities.tools) return;
  throw new Failure('unprocessable', `The model '${model.name}' cannot call tools.`, {
    param: 'tools',
    reason: 'tools_not_supported',
  });
}

const cannotCallTools = (model: string): Failure =>
  new Failure(
    'unprocessable',
    `The model '${model}' cannot call tools here: it answers from documents by quoting them.`,
    { param: 'tools', reason: 'tools_not_supported' },
  );

const cannotKeepSchema = (model: string): Failure =>
  new Failure('unprocessable', `The model '${model}' cannot answer in JSON of a given schema here.`, {
    param: 'json',
    reason: 'schema_not_supported',
  });
