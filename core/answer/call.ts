import { type ChatEntry, speaksOpenAi } from '../models/catalogue.ts';
import type { ChatCall } from '../models/chat.ts';
import { type Message, textOf } from '../models/conversation.ts';
import { estimateTokens } from '../models/tokens.ts';
import type { AnswerRequest } from './request.ts';

/** The request's settings as a call of the model. */
export function callOf(request: AnswerRequest, messages: readonly Message[]): ChatCall {
  return {
    messages,
    maxOutputTokens: request.maxOutputTokens ?? ownLimit(request.model, messages),
    ...(isUnbounded(request) ? { sendsLimit: false } : {}),
    ...(request.temperature === null ? {} : { temperature: request.temperature }),
    ...(request.topP === null ? {} : { topP: request.topP }),
    ...(request.stop.length === 0 ? {} : { stop: request.stop }),
    ...(request.seed === null ? {} : { seed: request.seed }),
    ...(request.tools.length === 0 ? {} : { tools: request.tools }),
    ...(request.tools.length === 0 || request.toolChoice === null ? {} : { toolChoice: request.toolChoice }),
    ...(request.json === null ? {} : { json: request.json }),
    passedOn: request.passedOn,
  };
}

/** The model's limit, or less where its window has no room for that much beside what it is told. */
function ownLimit({ capabilities }: ChatEntry, messages: readonly Message[]): number {
  const room = capabilities.contextTokens - ROUGHLY * estimateTokens(textOf(messages));
  return Math.min(capabilities.maxOutputTokens, Math.max(SHORTEST_ANSWER, Math.floor(room)));
}

/** Servers refuse a call whose prompt and limit do not fit together; our count of the prompt is an estimate. */
const ROUGHLY = 1.25;
const SHORTEST_ANSWER = 256;

/**
 * A caller who names no limit gets the model's own (`max_output_tokens` in the catalogue). Where neither the caller nor
 * a budget needs a limit, and the target has none of its own, none is sent: OpenAI and vLLM then write until they are
 * done. Workers AI would stop at 256 tokens and Anthropic insists on a limit, so those are always told.
 */
const isUnbounded = ({ maxOutputTokens, needsBound, model }: AnswerRequest): boolean =>
  maxOutputTokens === null && needsBound === false && speaksOpenAi(model.target);
