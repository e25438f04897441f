import { errorReport } from '../../core/error-message.ts';
import { Failure } from '../../core/failure.ts';

/** What becomes of a message whose work threw. */
export type Settlement =
  | { readonly kind: 'retry'; readonly delaySeconds: number }
  /** Trying again cannot help: the message is done, and anyone waiting for it must be told. */
  | { readonly kind: 'give-up'; readonly failure: Failure };

const FIRST_DELAY = 2;
const LONGEST_DELAY = 120;

/**
 * The one place that decides what becomes of a message that failed. A failure that time may heal comes again, later
 * each time; so does a bug, because a deploy may heal it; after its last try the queue itself moves the message
 * to the dead letters.
 * @param attempts How often the message has been delivered, from 1.
 */
export function settlementOf(error: unknown, attempts: number): Settlement {
  if (error instanceof Failure && !error.retryable) return { kind: 'give-up', failure: error };
  return { kind: 'retry', delaySeconds: retryDelay(error, attempts) };
}

/** Seconds: what the failure asks for, and no less than twice the time before. */
function retryDelay(error: unknown, attempts: number): number {
  const asked = error instanceof Failure ? (error.details.retryAfter ?? 0) : 0;
  const backoff = FIRST_DELAY * 2 ** Math.max(0, attempts - 1);
  return Math.min(LONGEST_DELAY, Math.max(asked, backoff));
}

/**
 * Does a message's work and decides its fate. `giveUp` tells anyone waiting that trying again cannot help; without it
 * every failure is tried again. Never throws: a message whose work does must not take the rest of its batch with it.
 */
export async function settleMessage<Body extends object>(
  message: Message<Body>,
  traceId: string | null,
  work: () => Promise<void>,
  giveUp?: (failure: Failure) => Promise<void>,
): Promise<void> {
  try {
    try {
      await work();
    } catch (error) {
      const settlement = settlementOf(error, message.attempts);
      if (settlement.kind === 'retry' || giveUp === undefined) throw error;
      report(message, traceId, error);
      await giveUp(settlement.failure);
    }
    message.ack();
  } catch (error) {
    report(message, traceId, error);
    message.retry({ delaySeconds: retryDelay(error, message.attempts) });
  }
}

function report<Body extends object>(message: Message<Body>, traceId: string | null, error: unknown): void {
  console.error(
    JSON.stringify({ traceId, ...message.body, attempt: message.attempts, said: errorReport(error) }),
  );
}
