import type { Clock } from '../clock.ts';
import { Failure } from '../failure.ts';
import type { Embedder } from '../models/ports.ts';
import type { VectorIndex } from '../retrieve/indexes.ts';
import { type NewPassage, passageText } from '../retrieve/passage.ts';
import { passageIds, type StoredDocument } from './document.ts';
import type { DocumentLease, Outcome } from './lease.ts';
import type { Turn } from './turn.ts';
import { waitForMoney } from './wait-for-money.ts';

export interface EmbeddingDependencies {
  readonly clock: Clock;
  readonly vectors: VectorIndex;
  readonly embedder: Embedder;
}

/** Texts a call of the embedding model: some 13,000 tokens, 4 s on a laptop core. */
export const TEXTS_A_CALL = 32;
/** How long a failing model is waited for; then the document is searchable by its words alone. */
export const EMBEDDING_PATIENCE_MS = 5 * 60_000;
/** Vectorize makes writes visible within seconds; after this a document is completed with what is so. */
const SETTLING_PATIENCE_MS = 5 * 60_000;
/** How often a document without vectors asks whether there is a model again. */
const RETRY_VECTORS_MS = 60_000;
/** Passages as vectors, as far as one turn goes; then waits until they can be found. */
export async function embedPassages(
  deps: EmbeddingDependencies,
  document: StoredDocument,
  lease: DocumentLease,
  passages: readonly NewPassage[],
  { span, afford }: Turn,
): Promise<Outcome> {
  const ids = passageIds(document);
  let embedded = document.embedded;
  while (embedded < passages.length) {
    if (lease.isOver) return lease.pause({ embedded }, 0);
    const some = passages.slice(embedded, embedded + TEXTS_A_CALL);
    const texts = some.map(passageText);
    try {
      await afford(deps.embedder.worstCase(texts, 'passage'));
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return waitForMoney(deps, { ...document, embedded }, lease, error);
    }
    try {
      const vectors = await deps.embedder.embed(texts, 'passage', span);
      await deps.vectors.write(
        document.tenantId,
        vectors.map((values, at) => ({
          passageId: ids[embedded + at] ?? '',
          vectorStoreId: document.vectorStoreId,
          fileId: document.fileId,
          values,
        })),
      );
    } catch (error) {
      if (!(error instanceof Failure && error.isUpstream)) throw error;
      return withoutModel(deps, { ...document, embedded }, lease, error);
    }
    embedded += some.length;
    await lease.step({ embedded, waitingFor: null, waitingSince: null });
  }
  return settle(deps, document, lease, ids);
}

/** Waits for a failing model; where none is available, the document is searchable by its words alone for now. */
export async function withoutModel(
  deps: EmbeddingDependencies,
  document: StoredDocument,
  lease: DocumentLease,
  failure: Failure,
): Promise<Outcome> {
  const now = deps.clock();
  const waitingSince = document.waitingSince ?? now;
  const waited = now - waitingSince;
  const { embedded } = document;
  const isMissing = failure.details.reason === 'model_missing';
  if (document.status === 'completed' || isMissing || waited > EMBEDDING_PATIENCE_MS) {
    const waitingFor = `Found by its words only until an embedding model is available. ${failure.message}`;
    const state = { status: 'completed', stage: 'ready', withoutVectors: true, waitingFor } as const;
    return lease.finish({ ...state, embedded }, now + RETRY_VECTORS_MS);
  }
  const delaySeconds = Math.min(60, Math.max(failure.details.retryAfter ?? 2, Math.ceil(waited / 2000)));
  const waitingFor = `Waiting for the embedding model; next try in ${delaySeconds} s. ${failure.message}`;
  return lease.pause({ embedded, waitingFor, waitingSince }, delaySeconds);
}

/** Vectorize applies writes in order, so the last of them stand for all; the others are a sample. */
const SAMPLE = 20;

async function settle(
  deps: EmbeddingDependencies,
  document: StoredDocument,
  lease: DocumentLease,
  ids: readonly string[],
): Promise<Outcome> {
  const now = deps.clock();
  const settlingSince = document.settlingSince ?? now;
  const stride = Math.max(1, Math.ceil(ids.length / SAMPLE));
  const sample = ids.filter((_, at) => (ids.length - 1 - at) % stride === 0);
  const waited = now - settlingSince;
  if (waited > SETTLING_PATIENCE_MS || (await deps.vectors.visible(document.tenantId, sample))) {
    return lease.finish({
      status: 'completed',
      stage: 'ready',
      withoutVectors: false,
      error: null,
    });
  }
  const delaySeconds = Math.min(15, Math.max(1, Math.ceil(waited / 2000)));
  return lease.pause({ stage: 'settling', settlingSince }, delaySeconds);
}
