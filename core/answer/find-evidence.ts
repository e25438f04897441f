import { Failure } from '../failure.ts';
import type { TenantId } from '../identifier.ts';
import { type Message, textOf } from '../models/conversation.ts';
import type { Embedder, Reranker } from '../models/ports.ts';
import type { Hit, RetrievalQuery } from '../retrieve/query.ts';
import { calibrationOf, RERANKED, type Retrieval, retrieve } from '../retrieve/retrieve.ts';
import { addMoney, type Money } from '../telemetry/money.ts';
import type { Span } from '../telemetry/trace.ts';
import { contentWords, coverage, words } from './content-words.ts';
import { placeOfQuestion } from './question.ts';
import type { RankedQuotables } from './quote.ts';
import { relevance, relevanceSignals } from './relevance.ts';
import type { GroundedRequest } from './request.ts';
import { sentences } from './sentences.ts';

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
  const before = request.messages
    .slice(0, placeOfQuestion(request.messages))
    .findLast(({ role }) => role === 'user');
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

/** Passages whose sentences are weighed, and sentences at most: about 15 ms each on one laptop core. */
const PASSAGES = 2;
const SENTENCES = 40;

/** Shorter ones are headings and fragments: they share words with the question and answer nothing. */
const SHORTEST = 12;

/** Best first. Without a reranker, by the share of the question's content words. */
export async function rankSentences(
  deps: { readonly reranker: Reranker },
  question: string,
  hits: readonly Hit[],
  span: Span,
): Promise<RankedQuotables> {
  const candidates = hits
    .slice(0, PASSAGES)
    .flatMap((hit) => sentences(hit.passage.text).map((sentence, place) => ({ hit, sentence, place })))
    .filter(({ sentence }) => sentence.text.length >= SHORTEST)
    .slice(0, SENTENCES);
  // A sentence alone often says "it": the headings above it say of what.
  const texts = candidates.map(({ hit, sentence }) =>
    hit.passage.title === '' ? sentence.text : `${hit.passage.title}: ${sentence.text}`,
  );
  const scores = await span.stage('rerank', { sentences: texts.length }, async (stage) => {
    try {
      return await deps.reranker.rerank(question, texts, stage);
    } catch (error) {
      if (!(error instanceof Failure && error.isUpstream)) throw error;
      stage.set({ 'selvedge.reranker': 'unavailable' });
      return null;
    }
  });
  const asked = contentWords(question);
  const quotables = candidates.map((candidate, index) => ({
    ...candidate,
    score: scores?.[index] ?? coverage(asked, words(candidate.sentence.text)),
  }));
  return {
    quotables: quotables.sort((a, b) => b.score - a.score),
    reranked: scores !== null,
  };
}

/** A question that finds nothing is asked once more, together with the one before it. */
const LOOKS = 2;

/** The most that finding passages for a conversation's question, and weighing their sentences, can cost. */
export function worstCaseOfEvidence(
  { embedder, reranker }: { readonly embedder: Embedder; readonly reranker: Reranker },
  messages: readonly Message[],
): Money {
  const asked = messages.filter(({ role }) => role === 'user').slice(-LOOKS);
  const queries = Array.from({ length: LOOKS }, () => JSON.stringify(asked));
  return addMoney(embedder.worstCase(queries, 'query'), reranker.worstCase(LOOKS * (RERANKED + SENTENCES)));
}

/** Can change an answer: part of the pipeline's fingerprint (core/pipeline.ts). */
export const questionConstants = { ELLIPTIC };
export const rankingConstants = { PASSAGES, SENTENCES, SHORTEST };
