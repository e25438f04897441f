import { type ChatEntry, type RetrievalModels, speaksOpenAi } from '../models/catalogue.ts';
import type { ChatCall } from '../models/chat.ts';
import { mostInputTokens } from '../models/chat-bounds.ts';
import { type Message, textOf } from '../models/conversation.ts';
import { priceOf } from '../models/prices.ts';
import { estimateTokens, mostTokens } from '../models/tokens.ts';
import { RERANKED } from '../retrieve/retrieve.ts';
import { addMoney, type Money, noMoney } from '../telemetry/money.ts';
import { SENTENCES } from './choose-quotes.ts';
import { openingMessages } from './messages.ts';
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

/** Holds more of the key's budget, before it is spent. @throws Failure `budget_exceeded`. */
export type Afford = (more: Money) => Promise<void>;

/** The most that one call of a model can cost: all that it is told at one token a byte, and the longest answer. */
export function mostOfCall({ price }: ChatEntry, call: ChatCall): Money {
  return priceOf(price, { input: mostInputTokens(call), output: call.maxOutputTokens });
}

/** Tokens that a model puts around a query, generously. */
const FRAME_TOKENS = 16;

/** A question that finds nothing is asked once more, together with the one before it. */
const LOOKS = 2;

/** The most that finding passages and weighing their sentences can cost. */
function mostOfSearch(messages: readonly Message[], { embedding, rerank }: RetrievalModels): Money {
  const asked = messages.filter(({ role }) => role === 'user').slice(-LOOKS);
  const query = mostTokens(JSON.stringify([embedding.queryPrefix, ...asked])) + FRAME_TOKENS;
  const read = LOOKS * (RERANKED + SENTENCES) * rerank.maxTokens;
  return addMoney(
    priceOf(embedding.price, { input: LOOKS * query, output: 0 }),
    priceOf(rerank.price, { input: read, output: 0 }),
  );
}

/** The most that searching for these queries can cost, each embedded and its candidates read once. */
export function mostOfQueries(
  queries: readonly string[],
  { embedding, rerank }: Pick<RetrievalModels, 'embedding' | 'rerank'>,
): Money {
  const input = queries.reduce(
    (sum, query) => sum + mostTokens(embedding.queryPrefix + query) + FRAME_TOKENS,
    0,
  );
  const read = queries.length * RERANKED * rerank.maxTokens;
  return addMoney(
    priceOf(embedding.price, { input, output: 0 }),
    priceOf(rerank.price, { input: read, output: 0 }),
  );
}

/**
 * The most that a request can cost as far as it can be known when it comes, for reserving a budget. What a model is
 * told of documents, and each try of a structured answer, is reserved when it is known (`Afford`).
 */
export function worstCase(request: AnswerRequest, readers: RetrievalModels): Money {
  if (request.documents !== null) return mostOfSearch(request.messages, readers);
  if (request.json !== null) return noMoney;
  return mostOfCall(request.model, callOf(request, [...openingMessages(request), ...request.messages]));
}
