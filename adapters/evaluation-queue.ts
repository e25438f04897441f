import type { EvaluationQueue } from '../core/evaluate/run.ts';
import type { EvaluationMessage } from './environment.ts';

/** Queues take 100 messages and 256 KB a batch; the core sends at most 100, of about 120 bytes each. */
export const evaluationQueue = (queue: Queue<EvaluationMessage>): EvaluationQueue => ({
  async send(messages, delaySeconds = 0) {
    await queue.sendBatch(
      messages.map((body) => ({ body })),
      { delaySeconds },
    );
  },
});
