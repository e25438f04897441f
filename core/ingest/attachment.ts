import { notFound } from '../failure.ts';
import { type BatchId, type FileId, newId, type TenantId, type VectorStoreId } from '../identifier.ts';
import type { FileAttributes } from '../retrieve/filter.ts';
import type { Scope } from '../scope.ts';
import { autoChunking, type Chunking, isSameChunking } from './chunk.ts';
import type { NewDocument, StoredDocument } from './document.ts';
import { followAttributes } from './follow-attributes.ts';
import type { VectorStore, VectorStoreDependencies } from './vector-store.ts';

export interface Attachment {
  readonly fileId: FileId;
  readonly attributes: FileAttributes;
  readonly chunking: Chunking | null;
  /** Null: as the store has it. */
  readonly ocr: boolean | null;
  /** Where the request names the file, for the refusal: `file_ids[3]`. */
  readonly param: string;
}

/**
 * Puts files into a store and their work on the queue. A file that is there already with the same chunking and OCR
 * keeps its passages and takes the new attributes; with others it is indexed again.
 */
export async function attachFiles(
  deps: VectorStoreDependencies,
  scope: Scope,
  store: VectorStore,
  attachments: readonly Attachment[],
  batchId: BatchId | null = null,
): Promise<void> {
  await requireFiles(deps, scope, attachments);
  const ids = attachments.map((attachment) => attachment.fileId);
  const present = new Map(
    (await deps.documents.find(scope.tenantId, store.id, ids)).map((document) => [document.fileId, document]),
  );
  const added: NewDocument[] = [];
  for (const attachment of attachments) {
    const chunking = attachment.chunking ?? store.chunking ?? autoChunking;
    const ocr = attachment.ocr ?? store.ocr ?? deps.ocrByDefault;
    const before = present.get(attachment.fileId);
    if (batchId === null && before !== undefined && isSame(before, { chunking, ocr })) {
      await describeDocument(deps, before, attachment.attributes);
    } else {
      const id = newId('doc', deps.random);
      const { fileId, attributes } = attachment;
      const { tenantId, keyId } = scope;
      const createdAt = deps.clock();
      added.push({
        id,
        tenantId,
        keyId,
        vectorStoreId: store.id,
        fileId,
        batchId,
        attributes,
        chunking,
        ocr,
        createdAt,
      });
    }
  }
  if (added.length === 0) return;
  await deps.wakeSweeper();
  await deps.documents.attach(scope.tenantId, added);
  for (const { fileId } of added) {
    if (present.has(fileId)) await deps.passages.remove(scope.tenantId, { vectorStoreId: store.id, fileId });
  }
  await deps.vectorStores.change(scope.tenantId, store.id, { lastActiveAt: deps.clock() });
  await deps.ingestQueue.send(added);
}

async function requireFiles(
  deps: VectorStoreDependencies,
  scope: Scope,
  attachments: readonly Attachment[],
): Promise<void> {
  const found = await deps.files.find(
    scope.tenantId,
    attachments.map((attachment) => attachment.fileId),
  );
  const known = new Set(found.map((file) => file.id));
  const missing = attachments.find((attachment) => !known.has(attachment.fileId));
  if (missing !== undefined) throw notFound('file', missing.fileId, missing.param);
}

const isSame = (
  document: StoredDocument,
  { chunking, ocr }: Pick<StoredDocument, 'chunking' | 'ocr'>,
): boolean =>
  document.ocr === ocr &&
  (document.status === 'completed' || document.status === 'in_progress') &&
  isSameChunking(document.chunking, chunking);

export async function findDocument(
  deps: Pick<VectorStoreDependencies, 'documents'>,
  tenantId: TenantId,
  vectorStoreId: VectorStoreId,
  fileId: FileId,
): Promise<StoredDocument> {
  const [document] = await deps.documents.find(tenantId, vectorStoreId, [fileId]);
  if (document === undefined) throw notFound('file in this vector store', fileId);
  return document;
}

/** Changes what filters ask about; the passages stay. The row leads, and the index follows until both agree. */
export async function describeDocument(
  deps: Pick<VectorStoreDependencies, 'documents' | 'passages'>,
  document: StoredDocument,
  attributes: FileAttributes,
): Promise<StoredDocument> {
  if (!(await deps.documents.describe(document.tenantId, document, attributes))) {
    throw notFound('file in this vector store', document.fileId);
  }
  const { tenantId, vectorStoreId, fileId } = document;
  await followAttributes(deps.passages, { ...document, attributes: null }, async () => {
    const [now] = await deps.documents.find(tenantId, vectorStoreId, [fileId]);
    return now ?? null;
  });
  return { ...document, attributes };
}

/** Takes a file out of a store. When this returns it cannot be found there any more; its vectors follow. */
export async function detachFile(
  deps: VectorStoreDependencies,
  tenantId: TenantId,
  vectorStoreId: VectorStoreId,
  fileId: FileId,
): Promise<void> {
  await deps.wakeSweeper();
  const ids = { tenantId: tenantId, vectorStoreId, fileId };
  if (!(await deps.documents.remove(tenantId, ids, deps.clock())))
    throw notFound('file in this vector store', fileId);
  await deps.passages.remove(tenantId, ids);
  await deps.ingestQueue.send([ids]);
}
