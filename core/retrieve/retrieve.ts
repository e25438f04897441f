import { Failure } from '../failure.ts';
import type { FileId, TenantId } from '../identifier.ts';
import { type Calibrated, type CalibratedPair, calibrationFor } from '../models/calibration.ts';
import type { Embedder, Reranker } from '../models/ports.ts';
import type { Span } from '../telemetry/trace.ts';
import { CANDIDATES, type Fused, fuse, fusionWeights } from './fuse.ts';
import type { Candidate, PassageReader, VectorIndex } from './indexes.ts';
import { passageText } from './passage.ts';
import type { Hit, RetrievalQuery } from './query.ts';

/**
 * A question to passages: dense ∥ sparse → fused → reranked. Both sides are bound to the tenant and the stores;
 * whatever the dense side answers is read again through the passage rows, which know tenant, store and filter.
 */
export interface Retrieval {
  readonly embedder: Embedder;
  readonly reranker: Reranker;
  readonly passages: PassageReader;
  readonly vectors: VectorIndex;
  /** Where the operator's calibrations stand; without it the built-in ones. */
  readonly catalogue?: Calibrated;
}

/** What the scores of these two models mean. */
export const calibrationOf = ({ catalogue, embedder, reranker }: Retrieval): CalibratedPair =>
  calibrationFor(catalogue, embedder.model, reranker.model);

/**
 * A filter that matches at most so many files is put to Vectorize as their ids: 50 × 32 bytes stay below its
 * 2 KB for a filter. A wider one is applied to the 100 nearest passages of the stores after the search, so a
 * passage beyond the nearest 100 is then found by its words alone.
 */
const NAMED_FILES = 50;

/**
 * Passages that the cross-encoder reads, at some 70 ms each on a laptop's core. Measured: reading ten gains nothing
 * over five (docs/decisions/042-reranking.md).
 */
export const RERANKED = 5;

/**
 * The best passages for a question, best first.
 *
 * When the embedding model or the vector index cannot be reached, full text answers alone, unless the question
 * asks for the dense side only; when the reranker cannot, the fused order stands. The span says so.
 */
export function retrieve(
  deps: Retrieval,
  tenantId: TenantId,
  question: RetrievalQuery,
  span: Span,
): Promise<{ readonly hits: readonly Hit[] }> {
  return span.within('retrieve', { limit: question.limit, ranker: question.ranker }, async (retrieval) => {
    const files = await namedFiles(deps, tenantId, question);
    if (files?.length === 0) return { hits: [] };
    const [dense, sparse] = await Promise.all([
      question.weights?.embedding === 0 ? [] : denseSide(deps, tenantId, question, files, retrieval),
      question.weights?.text === 0 ? [] : sparseSide(deps, tenantId, question, retrieval),
    ]);
    const fused = await retrieval.stage('fuse', {}, async (stage) => {
      const weights =
        question.weights ?? fusionWeights(dense, sparse, calibrationOf(deps).calibration.fusion);
      stage.set({ dense: dense.length, sparse: sparse.length });
      stage.set({ 'weight.embedding': weights.embedding, 'weight.text': weights.text });
      return readBest(deps, tenantId, question, fuse(dense, sparse, weights));
    });
    const ranked = question.ranker === 'none' ? fused : await rerank(deps, question, fused, retrieval);
    const hits = ranked.filter((hit) => hit.score >= question.scoreThreshold).slice(0, question.limit);
    retrieval.set({ hits: hits.length });
    return { hits };
  });
}

/** The ids of the files in the filter's range, or null where there is no filter or too many files to name. */
async function namedFiles(
  deps: Retrieval,
  tenantId: TenantId,
  { vectorStoreIds, filter }: RetrievalQuery,
): Promise<readonly FileId[] | null> {
  if (filter === null) return null;
  const files = await deps.passages.files(tenantId, { vectorStoreIds, filter, limit: NAMED_FILES });
  return files.length > NAMED_FILES ? null : files;
}

async function denseSide(
  deps: Retrieval,
  tenantId: TenantId,
  question: RetrievalQuery,
  files: readonly FileId[] | null,
  span: Span,
): Promise<readonly Candidate[]> {
  try {
    const [vector] = await span.stage('embed', {}, (stage) =>
      deps.embedder.embed([question.text], 'query', stage),
    );
    if (vector === undefined) throw new Error('The embedder answered no vector for one text.');
    return await span.stage('dense', {}, () =>
      deps.vectors.search(tenantId, vector, {
        vectorStoreIds: question.vectorStoreIds,
        limit: CANDIDATES,
        ...(files === null ? {} : { fileIds: files }),
      }),
    );
  } catch (error) {
    if (!(error instanceof Failure && error.isUpstream) || question.weights?.text === 0) throw error;
    span.set({ 'dense.unavailable': error.message });
    return [];
  }
}

const sparseSide = (deps: Retrieval, tenantId: TenantId, question: RetrievalQuery, span: Span) =>
  span.stage('sparse', {}, () =>
    deps.passages.search(tenantId, question.text, {
      vectorStoreIds: question.vectorStoreIds,
      filter: question.filter,
      limit: CANDIDATES,
    }),
  );

/** Reads down the fused list until there is enough for the answer and the reranker. */
async function readBest(
  deps: Retrieval,
  tenantId: TenantId,
  question: RetrievalQuery,
  fused: readonly Fused[],
): Promise<readonly Hit[]> {
  const enough = question.ranker === 'none' ? question.limit : Math.max(question.limit, RERANKED);
  const hits: Hit[] = [];
  for (let at = 0; at < fused.length && hits.length < enough; at += enough) {
    const slice = fused.slice(at, at + enough);
    const ids = slice.map(({ passageId }) => passageId);
    const read = await deps.passages.read(tenantId, ids, question);
    const passages = new Map(read.map((passage) => [passage.id, passage]));
    for (const { passageId, ...signals } of slice) {
      const passage = passages.get(passageId);
      if (passage === undefined) continue;
      hits.push({ passage, score: signals.fused, signals: { ...signals, reranked: null } });
    }
  }
  return hits;
}

/**
 * Blends the cross-encoder's relevance into the fused score of the first passages. It is one more signal, not
 * the judge: alone it lost to the fused order on most collections. What it did not read counts as irrelevant,
 * which keeps the rest below whatever it lifts.
 */
async function rerank(
  deps: Retrieval,
  question: RetrievalQuery,
  hits: readonly Hit[],
  span: Span,
): Promise<readonly Hit[]> {
  const { rerankShare } = calibrationOf(deps).calibration;
  const texts = hits.slice(0, RERANKED).map((hit) => passageText(hit.passage));
  try {
    const relevances = await span.stage('rerank', { passages: texts.length }, (stage) =>
      deps.reranker.rerank(question.text, texts, stage),
    );
    return hits
      .map((hit, index) => {
        const reranked = relevances[index] ?? null;
        const score = (1 - rerankShare) * hit.signals.fused + rerankShare * (reranked ?? 0);
        return { ...hit, score, signals: { ...hit.signals, reranked } };
      })
      .toSorted((a, b) => b.score - a.score);
  } catch (error) {
    if (!(error instanceof Failure && error.isUpstream)) throw error;
    span.set({ 'rerank.unavailable': error.message });
    return hits;
  }
}

/** Can change an answer: part of the pipeline's fingerprint (core/pipeline.ts). */
export const retrievalConstants = { NAMED_FILES, RERANKED };
