import { z } from 'zod';
import type { EvaluationMessage, IngestMessage } from '../../adapters/environment.ts';
import type { Services } from '../../adapters/services.ts';
import {
  asId,
  type CaseId,
  type EvaluationId,
  type FileId,
  type Id,
  type TenantId,
  type VectorStoreId,
} from '../../core/identifier.ts';
import { consumeDeadEvaluations, consumeEvaluations } from './evaluation.ts';
import { consumeDeadIngest, consumeIngest } from './ingest.ts';

const id = <Named extends Id<string>>() =>
  z
    .string()
    .min(1)
    .transform(asId<Named>);
const tenantId = id<TenantId>();
const ingestMessage = z.object({ tenantId, vectorStoreId: id<VectorStoreId>(), fileId: id<FileId>() });
const evaluationMessage = z.object({ tenantId, runId: id<EvaluationId>(), caseId: id<CaseId>() });

/**
 * DEP-4. A message says by its shape which work it is, and the variable `DEAD_LETTER_QUEUES` says which queues hold work
 * that failed too often. So a queue may have any name: two deployments of one account have different ones.
 */
export async function consume(batch: MessageBatch<unknown>, services: Services): Promise<void> {
  const ingest: Message<IngestMessage>[] = [];
  const evaluations: Message<EvaluationMessage>[] = [];
  for (const message of batch.messages) {
    if (hasBody(message, ingestMessage)) ingest.push(message);
    else if (hasBody(message, evaluationMessage)) evaluations.push(message);
    else discard(batch.queue, message);
  }
  const dead = services.env.DEAD_LETTER_QUEUES.split(' ').includes(batch.queue);
  if (ingest.length > 0) await (dead ? consumeDeadIngest : consumeIngest)({ messages: ingest }, services);
  if (evaluations.length > 0) {
    await (dead ? consumeDeadEvaluations : consumeEvaluations)({ messages: evaluations }, services);
  }
}

const hasBody = <Body>(message: Message, schema: z.ZodType<Body>): message is Message<Body> =>
  schema.safeParse(message.body).success;

/** It names no document and no case, so trying again cannot help. */
function discard(queue: string, message: Message): void {
  console.error(
    JSON.stringify({ queue, message: message.id, error: 'The message is neither a document nor a case.' }),
  );
  message.ack();
}
