import type { KeyRepository } from '../access/key.ts';
import { type Afford, Meter, type MeterDependencies } from '../access/meter.ts';
import type { Clock } from '../clock.ts';
import { Failure } from '../failure.ts';
import { newId, type Random, sha256 } from '../identifier.ts';
import type { Embedder } from '../models/ports.ts';
import type { PassageIndex, VectorIndex } from '../retrieve/indexes.ts';
import { type NewPassage, type Passage, passageId } from '../retrieve/passage.ts';
import type { Trace } from '../telemetry/trace.ts';
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
import { embedPassages } from './embed-passages.ts';
import { withBreakpoints } from './find-turns.ts';
import { followAttributes } from './follow-attributes.ts';
import { DocumentLease, LEASE_MS, LeaseLost, type Outcome } from './lease.ts';
import { type ReadingDependencies, readDocument } from './read-document.ts';
import { remarksOn } from './remark.ts';
import type { Turn } from './turn.ts';

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
 *  ING-70 A call of a model (embedding, OCR) is reserved on the key that attached the document before it is made (LED-4).
 *     Where the budget or the rate comes back within a day, the document waits for it and says so; where it does not,
 *     or the key was revoked, it fails, and says that (docs/decisions/076-money.md).
 */
export interface IngestDependencies extends ReadingDependencies, MeterDependencies {
  readonly keys: Pick<KeyRepository, 'find'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly documents: DocumentLeases & Pick<DocumentAttachments, 'find'>;
  readonly passages: PassageIndex;
  readonly vectors: VectorIndex;
  readonly embedder: Embedder;
}

/** A worker that dies leaves no reason; a document that has killed this many is the reason. */
const MAX_ATTEMPTS = 8;

/** Moves a document on as far as one turn goes. Throws only bugs and failing stores: the message comes again. */
export async function ingest(deps: IngestDependencies, ids: DocumentIds, trace: Trace): Promise<Outcome> {
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
        await (isUnwanted(document)
          ? clean(deps, document, lease)
          : indexOnMeter(deps, document, lease, trace)),
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

/** Only what called a model or threw leaves a row: most turns of a long document would say nothing. */
async function indexOnMeter(
  deps: IngestDependencies,
  document: StoredDocument,
  lease: DocumentLease,
  trace: Trace,
): Promise<Outcome> {
  const { tenantId, vectorStoreId, fileId, keyId } = document;
  trace.root.set({ 'selvedge.vector_store': vectorStoreId, 'selvedge.file': fileId });
  const key = await deps.keys.find(tenantId, keyId);
  const account = key ?? { id: keyId, tenantId };
  const meter = new Meter(deps, { trace, account, route: 'queue:ingest', isRequest: false });
  const afford: Afford = key === null ? () => Promise.reject(keyRevoked()) : meter.afford;
  let error: unknown;
  try {
    return await index(deps, document, lease, { span: trace.root, afford });
  } catch (thrown) {
    if (!(thrown instanceof LeaseLost)) error = thrown;
    throw thrown;
  } finally {
    if (meter.holds || trace.usages.length > 0 || error !== undefined) await meter.end({ error });
  }
}

const keyRevoked = () =>
  new Failure(
    'forbidden',
    'The key that attached this document was revoked before all of it was indexed. Attach it again with another key.',
    { reason: 'key_revoked', lasting: true },
  );

async function index(
  deps: IngestDependencies,
  document: StoredDocument,
  lease: DocumentLease,
  turn: Turn,
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
    const read = await readDocument(deps, document, lease, turn);
    if ('paused' in read) return read.paused;
    const { blocks } = read;
    const chunked = await withBreakpoints(deps, document, lease, { blocks, turn });
    if ('paused' in chunked) return chunked.paused;
    const passages = chunk(blocks, chunked.chunking);
    const indexed = await indexPassages(deps, chunked, lease, { blocks, passages });
    return await embedPassages(deps, indexed, lease, passages, turn);
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
      : reason === 'interrupted' || reason === 'budget_exceeded' || reason === 'key_revoked'
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

const encoder = new TextEncoder();
const byteLength = (text: string): number => encoder.encode(text).byteLength;
