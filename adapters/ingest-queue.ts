import type { DocumentIds, IngestQueue } from '../core/ingest/document.ts';
import type { IngestMessage } from './environment.ts';

/** Messages a call. */
const BATCH = 100;

export function ingestQueue(queue: Queue<IngestMessage>): IngestQueue {
  return {
    async send(documents, delaySeconds = 0) {
      const messages = documents.map(({ tenantId, vectorStoreId, fileId }: DocumentIds) => ({
        body: { tenantId, vectorStoreId, fileId },
      }));
      for (let at = 0; at < messages.length; at += BATCH) {
        await queue.sendBatch(messages.slice(at, at + BATCH), { delaySeconds });
      }
    },
  };
}
