import { defaultAliases, findModel } from '../../models/catalogue.ts';
import type { ChatCall } from '../../models/chat.ts';
import { type ChatEvent, chat } from '../../models/chat.ts';
import { worstCaseOfCall } from '../../models/chat-bounds.ts';
import { answerMode, type HostedModels } from '../../models/hosted-models.ts';
import type { PlanArgs, PlanResult } from '../examples/research.ts';
import { MODEL_TIMEOUT_MS, type Tool } from '../tool.ts';
import type { ModelDependencies } from './model.ts';

/** Searches beside the question itself. */
const MOST_SEARCHES = 3;
const PLAN_TOKENS = 200;

const instructions = `Name up to ${MOST_SEARCHES} short searches that together find what is needed to answer the question in a collection of documents. One search a line, no numbering, nothing else.`;

/**
 * What to search for: the question, and what a model adds to it. A model whose own sentences are not fit to be shown
 * (`answers: quote` in the catalogue) is not asked: its plans would be no better.
 */
export const planSearches = (
  deps: ModelDependencies & { readonly hostedModels: HostedModels },
): Tool<PlanArgs, PlanResult> => ({
  name: 'plan_searches',
  description: 'Says what to search for.',
  repeatability: 'read',
  timeoutMs: MODEL_TIMEOUT_MS,
  maxAttempts: 3,
  parameters: {
    type: 'object',
    properties: { question: { type: 'string', minLength: 1 } },
    required: ['question'],
    additionalProperties: false,
  },
  result: {
    type: 'object',
    properties: { queries: { type: 'array', items: { type: 'string' }, minItems: 1 } },
    required: ['queries'],
  },
  async run({ question }, { afford, span }) {
    const entry = findModel(deps.catalogue, defaultAliases.chat, 'chat');
    if ((await answerMode(deps, entry)) === 'quote') return { queries: [question] };
    const chatCall: ChatCall = {
      messages: [
        { role: 'system', content: instructions },
        { role: 'user', content: [{ type: 'text', text: question }] },
      ],
      maxOutputTokens: PLAN_TOKENS,
      temperature: 0,
    };
    await afford(worstCaseOfCall(entry, chatCall));
    const text = await textOf(chat(deps, entry, chatCall, span));
    return { queries: [...new Set([question, ...searchesIn(text)])] };
  },
});

async function textOf(events: AsyncIterable<ChatEvent>): Promise<string> {
  let text = '';
  for await (const event of events) if (event.type === 'text') text += event.delta;
  return text;
}

/** One search a line; models number them all the same. */
const searchesIn = (text: string): readonly string[] =>
  text
    .split('\n')
    .map((line) => line.replace(/^\s*(?:[-*•]|\d+[.)])\s*/, '').trim())
    .filter((line) => line !== '' && line.length <= 200)
    .slice(0, MOST_SEARCHES);
