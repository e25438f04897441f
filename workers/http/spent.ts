import { inDollars } from '../../core/telemetry/money.ts';
import type { Trace } from '../../core/telemetry/trace.ts';

/**
 * What all models of this request have read and written until now, with the cost: the same sums that the
 * request's row holds, so that an answer and `GET /api/usage` agree to the last digit.
 */
export function spent(trace: Trace): {
  readonly input: number;
  readonly output: number;
  readonly cached: number;
  readonly costUsd: number;
} {
  const sum = (read: (usage: Trace['usages'][number]) => number) =>
    trace.usages.reduce((total, usage) => total + read(usage), 0);
  return {
    input: sum((usage) => usage.inputTokens),
    output: sum((usage) => usage.outputTokens),
    cached: sum((usage) => usage.cacheReadTokens ?? 0),
    costUsd: inDollars(trace.cost),
  };
}
