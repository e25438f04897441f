import { limitsOf, refused } from '../../core/access/ledger.ts';
import type { Money } from '../../core/telemetry/money.ts';
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

/** Raises what this request holds, where it holds anything. @throws Failure `budget_exceeded`. */
export async function reserveMore(c: Context, more: Money): Promise<void> {
  const [id] = c.var.reservations;
  if (id === undefined) return;
  const refusal = await c.var.services.ledger.extend(c.var.scope.keyId, id, limitsOf(c.var.key), more);
  if (refusal !== null) throw refused(refusal);
}
