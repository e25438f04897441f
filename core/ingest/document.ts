import type { BatchId, DocumentId, FileId, KeyId, TenantId, VectorStoreId } from '../identifier.ts';
import type { OrderedPageRange, Page } from '../page.ts';
import type { FileAttributes } from '../retrieve/filter.ts';
import { passageId } from '../retrieve/passage.ts';
import type { Chunking } from './chunk.ts';

/** A file in a vector store. `status` is OpenAI's; `stage` says how far an `in_progress` one has come. */
export type DocumentStatus = 'in_progress' | 'completed' | 'failed' | 'cancelled';
export type DocumentStage = 'queued' | 'parsing' | 'indexing' | 'embedding' | 'settling' | 'ready';

export interface DocumentError {
  readonly code: 'server_error' | 'unsupported_file' | 'invalid_file';
  /** Ours, finer: `needs_ocr`, `encrypted`, `too_large` … */
  readonly reason: string | null;
  readonly message: string;
}

export interface DocumentIds {
  readonly tenantId: TenantId;
  readonly vectorStoreId: VectorStoreId;
  readonly fileId: FileId;
}

export interface StoredDocument extends DocumentIds {
  /** Of this attachment: attaching the same file again makes another. */
  readonly id: DocumentId;
  readonly keyId: KeyId;
  readonly batchId: BatchId | null;
  readonly filename: string;
  readonly contentType: string;
  readonly sourceBytes: number;
  readonly sha256: string;
  readonly status: DocumentStatus;
  readonly stage: DocumentStage;
  readonly attributes: FileAttributes;
  readonly chunking: Chunking;
  /** Whether its pages without text are read from their pictures. */
  readonly ocr: boolean;
  /** Names its passages in both indexes; null when none can be there. */
  readonly generation: string | null;
  readonly blocks: number;
  readonly passages: number;
  readonly embedded: number;
  readonly usageBytes: number;
  readonly withoutVectors: boolean;
  /** Why it waits, in words for the user: the model that does not answer, and what becomes of the document till then. */
  readonly waitingFor: string | null;
  readonly waitingSince: number | null;
  /** What of it could not be read, in words for the user; null where all was. Stays as long as its passages. */
  readonly unread: string | null;
  readonly settlingSince: number | null;
  readonly error: DocumentError | null;
  readonly attempts: number;
  readonly createdAt: number;
  readonly removed: boolean;
}

export type NewDocument = Pick<
  StoredDocument,
  | 'id'
  | 'tenantId'
  | 'keyId'
  | 'vectorStoreId'
  | 'fileId'
  | 'batchId'
  | 'attributes'
  | 'chunking'
  | 'ocr'
  | 'createdAt'
>;

export interface DocumentCounts {
  readonly in_progress: number;
  readonly completed: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly total: number;
}

/** Which document of a tenant: the newest attachment of a file to a store. */
export type DocumentPlace = Pick<DocumentIds, 'vectorStoreId' | 'fileId'>;

/** What requests do with documents. */
export interface DocumentAttachments {
  /** Adds documents as `queued`; an earlier attachment of the same file is removed in the same step. */
  attach(tenantId: TenantId, documents: readonly NewDocument[]): Promise<void>;
  find(
    tenantId: TenantId,
    vectorStoreId: VectorStoreId,
    fileIds: readonly FileId[],
  ): Promise<readonly StoredDocument[]>;
  list(
    tenantId: TenantId,
    filter: {
      readonly vectorStoreId: VectorStoreId;
      readonly batchId: BatchId | null;
      readonly status: DocumentStatus | null;
    },
    range: OrderedPageRange,
  ): Promise<Page<StoredDocument>>;
  /** False when there is no such document. */
  describe(tenantId: TenantId, place: DocumentPlace, attributes: FileAttributes): Promise<boolean>;
  /** Hides a document from everybody. False when there is no such document. */
  remove(tenantId: TenantId, place: DocumentPlace, at: number): Promise<boolean>;
}

export interface Lease {
  readonly token: string;
  /** Epoch milliseconds. */
  readonly until: number;
}

/** What a worker changes on a document while it holds the lease; what is left out stays. */
export type DocumentChanges = Partial<
  Pick<
    StoredDocument,
    | 'status'
    | 'stage'
    | 'generation'
    | 'chunking'
    | 'blocks'
    | 'passages'
    | 'embedded'
    | 'usageBytes'
    | 'withoutVectors'
    | 'waitingFor'
    | 'waitingSince'
    | 'unread'
    | 'settlingSince'
    | 'error'
    | 'attempts'
  >
>;

/**
 * What the queue's workers do with documents. A lease makes one worker at a time the writer of a document, and
 * every write says whether it still is; a worker that dies is replaced when its lease has run out.
 */
export interface DocumentLeases {
  /** Leases the document, and earlier removed attachments of the same file, where anything is left to do. */
  claim(
    tenantId: TenantId,
    place: DocumentPlace,
    lease: Lease,
    now: number,
  ): Promise<readonly StoredDocument[]>;
  /**
   * Writes progress and the new end of the lease (0 gives it back). `dueAt`: when the sweeper is to look at it,
   * null when nothing is left to do. False when the lease is lost, or the document was removed or cancelled
   * meanwhile: then nothing was written, and the work is to be dropped.
   */
  update(
    tenantId: TenantId,
    document: StoredDocument,
    lease: Lease,
    changes: DocumentChanges,
    dueAt: number | null,
  ): Promise<boolean>;
  /** Gives the lease back whatever has become of the document. */
  release(tenantId: TenantId, id: DocumentId, lease: Lease): Promise<void>;
  /** Deletes the row of a removed document. */
  forget(tenantId: TenantId, id: DocumentId): Promise<void>;
}

/** One table, two users: a request never leases, and a worker neither attaches nor lists. */
export type DocumentRepository = DocumentAttachments & DocumentLeases;

/** Ids only travel; the row is the truth. */
export interface IngestQueue {
  send(documents: readonly DocumentIds[], delaySeconds?: number): Promise<void>;
}

export function passageIds(
  document: Pick<StoredDocument, 'id' | 'generation' | 'passages'>,
): readonly string[] {
  const { id, generation, passages } = document;
  if (generation === null) return [];
  return Array.from({ length: passages }, (_, ordinal) => passageId(id, generation, ordinal));
}
