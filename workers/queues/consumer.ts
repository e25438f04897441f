import type { Environment, EvaluationMessage, IngestMessage } from '../../adapters/environment.ts';
import { consumeDeadEvaluations, consumeEvaluations } from './evaluation.ts';
import { consumeDeadIngest, consumeIngest } from './ingest.ts';

/** Which queue is consumed by what. The names are those of `wrangler.toml`. */
export async function consume(batch: MessageBatch<unknown>, env: Environment): Promise<void> {
  switch (batch.queue) {
    case 'selvedge-ingest':
      return consumeIngest(batch as MessageBatch<IngestMessage>, env);
    case 'selvedge-ingest-dead':
      return consumeDeadIngest(batch as MessageBatch<IngestMessage>, env);
    case 'selvedge-evaluations':
      return consumeEvaluations(batch as MessageBatch<EvaluationMessage>, env);
    case 'selvedge-evaluations-dead':
      return consumeDeadEvaluations(batch as MessageBatch<EvaluationMessage>, env);
    default:
      throw new Error(`No consumer for the queue '${batch.queue}'.`);
  }
}
