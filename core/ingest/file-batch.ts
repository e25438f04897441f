import { newId, type TenantId } from '../identifier.ts';
import type { Scope } from '../scope.ts';
import { type Attachment, attachFiles } from './attachment.ts';
import type { DocumentCounts, DocumentIds } from './document.ts';
import type { FileBatch, VectorStore, VectorStoreDependencies } from './vector-store.ts';

export async function createBatch(
  deps: VectorStoreDependencies,
  scope: Scope,
  store: VectorStore,
  attachments: readonly Attachment[],
): Promise<FileBatch> {
  const batch: FileBatch = {
    id: newId('vsfb', deps.random),
    tenantId: scope.tenantId,
    vectorStoreId: store.id,
    createdAt: deps.clock(),
    cancelledAt: null,
  };
  await deps.vectorStores.createBatch(batch);
  await attachFiles(deps, scope, store, attachments, batch.id);
  return batch;
}

/** Ends what is still in progress; what of it had been indexed is taken out again. An ended batch stays as it is. */
export async function cancelBatch(
  deps: VectorStoreDependencies,
  tenantId: TenantId,
  batch: FileBatch & { readonly counts: DocumentCounts },
): Promise<void> {
  if (batch.counts.in_progress === 0) return;
  const now = deps.clock();
  await deps.wakeSweeper();
  const cancelled: readonly DocumentIds[] = await deps.vectorStores.cancelBatch(tenantId, batch.id, now);
  for (const ids of cancelled) await deps.passages.remove(tenantId, ids);
  await deps.ingestQueue.send(cancelled);
}
