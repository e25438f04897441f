import type { Environment, EvaluationMessage } from '../../adapters/environment.ts';
import { abandonCase, evaluateCase } from '../../core/evaluate/evaluate-case.ts';
import { resumeRuns } from '../../core/evaluate/run.ts';
import { Trace } from '../../core/telemetry/trace.ts';
import { compose } from '../composition.ts';
import { retryDelay, settlementOf } from './settlement.ts';

type Batch = Pick<MessageBatch<EvaluationMessage>, 'messages'>;

/** Case by case: an evaluation must not push the people who wait for answers aside. */
export async function consumeEvaluations(batch: Batch, env: Environment): Promise<void> {
  const services = compose(env);
  for (const message of batch.messages) {
    const trace = new Trace('evaluation', services);
    await settling(message, trace.traceId, async () => {
      try {
        await evaluateCase(services, message.body, trace);
      } catch (error) {
        const settlement = settlementOf(error, message.attempts);
        if (settlement.kind === 'retry') throw error;
        report(message, trace.traceId, error);
        await abandonCase(services, message.body, settlement.failure.message, trace.traceId);
      }
    });
  }
}

/** What the queue gave up becomes an error, never a gap and never a 0. */
export async function consumeDeadEvaluations(batch: Batch, env: Environment): Promise<void> {
  const services = compose(env);
  for (const message of batch.messages) {
    await settling(message, null, () =>
      abandonCase(services, message.body, 'The case could not be answered, however often it was tried.'),
    );
  }
}

/** Never throws: a message whose work does must not take the rest of its batch with it. */
async function settling(
  message: Message<EvaluationMessage>,
  traceId: string | null,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
    message.ack();
  } catch (error) {
    report(message, traceId, error);
    message.retry({ delaySeconds: retryDelay(error, message.attempts) });
  }
}

function report(message: Message<EvaluationMessage>, traceId: string | null, error: unknown): void {
  const said = error instanceof Error ? (error.stack ?? error.message) : String(error);
  console.error(JSON.stringify({ traceId, ...message.body, attempt: message.attempts, said }));
}

/** On the cron trigger: a queue may lose what a run has sent. */
export async function resumeEvaluations(env: Environment): Promise<void> {
  const services = compose(env);
  await resumeRuns(services, (message, reason) => abandonCase(services, message, reason));
}
