import { type AnswerDependencies, answer } from '../../answer/answer.ts';
import { worstCase } from '../../answer/call.ts';
import type { AnswerRequest, Citation } from '../../answer/request.ts';
import type { Clock } from '../../clock.ts';
import type { TenantId } from '../../identifier.ts';
import { openVectorStore, type VectorStoreRepository } from '../../ingest/vector-store.ts';
import { type Catalogue, findModel, retrievalModels } from '../../models/catalogue.ts';
import type { PromptLibrary } from '../../prompts/library.ts';
import { MODEL_TIMEOUT_MS, type Tool } from '../tool.ts';

export interface AnswerToolDependencies extends Omit<AnswerDependencies, 'afford'> {
  readonly vectorStores: VectorStoreRepository;
  readonly prompts: PromptLibrary;
  readonly catalogue: Catalogue;
  readonly clock: Clock;
}

export type AnswerArgs = {
  readonly question: string;
  readonly vector_store_ids: readonly string[];
  /** A prompt of the tenant, in its production version; `default` when left out. */
  readonly prompt?: string;
};

export type AnswerResult = {
  readonly text: string;
  /** Each was found by code in its document. None: the documents do not hold an answer. */
  readonly citations: readonly {
    readonly file_id: string;
    readonly filename: string;
    readonly quote: string;
    readonly page: number | null;
    readonly page_end: number | null;
    readonly start: number;
    readonly end: number;
  }[];
};

/** Answers a question exactly as `POST /v1/responses` with `file_search` does: retrieval, gate, prompt, checked citations. */
export const answerFromDocuments = (deps: AnswerToolDependencies): Tool<AnswerArgs, AnswerResult> => ({
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
  async run(args, { tenantId, afford, span }) {
    const request = await requestFor(deps, tenantId, args);
    await afford(worstCase(request, retrievalModels(deps.catalogue)));
    let text = '';
    const citations: Citation[] = [];
    for await (const event of answer({ ...deps, afford }, tenantId, request, span)) {
      if (event.type === 'text') text += event.delta;
      if (event.type === 'citation') citations.push(event.citation);
    }
    return {
      text,
      citations: citations.map(({ fileId, filename, quote, page, pageEnd, start, end }) => ({
        file_id: fileId,
        filename,
        quote,
        page,
        page_end: pageEnd,
        start,
        end,
      })),
    };
  },
});

async function requestFor(
  deps: AnswerToolDependencies,
  tenantId: TenantId,
  { question, vector_store_ids: vectorStoreIds, prompt: promptId }: AnswerArgs,
): Promise<AnswerRequest> {
  for (const id of vectorStoreIds) await openVectorStore(deps, tenantId, id, 'vector_store_ids');
  const prompt = await deps.prompts.resolve(tenantId, promptId === undefined ? null : { id: promptId });
  return {
    model: findModel(deps.catalogue, prompt.model, 'chat'),
    prompt,
    instructions: null,
    messages: [{ role: 'user', content: [{ type: 'text', text: question }] }],
    documents: {
      vectorStoreIds,
      filter: null,
      limit: null,
      weights: null,
      ranker: 'auto',
      scoreThreshold: 0,
    },
    maxOutputTokens: null,
    temperature: null,
    topP: null,
    stop: [],
    seed: null,
    tools: [],
    toolChoice: null,
    json: null,
    passedOn: {},
  };
}
