import { and, eq, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/d1';
import type { RefundBook } from '../core/agent/examples/refund.ts';
import type { Clock } from '../core/clock.ts';
import { exampleRefunds as refunds } from './database/example-tables.ts';

export function d1Refunds(database: D1Database, clock: Clock): RefundBook {
  const db = drizzle(database);
  return {
    async record({ tenantId, key, order, amount }) {
      await db
        .insert(refunds)
        .values({ key, tenantId, orderId: order, amount, asked: 1, recordedAt: clock() })
        .onConflictDoUpdate({ target: refunds.key, set: { asked: sql`${refunds.asked} + 1` } });
    },
    async find(tenantId, key) {
      const [row] = await db
        .select()
        .from(refunds)
        .where(and(eq(refunds.tenantId, tenantId), eq(refunds.key, key)));
      return row === undefined ? null : { tenantId, key, order: row.orderId, amount: row.amount };
    },
  };
}
