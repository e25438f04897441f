import { wholeAnswer } from '../../answer/answer.ts';
import { type CitedQuote, serializeQuote } from '../../answer/citation.ts';
import { type PrepareDependencies, prepareAnswer } from '../../answer/prepare.ts';
import { asId, type PromptId, type VectorStoreId } from '../../identifier.ts';
import { textMessage } from '../../models/conversation.ts';
import { MODEL_TIMEOUT_MS, type Tool } from '../tool.ts';

export type AnswerArgs = {
  readonly question: string;
  readonly vector_store_ids: readonly string[];
  /** A prompt of the tenant, in its production version; `default` when left out. */
  readonly prompt?: string;
};

export type AnswerResult = {
  readonly text: string;
  /** Each was found by code in its document. None: the documents do not hold an answer. */
  readonly citations: readonly CitedQuote[];
};

/** Answers a question exactly as `POST /v1/responses` with `file_search` does: retrieval, gate, prompt, checked citations. */
export const answerFromDocuments = (deps: PrepareDependencies): Tool<AnswerArgs, AnswerResult> => ({
  name: 'answer_from_documents',
  description: 'Answers a question from vector stores, with citations.',
  repeatability: 'read',
  timeoutMs: MODEL_TIMEOUT_MS,
  maxAttempts: 3,
  parameters: {
    type: 'object',
    properties: {
      question: { type: 'string', minLength: 1, maxLength: 10_000 },
      vector_store_ids: { type: 'array', items: { type: 'string' }, minItems: 1, maxItems: 10 },
      prompt: { type: 'string', minLength: 1 },
    },
    required: ['question', 'vector_store_ids'],
    additionalProperties: false,
  },
  result: {
    type: 'object',
    properties: { text: { type: 'string' }, citations: { type: 'array' } },
    required: ['text', 'citations'],
  },
  async run({ question, vector_store_ids: stores, prompt }, work) {
    const { events } = await prepareAnswer(deps, work, {
      messages: [textMessage('user', question)],
      documents: { vectorStoreIds: stores.map(asId<VectorStoreId>) },
      storesParam: 'vector_store_ids',
      ...(prompt === undefined ? {} : { prompt: { id: asId<PromptId>(prompt) } }),
    });
    const { text, citations } = await wholeAnswer(events);
    return { text, citations: citations.map(serializeQuote) };
  },
});
