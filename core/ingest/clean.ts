import type { PassageIndex, VectorIndex } from '../retrieve/indexes.ts';
import {
  type DocumentAttachments,
  type DocumentLeases,
  passageIds,
  type StoredDocument,
} from './document.ts';
import type { DocumentLease, Outcome } from './lease.ts';

export interface CleanDependencies {
  readonly documents: DocumentLeases & Pick<DocumentAttachments, 'find'>;
  readonly passages: PassageIndex;
  readonly vectors: VectorIndex;
}

/** The attachment that readers see: this one, a later one of the same file, or none. */
export async function presentDocument(
  deps: { readonly documents: Pick<DocumentAttachments, 'find'> },
  { tenantId, vectorStoreId, fileId }: StoredDocument,
): Promise<StoredDocument | null> {
  const [present] = await deps.documents.find(tenantId, vectorStoreId, [fileId]);
  return present ?? null;
}

/** Seconds until another attachment of the same file has named its passages, so that they can be told apart. */
const WAIT_FOR_OTHER = 2;

/**
 * Takes out of both indexes what a removed, cancelled or failed document has left there. A worker that had it
 * before may have written after its passages were first removed; now nobody else holds it, so this is final.
 */
export async function clean(
  deps: CleanDependencies,
  document: StoredDocument,
  lease: DocumentLease,
): Promise<Outcome> {
  const other = document.removed ? await presentDocument(deps, document) : null;
  if (other !== null && other.generation === null && other.status === 'in_progress') {
    return lease.pause({}, WAIT_FOR_OTHER);
  }
  const keep = other?.generation ?? null;
  await deps.vectors.remove(document.tenantId, passageIds(document));
  const left = await deps.passages.remove(
    document.tenantId,
    document,
    keep === null ? undefined : { generation: keep },
  );
  await deps.vectors.remove(document.tenantId, left);
  if (document.removed) return lease.forget();
  return lease.finish({ generation: null, passages: 0, embedded: 0, usageBytes: 0 });
}
