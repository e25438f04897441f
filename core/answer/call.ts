import type { ChatCall } from '../models/chat.ts';
import type { Message } from '../models/conversation.ts';
import { textOf } from '../models/conversation.ts';
import { priceOf } from '../models/prices.ts';
import { estimateTokens } from '../models/tokens.ts';
import { addMoney, type Money } from '../telemetry/money.ts';
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

/** Tokens of one passage at the embedding window, with its head. */
const PASSAGE_TOKENS = 600;

/**
 * The most that a request can cost, for reserving a budget: everything read, the longest answer, and a second
 * try of a structured answer. Embedding and reranking cost less than the rounding of this.
 */
export function worstCase(request: AnswerRequest): Money {
  const passages =
    request.documents === null ? 0 : (request.documents.limit ?? request.prompt.retrieval.maxResults);
  const given = estimateTokens(
    textOf(request.messages) + (request.prompt?.instructions ?? '') + (request.instructions ?? ''),
  );
  const once = priceOf(request.model.price, {
    input: given + passages * PASSAGE_TOKENS,
    output: request.maxOutputTokens ?? OUTPUT_TOKENS,
  });
  return request.json === null ? once : addMoney(once, once);
}
