import type { Clock } from '../clock.ts';
import { Failure } from '../failure.ts';
import { newId, type Random, sha256 } from '../identifier.ts';
import type { Embedder } from '../models/ports.ts';
import type { PassageIndex, VectorIndex } from '../retrieve/indexes.ts';
import { type NewPassage, type Passage, passageId, passageText } from '../retrieve/passage.ts';
import type { Span } from '../telemetry/trace.ts';
import type { Block } from './block.ts';
import { chunk } from './chunk.ts';
import { clean, presentDocument } from './clean.ts';
import {
  type DocumentAttachments,
  type DocumentError,
  type DocumentIds,
  type DocumentLeases,
  passageIds,
  type StoredDocument,
} from './document.ts';
import { followAttributes } from './follow-attributes.ts';
import { DocumentLease, LEASE_MS, LeaseLost, type Outcome } from './lease.ts';
import { type ReadingDependencies, readDocument } from './read-document.ts';
import { remarksOn } from './remark.ts';

/**
 * Takes a document from its bytes to both indexes, in steps that may each be repeated.
 *
 * Invariants
 *  ING-1 The row is the truth. A message only says where to look; a lost one is replaced by the sweeper, and one
 *     that comes twice finds the document leased or done.
 *  ING-2 Passages and vectors are written under ids made from the document, its generation and their ordinals,
 *     so that writing them again changes nothing.
 *  ING-3 A document is `completed` only when all its passages are in the full text and all their vectors can be
 *     found, or it says that there are none (`withoutVectors`).
 *  ING-4 Only the holder of the lease writes to the row, and it looks before every step whether it still is.
 */
export interface IngestDependencies extends ReadingDependencies {
  readonly clock: Clock;
  readonly random: Random;
  readonly documents: DocumentLeases & Pick<DocumentAttachments, 'find'>;
  readonly passages: PassageIndex;
  readonly vectors: VectorIndex;
  readonly embedder: Embedder;
}

/** A worker that dies leaves no reason; a document that has killed this many is the reason. */
const MAX_ATTEMPTS = 8;
/** Texts a call of the embedding model: some 13,000 tokens, 4 s on a laptop core. */
const TEXTS_A_CALL = 32;
/** How long a failing model is waited for; then the document is searchable by its words alone. */
const EMBEDDING_PATIENCE_MS = 5 * 60_000;
/** Vectorize makes writes visible within seconds; after this a document is completed with what is so. */
const SETTLING_PATIENCE_MS = 5 * 60_000;
/** How often a document without vectors asks whether there is a model again. */
const RETRY_VECTORS_MS = 60_000;

/** Moves a document on as far as one turn goes. Throws only bugs and failing stores: the message comes again. */
export async function ingest(deps: IngestDependencies, ids: DocumentIds, span: Span): Promise<Outcome> {
  const token = newId('lease', deps.random);
  const now = deps.clock();
  let next: Outcome = null;
  for (const document of await deps.documents.claim(
    ids.tenantId,
    ids,
    { token, until: now + LEASE_MS },
    now,
  )) {
    const lease = new DocumentLease(deps, document, token);
    try {
      next = sooner(
        next,
        await (isUnwanted(document) ? clean(deps, document, lease) : index(deps, document, lease, span)),
      );
    } catch (error) {
      await lease.release();
      if (!(error instanceof LeaseLost)) throw error;
      next = { delaySeconds: 0 };
    }
  }
  return next;
}

const isUnwanted = (document: StoredDocument): boolean =>
  document.removed || document.status === 'cancelled' || document.status === 'failed';

const sooner = (a: Outcome, b: Outcome): Outcome =>
  a === null ? b : b === null ? a : a.delaySeconds <= b.delaySeconds ? a : b;

/**
 * The queue has stopped delivering a message. Its document fails, with a reason; a removal stays due for the sweeper,
 * because what was deleted must go.
 */
export async function giveUp(deps: IngestDependencies, ids: DocumentIds): Promise<void> {
  const token = newId('lease', deps.random);
  const now = deps.clock();
  for (const document of await deps.documents.claim(
    ids.tenantId,
    ids,
    { token, until: now + LEASE_MS },
    now,
  )) {
    const lease = new DocumentLease(deps, document, token);
    if (document.status !== 'in_progress' || document.removed) await lease.release();
    else await fail(deps, document, lease, brokenOff());
  }
}

const brokenOff = () =>
  new Failure('unprocessable', 'Processing failed several times on our side and was stopped.', {
    reason: 'interrupted',
  });

async function index(
  deps: IngestDependencies,
  document: StoredDocument,
  lease: DocumentLease,
  span: Span,
): Promise<Outcome> {
  try {
    if (document.attempts > MAX_ATTEMPTS) {
      throw new Failure(
        'unprocessable',
        `Processing was interrupted ${MAX_ATTEMPTS} times and was stopped.`,
        {
          reason: 'interrupted',
        },
      );
    }
    const read = await readDocument(deps, document, lease, { span, afford: async () => {} });
    if ('paused' in read) return read.paused;
    const { blocks } = read;
    const passages = chunk(blocks, document.chunking);
    const indexed = await indexPassages(deps, document, lease, { blocks, passages });
    return await embedPassages(deps, indexed, lease, passages, span);
  } catch (error) {
    if (!(error instanceof Failure) || error.retryable) throw error;
    return fail(deps, document, lease, error);
  }
}

/** What of it had been indexed is taken out first, so that a failed document is never found. */
async function fail(
  deps: IngestDependencies,
  document: StoredDocument,
  lease: DocumentLease,
  failure: Failure,
): Promise<Outcome> {
  await lease.step({ status: 'failed', error: errorOf(failure), stage: 'ready' });
  return clean(deps, document, lease);
}

function errorOf(failure: Failure): DocumentError {
  const reason = failure.details.reason ?? null;
  const code =
    reason === 'unsupported_format'
      ? 'unsupported_file'
      : reason === 'interrupted'
        ? 'server_error'
        : 'invalid_file';
  return { code, reason, message: failure.message };
}

async function indexPassages(
  deps: IngestDependencies,
  document: StoredDocument,
  lease: DocumentLease,
  { blocks, passages }: { readonly blocks: readonly Block[]; readonly passages: readonly NewPassage[] },
): Promise<StoredDocument> {
  const generation = await sha256(
    JSON.stringify([document.id, document.sha256, document.chunking, deps.embedder.model]),
  );
  if (document.generation === generation && document.stage !== 'indexing') return document;
  if (document.generation !== null && document.generation !== generation) {
    await deps.vectors.remove(document.tenantId, passageIds(document));
  }
  const usageBytes = passages.reduce(
    (sum, one) => sum + byteLength(one.text) + deps.embedder.dimensions * 4,
    0,
  );
  const counts = {
    blocks: blocks.length,
    passages: passages.length,
    unread: remarksOn(blocks),
    usageBytes,
    embedded: 0,
  };
  await lease.step({ stage: 'indexing', generation, ...counts });
  await deps.passages.write(
    document.tenantId,
    document,
    passages.map(passageOf({ ...document, generation })),
  );
  await followAttributes(deps.passages, document, () => presentDocument(deps, document));
  const stale = await deps.passages.remove(document.tenantId, document, { generation });
  await deps.vectors.remove(document.tenantId, stale);
  await lease.step({ stage: 'embedding' });
  return { ...document, generation, ...counts, stage: 'embedding' };
}

const passageOf =
  (document: StoredDocument & { readonly generation: string }) =>
  (one: NewPassage, ordinal: number): Passage => ({
    id: passageId(document.id, document.generation, ordinal),
    vectorStoreId: document.vectorStoreId,
    fileId: document.fileId,
    filename: document.filename,
    ordinal,
    ...one,
  });

async function embedPassages(
  deps: IngestDependencies,
  document: StoredDocument,
  lease: DocumentLease,
  passages: readonly NewPassage[],
  span: Span,
): Promise<Outcome> {
  const ids = passageIds(document);
  let embedded = document.embedded;
  while (embedded < passages.length) {
    if (lease.isOver) return lease.pause({ embedded }, 0);
    const some = passages.slice(embedded, embedded + TEXTS_A_CALL);
    try {
      const vectors = await deps.embedder.embed(some.map(passageText), 'passage', span);
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
async function withoutModel(
  deps: IngestDependencies,
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
  deps: IngestDependencies,
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

const encoder = new TextEncoder();
const byteLength = (text: string): number => encoder.encode(text).byteLength;
