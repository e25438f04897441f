import type { DocumentIds, IngestQueue } from '../../core/ingest/document.ts';

/** A queue that a test empties by hand: each message once, in order, its delay beside it. */
export interface MemoryQueue extends IngestQueue {
  take(): readonly (DocumentIds & { readonly delaySeconds: number })[];
}

export function memoryQueue(): MemoryQueue {
  let waiting: (DocumentIds & { readonly delaySeconds: number })[] = [];
  return {
    async send(documents, delaySeconds = 0) {
      for (const { tenantId, vectorStoreId, fileId } of documents) {
        waiting.push({ tenantId, vectorStoreId, fileId, delaySeconds });
      }
    },
    take() {
      const taken = waiting;
      waiting = [];
      return taken;
    },
  };
}
