import {
  APICallError,
  type LanguageModelV4CallOptions,
  type LanguageModelV4StreamPart,
  type LanguageModelV4ToolCall,
  type LanguageModelV4Usage,
  type SharedV4Warning,
} from '@ai-sdk/provider';
import { isTaskCancelledError, TimeoutStrategy, timeout } from 'cockatiel';
import { defined } from '../defined.ts';
import { Failure, invalid } from '../failure.ts';
import type { Span } from '../telemetry/trace.ts';
import { type ChatEntry, speaksOpenAi } from './catalogue.ts';
import { boundedUsage, longestAnswer } from './chat-bounds.ts';
import type { ChatCall, JsonAnswer } from './chat-call.ts';
import { joinTurns, namesInText, systemFirst, textOf } from './conversation.ts';
import { ownRefusal, refusalOf } from './openai-refusal.ts';
import { priceOf, type Tokens } from './prices.ts';
import { type ModelProvider, providerName } from './provider.ts';
import type { RequestField } from './request-fields.ts';
import { estimateTokens } from './tokens.ts';
import { callUpstream, upstreamFailure } from './upstream.ts';

export type { ChatCall, FunctionTool, JsonAnswer, ToolChoice } from './chat-call.ts';

export type FinishReason = 'stop' | 'length' | 'content-filter' | 'tool-calls';

export type ChatEvent =
  /** The first, if at all: settings that only tune, and that the model does not take. */
  | { readonly type: 'ignored'; readonly fields: readonly RequestField[] }
  | { readonly type: 'text'; readonly delta: string }
  /** What the model thought before it answered, where its provider shows that. */
  | { readonly type: 'reasoning'; readonly delta: string }
  /** The model declines to answer, in its own words: OpenAI's `refusal`, never part of the text. */
  | { readonly type: 'refusal'; readonly delta: string }
  | { readonly type: 'tool-call'; readonly id: string; readonly name: string; readonly arguments: string }
  | { readonly type: 'finish'; readonly reason: FinishReason; readonly tokens: Tokens };

/** Milliseconds until the first part, and between two parts. A small model on a busy laptop reads slowly. */
const PART_LIMIT = 120_000;
/** Milliseconds for the whole of a streamed answer: as long as OpenAI's clients wait by default. */
const CALL_LIMIT = 600_000;

/**
 * One call of a chat model as typed events; `finish` is the last. Tokens and cost are on the span also when the
 * model fails or the caller stops in the middle: what it wrote until then is counted, by estimate. A call that
 * was refused costs nothing.
 *
 *  MOD-7 A call ends: each part of a stream within two minutes, the whole within ten.
 *  MOD-8 `finish` says `tool-calls` whenever tools were called, whatever the upstream says, and a call's arguments are
 *     never empty: `{}` is what clients can parse.
 * @throws Failure `upstream_*`; `invalid_request` for a setting that the model does not take; `unprocessable` where
 * Workers AI could not keep to the schema.
 */
export async function* chat(
  deps: { readonly provider: ModelProvider },
  entry: ChatEntry,
  call: ChatCall,
  parent: Span,
): AsyncGenerator<ChatEvent> {
  const span = parent.child(`chat ${entry.name}`);
  const longest = longestAnswer(entry, call);
  let written = '';
  let called = false;
  let finished: Extract<ChatEvent, { type: 'finish' }> | null = null;
  let failure: unknown;
  try {
    for await (const event of events(deps, entry, call)) {
      if (event.type === 'finish') {
        const tokens = boundedUsage(event.tokens, entry, call) ?? estimated(entry, call, written);
        const reason = called && event.reason === 'stop' ? 'tool-calls' : event.reason;
        finished = { ...event, reason, tokens };
        continue;
      }
      if (event.type !== 'ignored') {
        called ||= event.type === 'tool-call';
        written += event.type === 'tool-call' ? event.arguments : event.delta;
      }
      yield event;
      if (written.length <= longest) continue;
      span.set({ 'selvedge.answer.cut': true });
      finished = { type: 'finish', reason: 'length', tokens: estimated(entry, call, written) };
      break;
    }
  } catch (error) {
    failure = upstreamFailure(entry.name, error);
    throw failure;
  } finally {
    const spent = finished?.tokens ?? (refused(failure) ? nothing : estimated(entry, call, written));
    span.use({
      model: entry.name,
      operation: 'chat',
      provider: providerName(entry.target.kind),
      inputTokens: spent.input,
      outputTokens: spent.output,
      ...(spent.cacheRead === undefined ? {} : { cacheReadTokens: spent.cacheRead }),
      ...(spent.reasoning === undefined ? {} : { reasoningTokens: spent.reasoning }),
      cost: priceOf(entry.price, spent),
    });
    span.end(failure);
  }
  // After the span has ended, so that who reads this also finds the cost.
  if (finished !== null) yield finished;
}

const nothing: Tokens = { input: 0, output: 0 };

/** Tokens of a call whose provider did not count them, or was not heard to the end. */
const estimated = (entry: ChatEntry, call: ChatCall, written: string): Tokens => {
  const tokens = { input: estimateTokens(textOf(call.messages)), output: estimateTokens(written) };
  return (
    boundedUsage(tokens, entry, call) ?? { ...tokens, output: Math.min(tokens.output, call.maxOutputTokens) }
  );
};

/** Whether the upstream would not take the call, or was not there: that costs nothing. */
const refused = (failure: unknown): boolean =>
  failure instanceof Failure &&
  APICallError.isInstance(failure.cause) &&
  (failure.cause.statusCode === undefined || failure.cause.statusCode >= 400);

async function* events(
  deps: { readonly provider: ModelProvider },
  entry: ChatEntry,
  call: ChatCall,
): AsyncGenerator<ChatEvent> {
  const model = deps.provider.chat(entry.target, call.passedOn);
  const options = optionsOf(entry, call);
  if (call.json !== undefined) {
    // Workers AI's JSON mode cannot stream, and a schema is only kept by the whole text anyway.
    const result = await callUpstream(entry.name, PART_LIMIT, async (abortSignal) =>
      model.doGenerate({ ...options, abortSignal }),
    );
    yield* ignored(entry, call, result.warnings);
    const refusal = ownRefusal(result.response?.body);
    for (const part of result.content) {
      if (part.type === 'text') {
        yield { type: part.text === refusal ? 'refusal' : 'text', delta: part.text };
      }
      if (part.type === 'reasoning' && part.text !== '') yield { type: 'reasoning', delta: part.text };
      if (part.type === 'tool-call') yield toolCall(part);
    }
    yield finish(result.finishReason.unified, result.usage);
    return;
  }
  const { stream } = await callUpstream(entry.name, PART_LIMIT, async (abortSignal) =>
    model.doStream({ ...options, abortSignal, includeRawChunks: speaksOpenAi(entry.target) }),
  );
  yield* read(stream.getReader(), entry, call);
}

async function* read(
  reader: ReadableStreamDefaultReader<LanguageModelV4StreamPart>,
  entry: ChatEntry,
  call: ChatCall,
): AsyncGenerator<ChatEvent> {
  const model = entry.name;
  const patience = timeout(PART_LIMIT, TimeoutStrategy.Aggressive);
  const late = new Failure('upstream_timeout', `The answer of the model '${model}' took too long.`);
  let over = false;
  // Cancelling ends the read that waits, and tells the provider.
  const timer = setTimeout(() => {
    over = true;
    void reader.cancel(late).catch(() => undefined);
  }, CALL_LIMIT);
  let refusal = '';
  let open = true;
  try {
    for (;;) {
      const { done, value } = await patience
        .execute(() => reader.read())
        .catch((cause: unknown) => {
          open = isTaskCancelledError(cause);
          throw over ? late : brokenOff(model, cause);
        });
      open = !done;
      if (over) throw late;
      if (done) return;
      if (value.type === 'error') throw brokenOff(model, value.error);
      if (value.type === 'stream-start') yield* ignored(entry, call, value.warnings);
      if (value.type === 'raw') {
        refusal = refusalOf(value.rawValue);
        continue;
      }
      const event = eventOf(value, refusal);
      if (event !== null) yield event;
    }
  } finally {
    clearTimeout(timer);
    // When the caller stops early, tells the provider that nothing more will be read.
    if (open) await reader.cancel();
  }
}

/** A stream that fails in the middle is a failure of the upstream, whatever its connection threw. */
const brokenOff = (model: string, cause: unknown): unknown =>
  APICallError.isInstance(cause) || isTaskCancelledError(cause)
    ? cause
    : new Failure('upstream_failed', `The answer of the model '${model}' broke off.`, { cause });

/** What a provider's adapter may leave out of a call, in the core's words. */
const settings: ReadonlyMap<string, RequestField> = new Map([
  ['temperature', 'temperature'],
  ['topP', 'topP'],
  ['stopSequences', 'stop'],
  ['seed', 'seed'],
  ['toolChoice', 'toolChoice'],
]);

/** Without them an answer means something else: which of the tools is called. */
const decisive: readonly RequestField[] = ['toolChoice'];
/** workers-ai-provider leaves these out of a call, and says nothing of it. */
const unheardByWorkersAi = ['seed', 'stop'] as const satisfies readonly RequestField[];

/**
 *  MOD-11 A setting that the model does not take and that only tunes is named to the caller; one that changes what the
 *     answer means is refused.
 */
function* ignored(
  { name, target }: ChatEntry,
  call: ChatCall,
  warnings: readonly SharedV4Warning[],
): Generator<ChatEvent> {
  const silent =
    target.kind === 'workers-ai' ? unheardByWorkersAi.filter((field) => call[field] !== undefined) : [];
  const warned = warnings.flatMap((warning) =>
    warning.type === 'unsupported' ? (settings.get(warning.feature) ?? []) : [],
  );
  const fields = [...new Set<RequestField>([...silent, ...warned])];
  const param = fields.find((field) => decisive.includes(field));
  if (param !== undefined) throw invalid(param, `The model '${name}' does not take this setting.`);
  if (fields.length > 0) yield { type: 'ignored', fields };
}

const toolCall = (part: LanguageModelV4ToolCall): ChatEvent => ({
  type: 'tool-call',
  id: part.toolCallId,
  name: part.toolName,
  arguments: part.input.trim() === '' ? '{}' : part.input,
});

function eventOf(part: LanguageModelV4StreamPart, refusal: string): ChatEvent | null {
  switch (part.type) {
    case 'text-delta':
      if (part.delta === '') return null;
      return { type: part.delta === refusal ? 'refusal' : 'text', delta: part.delta };
    case 'reasoning-delta':
      return part.delta === '' ? null : { type: 'reasoning', delta: part.delta };
    case 'tool-call':
      return toolCall(part);
    case 'finish':
      return finish(part.finishReason.unified, part.usage);
    default:
      return null;
  }
}

function optionsOf({ target }: ChatEntry, call: ChatCall): LanguageModelV4CallOptions {
  return {
    prompt: joinTurns(speaksOpenAi(target) ? call.messages : systemFirst(namesInText(call.messages))),
    ...(call.sendsLimit === false ? {} : { maxOutputTokens: call.maxOutputTokens }),
    ...defined({
      temperature: call.temperature,
      topP: call.topP,
      stopSequences: call.stop?.slice(),
      seed: call.seed,
      tools: call.tools?.slice(),
      toolChoice: call.toolChoice,
    }),
    ...(call.json === undefined ? {} : jsonFormat(call.json)),
  };
}

const jsonFormat = ({ name, schema, description, strict }: JsonAnswer) => ({
  responseFormat: {
    type: 'json' as const,
    name,
    ...(schema === null ? {} : { schema }),
    ...(description === null ? {} : { description }),
  },
  providerOptions: { openai: { strictJsonSchema: strict }, openaiCompatible: { strictJsonSchema: strict } },
});

function finish(reason: string, usage: LanguageModelV4Usage): ChatEvent {
  const known: readonly string[] = ['stop', 'length', 'content-filter', 'tool-calls'];
  return {
    type: 'finish',
    reason: known.includes(reason) ? (reason as FinishReason) : 'stop',
    tokens: {
      input: usage.inputTokens.total ?? 0,
      output: usage.outputTokens.total ?? 0,
      ...defined({ cacheRead: usage.inputTokens.cacheRead, reasoning: usage.outputTokens.reasoning }),
    },
  };
}
