import type { TenantId } from '../identifier.ts';
import { textOf } from '../models/conversation.ts';
import type { Hit, RetrievalQuery } from '../retrieve/query.ts';
import { calibrationOf, type Retrieval, retrieve } from '../retrieve/retrieve.ts';
import type { Span } from '../telemetry/trace.ts';
import { type RankedQuotables, rankSentences } from './choose-quotes.ts';
import { contentWords } from './content-words.ts';
import { relevance, relevanceSignals } from './relevance.ts';
import type { GroundedRequest } from './request.ts';

/** Content words up to which a question may be the rest of the one before it: "And the wheels?" */
const ELLIPTIC = 2;

/** The evidence for a question; for the rest of one that finds nothing alone, together with the one before it. */
export async function findEvidence(
  deps: Retrieval,
  tenantId: TenantId,
  request: GroundedRequest,
  text: string,
  needed: number,
  span: Span,
): Promise<FoundEvidence> {
  const alone = await scoreEvidence(deps, tenantId, request, text, span);
  const before = request.messages.findLast(
    (message, place) => message.role === 'user' && place < request.messages.length - 1,
  );
  if (alone.likely >= needed || before === undefined || contentWords(text).length > ELLIPTIC) return alone;
  const whole = await scoreEvidence(deps, tenantId, request, `${textOf([before])}\n${text}`, span);
  return whole.likely > alone.likely ? whole : alone;
}

export interface FoundEvidence {
  readonly query: string;
  readonly hits: readonly Hit[];
  readonly ranked: RankedQuotables;
  /** 0…1: that the hits hold the answer. */
  readonly likely: number;
}

async function scoreEvidence(
  deps: Retrieval,
  tenantId: TenantId,
  request: GroundedRequest,
  query: string,
  span: Span,
): Promise<FoundEvidence> {
  const { hits } = await retrieve(deps, tenantId, questionFor(query, request), span);
  const ranked = await rankSentences(deps, query, hits, span);
  return {
    query,
    hits,
    ranked,
    likely: relevance(relevanceSignals(query, hits, ranked), calibrationOf(deps).calibration.relevance),
  };
}

const questionFor = (text: string, { documents, prompt }: GroundedRequest): RetrievalQuery => ({
  text,
  vectorStoreIds: documents.vectorStoreIds,
  filter: documents.filter,
  limit: documents.limit ?? prompt.retrieval.maxResults,
  weights: documents.weights ?? weightsOf(prompt.retrieval.embeddingWeight),
  ranker: prompt.retrieval.rerank ? documents.ranker : 'none',
  scoreThreshold: documents.scoreThreshold,
});

const weightsOf = (embedding: number | null): RetrievalQuery['weights'] =>
  embedding === null ? null : { embedding, text: 1 - embedding };

/** Can change an answer: part of the pipeline's fingerprint (core/pipeline.ts). */
export const questionConstants = { ELLIPTIC };
