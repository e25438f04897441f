import type { Money } from '../telemetry/money.ts';
import type { ChatEntry } from './catalogue.ts';
import type { ChatCall } from './chat-call.ts';
import { priceOf, type Tokens } from './prices.ts';
import { mostTokens } from './tokens.ts';

/**
 * What one call of a chat model can be at the most. The same figures are reserved before the call, stop a model that
 * writes on and on, and bound what an upstream may claim afterwards.
 *
 *  MOD-5 What an upstream claims to have counted is believed only up to what is possible: all that it was told at one
 *     token a byte, and the limit of the answer. A claim of 10¹² tokens costs no more than was reserved.
 *  MOD-6 An answer is cut where it is many times longer than its limit allows: an upstream that ignores `max_tokens`
 *     cannot fill the memory of a Worker.
 */

/**
 * Tokens that a chat template puts before and after a message (some 10 at most), and once into a call: a system
 * text of its own (some 30) and how to use tools (up to 804, by Anthropic's documentation).
 */
const MESSAGE_TOKENS = 16;
const CALL_TOKENS = 1_000;

/** Characters of the longest tokens that occur in running text; 4 is usual. Runs of spaces and marks are longer. */
const LONGEST_TOKEN = 32;
/** Characters that even an answer of a few tokens may have before it is cut. */
const SHORTEST_BOUND = 8_192;

export function mostInputTokens(call: Pick<ChatCall, 'messages' | 'tools' | 'json' | 'passedOn'>): number {
  const told = call.messages.reduce(
    (sum, { content }) => sum + MESSAGE_TOKENS + mostTokens(JSON.stringify(content)),
    CALL_TOKENS,
  );
  // Templates print tools indented.
  return told + mostTokens(JSON.stringify([call.tools, call.json, call.passedOn], null, 4));
}

/** The limit that is sent; without one, the model's window is all that there is. */
const mostOutputTokens = ({ capabilities }: ChatEntry, call: ChatCall): number =>
  call.sendsLimit === false ? capabilities.contextTokens : call.maxOutputTokens;

/** The most that one call can cost: all that the model is told at one token a byte, and the longest answer. */
export function worstCaseOfCall({ price }: ChatEntry, call: ChatCall): Money {
  return priceOf(price, { input: mostInputTokens(call), output: call.maxOutputTokens });
}

/** Characters after which an answer is cut. */
export const longestAnswer = (entry: ChatEntry, call: ChatCall): number =>
  Math.max(SHORTEST_BOUND, LONGEST_TOKEN * mostOutputTokens(entry, call));

/** What an upstream claims, as far as it is possible; null where it claims nothing that can be used. */
export function boundedUsage(claimed: Tokens, entry: ChatEntry, call: ChatCall): Tokens | null {
  if (!isCount(claimed.input) || claimed.input === 0 || !isCount(claimed.output)) return null;
  const input = Math.min(claimed.input, mostInputTokens(call));
  const output = Math.min(claimed.output, mostOutputTokens(entry, call));
  return {
    input,
    output,
    ...(isCount(claimed.cacheRead) ? { cacheRead: Math.min(claimed.cacheRead, input) } : {}),
    ...(isCount(claimed.reasoning) ? { reasoning: Math.min(claimed.reasoning, output) } : {}),
  };
}

const isCount = (value: number | undefined): value is number =>
  value !== undefined && Number.isFinite(value) && value >= 0;
