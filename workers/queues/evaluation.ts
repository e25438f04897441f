import type { Environment, EvaluationMessage } from '../../adapters/environment.ts';
import { abandonCase, evaluateCase } from '../../core/evaluate/evaluate-case.ts';
import { resumeRuns } from '../../core/evaluate/run.ts';
import { Trace } from '../../core/telemetry/trace.ts';
import { compose, type Services } from '../composition.ts';
import { settlementOf } from './settlement.ts';

/** Case by case: an evaluation must not push the people who wait for answers aside. */
export async function consumeEvaluations(
  batch: MessageBatch<EvaluationMessage>,
  env: Environment,
): Promise<void> {
  const services = compose(env);
  for (const message of batch.messages) await consume(services, message);
}

async function consume(services: Services, message: Message<EvaluationMessage>): Promise<void> {
  const trace = new Trace('evaluation', services);
  try {
    await evaluateCase(services, message.body, trace);
    message.ack();
  } catch (error) {
    const settlement = settlementOf(error, message.attempts);
    const said = error instanceof Error ? (error.stack ?? error.message) : String(error);
    console.error(
      JSON.stringify({ traceId: trace.traceId, ...message.body, settlement: settlement.kind, said }),
    );
    if (settlement.kind === 'retry') message.retry({ delaySeconds: settlement.delaySeconds });
    else {
      await abandonCase(services, message.body, settlement.failure.message, trace.traceId);
      message.ack();
    }
  }
}

/** What the queue gave up becomes an error, never a gap and never a 0. */
export async function consumeDeadEvaluations(
  batch: MessageBatch<EvaluationMessage>,
  env: Environment,
): Promise<void> {
  const services = compose(env);
  for (const message of batch.messages) {
    await abandonCase(services, message.body, 'The case could not be answered, however often it was tried.');
    message.ack();
  }
}

/** On the cron trigger: a queue may lose what a run has sent. */
export async function resumeEvaluations(env: Environment): Promise<void> {
  const services = compose(env);
  await resumeRuns(services, (message, reason) => abandonCase(services, message, reason));
}
