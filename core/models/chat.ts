import {
  APICallError,
  type LanguageModelV4CallOptions,
  type LanguageModelV4FunctionTool,
  type LanguageModelV4StreamPart,
  type LanguageModelV4ToolCall,
  type LanguageModelV4ToolChoice,
  type LanguageModelV4Usage,
  type SharedV4Warning,
} from '@ai-sdk/provider';
import { isTaskCancelledError, TimeoutStrategy, timeout } from 'cockatiel';
import { Failure, invalid } from '../failure.ts';
import type { JsonSchema } from '../prompts/prompt.ts';
import type { Span } from '../telemetry/trace.ts';
import type { ChatEntry } from './catalogue.ts';
import { joined, type Message, textOf } from './conversation.ts';
import { priceOf, type Tokens } from './prices.ts';
import { type ModelProvider, type PassedOn, providerName } from './provider.ts';
import { estimateTokens } from './tokens.ts';
import { callUpstream, upstreamFailure } from './upstream.ts';

export type FunctionTool = LanguageModelV4FunctionTool;
export type ToolChoice = LanguageModelV4ToolChoice;

/** The answer is JSON of this schema; a null schema is any JSON object. */
export interface JsonAnswer {
  readonly name: string;
  readonly schema: JsonSchema | null;
  readonly description: string | null;
  /** OpenAI's `strict`: decoding follows the schema, which then has to keep to a part of JSON Schema. */
  readonly strict: boolean;
}

export interface ChatCall {
  readonly messages: readonly Message[];
  readonly maxOutputTokens: number;
  readonly temperature?: number;
  readonly topP?: number;
  readonly stop?: readonly string[];
  readonly seed?: number;
  readonly tools?: readonly FunctionTool[];
  readonly toolChoice?: ToolChoice;
  readonly json?: JsonAnswer;
  /** Only for a target that speaks OpenAI's dialect. */
  readonly passedOn?: PassedOn;
  /** Milliseconds until the first part, and between two parts; without one, `PART_LIMIT`. */
  readonly partLimit?: number;
}

export type FinishReason = 'stop' | 'length' | 'content-filter' | 'tool-calls';

export type ChatEvent =
  | { readonly type: 'text'; readonly delta: string }
  | { readonly type: 'tool-call'; readonly id: string; readonly name: string; readonly arguments: string }
  | { readonly type: 'finish'; readonly reason: FinishReason; readonly tokens: Tokens };

/** Milliseconds until the first part, and between two parts. A small model on a busy laptop reads slowly. */
const PART_LIMIT = 120_000;

/**
 * One call of a chat model as typed events; `finish` is the last. Tokens and cost are on the span also when the
 * model fails or the caller stops in the middle: what it wrote until then is counted, by estimate. A call that
 * was refused costs nothing.
 * @throws Failure `upstream_*`.
 */
export async function* chat(
  deps: { readonly provider: ModelProvider },
  entry: ChatEntry,
  call: ChatCall,
  parent: Span,
): AsyncGenerator<ChatEvent> {
  const span = parent.child(`chat ${entry.name}`);
  let written = '';
  let finished: Extract<ChatEvent, { type: 'finish' }> | null = null;
  let failure: unknown;
  try {
    for await (const event of events(deps, entry, call)) {
      if (event.type === 'finish') {
        finished = { ...event, tokens: counted(event.tokens, call, written) };
        continue;
      }
      written += event.type === 'text' ? event.delta : event.arguments;
      yield event;
    }
  } catch (error) {
    failure = upstreamFailure(entry.name, error);
    throw failure;
  } finally {
    const spent = finished?.tokens ?? (refused(failure) ? nothing : counted(nothing, call, written));
    span.use({
      model: entry.name,
      operation: 'chat',
      provider: providerName(entry.target.kind),
      inputTokens: spent.input,
      outputTokens: spent.output,
      ...(spent.cacheRead === undefined ? {} : { cacheReadTokens: spent.cacheRead }),
      cost: priceOf(entry.price, spent),
    });
    span.end(failure);
  }
  // After the span has ended, so that who reads this also finds the cost.
  if (finished !== null) yield finished;
}

const nothing: Tokens = { input: 0, output: 0 };

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
  const options = optionsOf(call);
  if (call.json !== undefined) {
    // Workers AI's JSON mode cannot stream, and a schema is only kept by the whole text anyway.
    const result = await callUpstream(entry.name, PART_LIMIT, async (abortSignal) =>
      model.doGenerate({ ...options, abortSignal }),
    );
    refuseIgnored(entry.name, result.warnings);
    for (const part of result.content) {
      if (part.type === 'text') yield { type: 'text', delta: part.text };
      if (part.type === 'tool-call') yield toolCall(part);
    }
    yield finish(result.finishReason.unified, result.usage);
    return;
  }
  const { stream } = await callUpstream(entry.name, PART_LIMIT, async (abortSignal) =>
    model.doStream({ ...options, abortSignal }),
  );
  const reader = stream.getReader();
  const patience = timeout(call.partLimit ?? PART_LIMIT, TimeoutStrategy.Aggressive);
  let open = true;
  try {
    for (;;) {
      const { done, value } = await patience
        .execute(() => reader.read())
        .catch((cause: unknown) => {
          open = isTaskCancelledError(cause);
          throw brokenOff(entry.name, cause);
        });
      open = !done;
      if (done) return;
      if (value.type === 'error') throw brokenOff(entry.name, value.error);
      if (value.type === 'stream-start') refuseIgnored(entry.name, value.warnings);
      const event = eventOf(value);
      if (event !== null) yield event;
    }
  } finally {
    // Tells the provider that nobody reads any more, when the caller stops early.
    if (open) await reader.cancel();
  }
}

/** A stream that fails in the middle is the upstream's trouble, whatever its connection threw. */
const brokenOff = (model: string, cause: unknown): unknown =>
  APICallError.isInstance(cause) || isTaskCancelledError(cause)
    ? cause
    : new Failure('upstream_failed', `The answer of the model '${model}' broke off.`, { cause });

/** What a provider's adapter may leave out of a call, by our callers' name for it. */
const settings: ReadonlyMap<string, string> = new Map([
  ['temperature', 'temperature'],
  ['topP', 'top_p'],
  ['stopSequences', 'stop'],
  ['seed', 'seed'],
  ['toolChoice', 'tool_choice'],
]);

/** A setting that the model does not take is refused, never ignored. */
function refuseIgnored(model: string, warnings: readonly SharedV4Warning[]): void {
  for (const warning of warnings) {
    const param = warning.type === 'unsupported' ? settings.get(warning.feature) : undefined;
    if (param !== undefined) throw invalid(param, `The model '${model}' does not take '${param}'.`);
  }
}

const toolCall = (part: LanguageModelV4ToolCall): ChatEvent => ({
  type: 'tool-call',
  id: part.toolCallId,
  name: part.toolName,
  arguments: part.input,
});

function eventOf(part: LanguageModelV4StreamPart): ChatEvent | null {
  switch (part.type) {
    case 'text-delta':
      return part.delta === '' ? null : { type: 'text', delta: part.delta };
    case 'tool-call':
      return toolCall(part);
    case 'finish':
      return finish(part.finishReason.unified, part.usage);
    default:
      return null;
  }
}

function optionsOf(call: ChatCall): LanguageModelV4CallOptions {
  return {
    prompt: joined(call.messages),
    maxOutputTokens: call.maxOutputTokens,
    ...(call.temperature === undefined ? {} : { temperature: call.temperature }),
    ...(call.topP === undefined ? {} : { topP: call.topP }),
    ...(call.stop === undefined ? {} : { stopSequences: [...call.stop] }),
    ...(call.seed === undefined ? {} : { seed: call.seed }),
    ...(call.tools === undefined ? {} : { tools: [...call.tools] }),
    ...(call.toolChoice === undefined ? {} : { toolChoice: call.toolChoice }),
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
      ...(usage.inputTokens.cacheRead === undefined ? {} : { cacheRead: usage.inputTokens.cacheRead }),
    },
  };
}

/** The provider's count, or an estimate where it gave none. */
function counted(tokens: Tokens, call: ChatCall, written: string): Tokens {
  if (tokens.input > 0) return tokens;
  return { input: estimateTokens(textOf(call.messages)), output: estimateTokens(written) };
}
