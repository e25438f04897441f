import type { ChatEntry, RetrievalModels } from '../models/catalogue.ts';
import type { ChatCall } from '../models/chat.ts';
import type { Message } from '../models/conversation.ts';
import { priceOf } from '../models/prices.ts';
import { mostTokens } from '../models/tokens.ts';
import { RERANKED } from '../retrieve/retrieve.ts';
import { addMoney, type Money, noMoney } from '../telemetry/money.ts';
import { SENTENCES } from './choose-quotes.ts';
import { openingMessages } from './messages.ts';
import type { AnswerRequest } from './request.ts';

/** Tokens of an answer when the request names no limit: two pages; Workers AI's own default is 256. */
const OUTPUT_TOKENS = 1_024;

/** The request's settings as a call of the model. */
export function callOf(request: AnswerRequest, messages: readonly Message[]): ChatCall {
  return {
    messages,
    maxOutputTokens: request.maxOutputTokens ?? OUTPUT_TOKENS,
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

/** Holds more of the key's budget, before it is spent. @throws Failure `budget_exceeded`. */
export type Afford = (more: Money) => Promise<void>;

/**
 * Tokens that a chat template puts before and after a message (some 10 at most), and once into a call: a system
 * text of its own (some 30) and how to use tools (up to 804, by Anthropic's documentation).
 */
const MESSAGE_TOKENS = 16;
const CALL_TOKENS = 1_000;

/** The most that one call of a model can cost: all that it is told at one token a byte, and the longest answer. */
export function mostOfCall({ price }: ChatEntry, call: ChatCall): Money {
  const told = call.messages.reduce(
    (sum, { content }) => sum + MESSAGE_TOKENS + mostTokens(JSON.stringify(content)),
    CALL_TOKENS,
  );
  // Templates print tools indented.
  const frame = mostTokens(JSON.stringify([call.tools, call.json, call.passedOn], null, 4));
  return priceOf(price, { input: told + frame, output: call.maxOutputTokens });
}

/** A question that finds nothing is asked once more, together with the one before it. */
const LOOKS = 2;

/** The most that finding passages and weighing their sentences can cost. */
function mostOfSearch(messages: readonly Message[], { embedding, rerank }: RetrievalModels): Money {
  const asked = messages.filter(({ role }) => role === 'user').slice(-LOOKS);
  const query = mostTokens(JSON.stringify([embedding.queryPrefix, ...asked])) + MESSAGE_TOKENS;
  const read = LOOKS * (RERANKED + SENTENCES) * rerank.maxTokens;
  return addMoney(
    priceOf(embedding.price, { input: LOOKS * query, output: 0 }),
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
