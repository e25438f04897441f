import type { EvaluationMessage } from '../../adapters/environment.ts';
import type { Services } from '../../adapters/services.ts';
import { abandonCase, evaluateCase } from '../../core/evaluate/evaluate-case.ts';
import { resumeRuns } from '../../core/evaluate/run.ts';
import { Trace } from '../../core/telemetry/trace.ts';
import { settleMessage } from './settlement.ts';

type Batch = Pick<MessageBatch<EvaluationMessage>, 'messages'>;

/** Case by case: an evaluation must not push the people who wait for answers aside. */
export async function consumeEvaluations(batch: Batch, services: Services): Promise<void> {
  for (const message of batch.messages) {
    const trace = new Trace('evaluation', services);
    await settleMessage(
      message,
      trace.traceId,
      () => evaluateCase(services, message.body, trace),
      (failure) => abandonCase(services, message.body, failure.message, trace.traceId),
    );
  }
}

/** What the queue gave up becomes an error, never a gap and never a 0. */
export async function consumeDeadEvaluations(batch: Batch, services: Services): Promise<void> {
  for (const message of batch.messages) {
    await settleMessage(message, null, () =>
      abandonCase(services, message.body, 'The case could not be answered after several tries.'),
    );
  }
}

/** On the cron trigger: a queue may lose what a run has sent. */
export async function resumeEvaluations(services: Services): Promise<void> {
  await resumeRuns(services, (message, reason) => abandonCase(services, message, reason));
}
