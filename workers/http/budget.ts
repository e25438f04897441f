import type { Key } from '../../core/access/key.ts';
import type { Limits, Refusal } from '../../core/access/ledger.ts';
import { Failure } from '../../core/failure.ts';
import { dollars, type Money } from '../../core/telemetry/money.ts';
import type { Context } from './context.ts';

/**
 * Reserves the most that this request can cost, before it costs anything; `telemetry` settles it with what
 * the trace says when all work has ended. Keys without budgets and rates never touch a ledger.
 */
export async function reserve(c: Context, worstCase: Money): Promise<void> {
  const limits = limitsOf(c.var.key);
  if (Object.values(limits).every((limit) => limit === null)) return;
  const answer = await c.var.services.ledger.reserve(c.var.scope.keyId, limits, worstCase);
  if ('code' in answer) throw refused(answer);
  c.var.reservations.push(answer.id);
}

function limitsOf({ budgets, rates }: Key): Limits {
  const money = (usd: number | undefined): Money | null => (usd === undefined ? null : dollars(usd));
  return {
    day: money(budgets.day_usd),
    month: money(budgets.month_usd),
    total: money(budgets.total_usd),
    requestsPerMinute: rates.requests_per_minute ?? null,
    tokensPerMinute: rates.tokens_per_minute ?? null,
  };
}

function refused({ code, limit, retryAfter }: Refusal): Failure {
  const message =
    code === 'budget_exceeded'
      ? `This request could exceed the key's budget '${limit}'.`
      : `This key has reached its rate '${limit}'.`;
  return new Failure(code, message, { retryAfter });
}
