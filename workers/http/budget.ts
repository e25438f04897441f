import type { Money } from '../../core/telemetry/money.ts';
import type { Context } from './context.ts';

/** Reserves what this request is about to cost at most. @throws Failure `budget_exceeded`, `rate_limit_exceeded`. */
export const reserve = (c: Context, amount: Money): Promise<void> => c.var.meter.afford(amount);
