import { call, defineAgent } from '../graph.ts';
import type { Json } from '../json.ts';
import type { Tool } from '../tool.ts';
import type { AnswerArgs, AnswerResult } from '../tools/answer-from-documents.ts';
import type { FoundPassage, SearchArgs, SearchResult } from '../tools/search-documents.ts';

/**
 * `example-research`: plan → search → read → answer → a person approves → send. It shows what an agent of this house is
 * made of: journaled calls of a model, of the search and of the answer with its checked citations, and one effect that
 * waits for a person. Sending is only recorded; put your mail or chat in its place.
 *
 * With the packaged models, which cannot plan, the question itself is the only search and the answer quotes.
 */
export interface ResearchTools {
  readonly plan: Tool<PlanArgs, PlanResult>;
  readonly search: Tool<SearchArgs, SearchResult>;
  readonly answer: Tool<AnswerArgs, AnswerResult>;
}

export type PlanArgs = { readonly question: string };
export type PlanResult = { readonly queries: readonly string[] };

type Input = { readonly question: string; readonly vector_store_ids: readonly string[] };
type Sent = { readonly text: string; readonly receipt: string };

type ResearchState = Input & {
  readonly queries: readonly string[];
  readonly found: readonly FoundPassage[];
  readonly sources: readonly string[];
  readonly text: string;
  readonly citations: AnswerResult['citations'];
  readonly receipt: string | null;
  readonly refused_because: string | null;
};

/** Passages that are carried from search to reading, over all searches. */
const MOST_FOUND = 12;

/** Hands the answer over, after a person has read it. The receipt is the effect's key. */
export const sendAnswer: Tool<{ readonly question: string; readonly text: string }, Sent> = {
  name: 'send_answer',
  description: 'Sends the answer to the person who asked.',
  repeatability: 'idempotent',
  parameters: {
    type: 'object',
    properties: { question: { type: 'string' }, text: { type: 'string', minLength: 1 } },
    required: ['question', 'text'],
    additionalProperties: false,
  },
  result: {
    type: 'object',
    properties: { text: { type: 'string' }, receipt: { type: 'string' } },
    required: ['text', 'receipt'],
  },
  needsPerson: ({ question }) => `Send this answer to "${question}"?`,
  run: async ({ text }, { key }) => ({ text, receipt: key }),
};

export const researchAgent = (tools: ResearchTools) =>
  defineAgent<ResearchState, 'plan' | 'search' | 'read' | 'answer' | 'send'>({
    name: 'example-research',
    title: 'Research (example)',
    description:
      'Answers a question from documents: plans its searches, reads what they find, writes an answer with checked citations, and sends it when a person agrees.',
    inputSchema: {
      type: 'object',
      properties: {
        question: { type: 'string', minLength: 1, maxLength: 2_000 },
        vector_store_ids: { type: 'array', items: { type: 'string' }, minItems: 1, maxItems: 10 },
      },
      required: ['question', 'vector_store_ids'],
      additionalProperties: false,
    },
    start: 'plan',
    nodes: {
      plan: {
        *run({ question }) {
          const reply = yield* call(tools.plan, { question });
          return {
            queries: reply.kind === 'done' ? reply.result.queries : [question],
            receipt: null,
            refused_because: null,
          };
        },
        next: 'search',
      },
      search: {
        *run({ queries, vector_store_ids }) {
          const found: FoundPassage[] = [];
          for (const [place, query] of queries.entries()) {
            const reply = yield* call(tools.search, { query, vector_store_ids }, `search_${place + 1}`);
            if (reply.kind === 'done') found.push(...reply.result.passages);
          }
          return { found };
        },
        next: 'read',
      },
      read: {
        run: ({ found }) => {
          const best = bestOf(found);
          return { found: best, sources: [...new Set(best.map(({ filename }) => filename))] };
        },
        next: 'answer',
      },
      answer: {
        *run({ question, vector_store_ids }) {
          const reply = yield* call(tools.answer, { question, vector_store_ids });
          if (reply.kind === 'rejected') return { text: '', citations: [] };
          return { text: reply.result.text, citations: reply.result.citations };
        },
        next: 'send',
      },
      send: {
        *run({ question, text }) {
          if (text === '') return { refused_because: 'There is no answer.' };
          const reply = yield* call(sendAnswer, { question, text });
          if (reply.kind === 'rejected') return { refused_because: reply.reason ?? 'No reason was given.' };
          // A person may have edited the text.
          return { text: reply.result.text, receipt: reply.result.receipt };
        },
        next: null,
      },
    },
    output: ({ text, citations, sources, receipt, refused_because }): Json => ({
      text,
      citations,
      sources,
      receipt,
      refused_because,
    }),
  });

/** Each passage once, best first. */
function bestOf(found: readonly FoundPassage[]): readonly FoundPassage[] {
  const kept = new Map<string, FoundPassage>();
  for (const passage of found.toSorted((a, b) => b.score - a.score)) {
    const place = `${passage.file_id}:${passage.start}`;
    if (!kept.has(place)) kept.set(place, passage);
  }
  return [...kept.values()].slice(0, MOST_FOUND);
}
