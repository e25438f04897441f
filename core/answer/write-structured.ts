import type { Afford } from '../access/meter.ts';
import { errorMessage } from '../error-message.ts';
import { Failure } from '../failure.ts';
import type { JsonSchema } from '../json-schema.ts';
import type { ChatEntry } from '../models/catalogue.ts';
import { type ChatCall, type ChatEvent, chat } from '../models/chat.ts';
import { worstCaseOfCall } from '../models/chat-bounds.ts';
import type { Tokens } from '../models/prices.ts';
import type { ModelProvider } from '../models/provider.ts';
import { schemaProblem } from '../schema-problem.ts';
import type { Span } from '../telemetry/trace.ts';
import type { AnswerEvent, AnswerOutcome } from './request.ts';

/** Asked again once, with what was wrong: a second repair hardly ever helps where the first did not. */
const TRIES = 2;

/**
 * An answer in JSON that has been checked against its schema before any of it is shown.
 * @throws Failure `unprocessable` with the reason `schema_not_satisfied`.
 */
export async function* writeStructured(
  deps: { readonly provider: ModelProvider; readonly afford: Afford },
  model: ChatEntry,
  call: ChatCall & Required<Pick<ChatCall, 'json'>>,
  mode: AnswerOutcome,
  span: Span,
): AsyncGenerator<AnswerEvent> {
  let messages = call.messages;
  let tokens: Tokens = { input: 0, output: 0 };
  let problem = '';
  for (let tried = 0; tried < TRIES; tried += 1) {
    const told = { ...call, messages };
    await deps.afford(worstCaseOfCall(model, told));
    let text = '';
    let unchecked = false;
    for await (const event of schemaTry(deps, model, told, span)) {
      if (event.type === 'ignored') yield event;
      if (event.type === 'text') text += event.delta;
      if (event.type === 'tool-call' || event.type === 'refusal') {
        unchecked = true;
        yield event;
      }
      if (event.type === 'reasoning' && mode === 'plain') yield event;
      if (event.type !== 'finish') continue;
      tokens = { input: tokens.input + event.tokens.input, output: tokens.output + event.tokens.output };
      if (unchecked || event.reason === 'content-filter') {
        // It called tools first, or did not answer at all: there is nothing to check.
        yield { type: 'finished', mode, reason: event.reason, tokens };
        return;
      }
      if (event.reason === 'length') {
        throw new Failure('unprocessable', 'The answer was cut off by the token limit.', {
          param: 'maxOutputTokens',
          reason: 'schema_not_satisfied',
        });
      }
    }
    const found = check(text, call.json.schema);
    if (found.problem === null) {
      yield { type: 'text', delta: found.text };
      yield { type: 'finished', mode, reason: 'stop', tokens };
      return;
    }
    problem = found.problem;
    // Where the model wrote nothing there is nothing to hold against it: the same is asked again.
    if (text.trim() === '') continue;
    messages = [
      ...messages,
      { role: 'assistant', content: [{ type: 'text', text }] },
      {
        role: 'user',
        content: [{ type: 'text', text: `That is not valid: ${problem}. Answer again, in valid JSON only.` }],
      },
    ];
  }
  throw new Failure('unprocessable', `The model's answer does not satisfy the schema: ${problem}.`, {
    reason: 'schema_not_satisfied',
  });
}

/** One try. Workers AI gives up by itself when a model does not keep to the schema: that is a try without a text. */
async function* schemaTry(
  deps: { readonly provider: ModelProvider },
  model: ChatEntry,
  call: ChatCall,
  span: Span,
): AsyncGenerator<ChatEvent> {
  try {
    yield* chat(deps, model, call, span);
  } catch (error) {
    if (!(error instanceof Failure && error.details.reason === 'schema_not_satisfied')) throw error;
  }
}

function check(
  text: string,
  schema: JsonSchema | null,
): { readonly text: string; readonly problem: string | null } {
  const json = text.trim().replace(/^```(?:json)?\s*|\s*```$/g, '');
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return { text: json, problem: 'it is not JSON' };
  }
  if (schema !== null) return { text: json, problem: problemOf(value, schema) };
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return { text: json, problem: isObject ? null : 'it is not a JSON object' };
}

/** Characters of a problem that a model is told of. */
const LONGEST_PROBLEM = 500;

function problemOf(value: unknown, schema: JsonSchema): string | null {
  try {
    return (
      schemaProblem(schema, value, 'answer')?.message.replace(/\.$/, '').slice(0, LONGEST_PROBLEM) ?? null
    );
  } catch (cause) {
    // The checker throws on what `schemaFault` cannot foresee, such as a reference in a branch that no sample takes.
    return `the schema cannot be applied (${errorMessage(cause)})`.slice(0, LONGEST_PROBLEM);
  }
}

/** Can change an answer: part of the pipeline's fingerprint (core/pipeline.ts). */
export const structuredConstants = { TRIES };
