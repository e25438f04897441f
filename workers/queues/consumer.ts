import type { Environment, IngestMessage } from '../../adapters/environment.ts';
import { consumeDeadIngest, consumeIngest } from './ingest.ts';

/** Which queue is consumed by what. The names are those of `wrangler.toml`. */
export async function consume(batch: MessageBatch<unknown>, env: Environment): Promise<void> {
  switch (batch.queue) {
    case 'selvedge-ingest':
      return consumeIngest(batch as MessageBatch<IngestMessage>, env);
    case 'selvedge-ingest-dead':
      return consumeDeadIngest(batch as MessageBatch<IngestMessage>, env);
    default:
      throw new Error(`No consumer for the queue '${batch.queue}'.`);
  }
}
