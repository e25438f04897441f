import { z } from 'zod';
import type { Services } from '../../adapters/services.ts';
import { asId, type TenantId } from '../../core/identifier.ts';
import { consumeDeadEvaluations, consumeEvaluations } from './evaluation.ts';
import { consumeDeadIngest, consumeIngest } from './ingest.ts';

const id = z.string().min(1);
const tenantId = id.transform((text) => asId<TenantId>(text));
const ingestMessage = z.object({ tenantId, vectorStoreId: id, fileId: id });
const evaluationMessage = z.object({ tenantId, runId: id, caseId: id });

/** Which queue is consumed by what. The names are those of `wrangler.toml`. */
export async function consume(batch: MessageBatch<unknown>, services: Services): Promise<void> {
  switch (batch.queue) {
    case 'selvedge-ingest':
      return consumeIngest(readable(batch, ingestMessage), services);
    case 'selvedge-ingest-dead':
      return consumeDeadIngest(readable(batch, ingestMessage), services);
    case 'selvedge-evaluations':
      return consumeEvaluations(readable(batch, evaluationMessage), services);
    case 'selvedge-evaluations-dead':
      return consumeDeadEvaluations(readable(batch, evaluationMessage), services);
    default:
      throw new Error(`No consumer for the queue '${batch.queue}'.`);
  }
}

/** What cannot be read will never be, and names nobody who could be told: it is logged, and done. */
function readable<Body>(
  batch: MessageBatch<unknown>,
  schema: z.ZodType<Body>,
): Pick<MessageBatch<Body>, 'messages'> {
  const messages = batch.messages.filter((message): message is Message<Body> => {
    const { error } = schema.safeParse(message.body);
    if (error === undefined) return true;
    console.error(JSON.stringify({ queue: batch.queue, message: message.id, said: z.prettifyError(error) }));
    message.ack();
    return false;
  });
  return { messages };
}
