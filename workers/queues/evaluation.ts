import type { EvaluationMessage } from '../../adapters/environment.ts';
import type { Services } from '../../adapters/services.ts';
import { abandonCase, evaluateCase } from '../../core/evaluate/evaluate-case.ts';
import { resumeRuns } from '../../core/evaluate/run.ts';
import { Failure } from '../../core/failure.ts';
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
      () => evaluateCase(services, message.body, trace).catch(waiting(services, message.body)),
      (failure) => abandonCase(services, message.body, failure.message, trace.traceId),
    );
  }
}

/** Seconds. Cases wait for a rate of their key, and for what others have reserved; a budget that is spent is an error. */
const LONGEST_WAIT = 120;

/** A case that its key cannot pay for at this moment is a new message, and costs none of this one's retries. */
const waiting = (services: Services, body: EvaluationMessage) => async (error: unknown) => {
  const wait = error instanceof Failure && !error.details.lasting ? (error.details.retryAfter ?? null) : null;
  const isMoney =
    error instanceof Failure && (error.code === 'rate_limit_exceeded' || error.code === 'budget_exceeded');
  if (!isMoney || wait === null || wait > LONGEST_WAIT) throw error;
  await services.evaluationQueue.send([body], wait);
};

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
