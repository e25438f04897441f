import type { IngestMessage } from '../../adapters/environment.ts';
import type { Services } from '../../adapters/services.ts';
import { giveUp, ingest } from '../../core/ingest/ingest.ts';
import { Trace } from '../../core/telemetry/trace.ts';
import { settleMessage } from './settlement.ts';

/** Documents at a time: while one waits for a model or a database, others go on. */
const AT_ONCE = 4;

export async function consumeIngest(
  batch: Pick<MessageBatch<IngestMessage>, 'messages'>,
  services: Services,
): Promise<void> {
  const waiting = [...batch.messages];
  const lane = async () => {
    for (let message = waiting.shift(); message !== undefined; message = waiting.shift()) {
      await consume(services, message);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
}

async function consume(services: Services, message: Message<IngestMessage>): Promise<void> {
  const trace = new Trace('ingest', services);
  const { body } = message;
  await settleMessage(
    message,
    trace.traceId,
    async () => {
      const outcome = await ingest(services, body, trace);
      // A turn that only waits is no failure, so it is a new message and costs none of this one's retries.
      if (outcome !== null) await services.ingestQueue.send([body], outcome.delaySeconds);
    },
    () => giveUp(services, body),
  );
}

/** What the queue gave up: its document says so, and nobody waits for it any longer. */
export async function consumeDeadIngest(
  batch: Pick<MessageBatch<IngestMessage>, 'messages'>,
  services: Services,
): Promise<void> {
  for (const message of batch.messages) {
    await settleMessage(message, null, () => giveUp(services, message.body));
  }
}
