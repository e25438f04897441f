import { integer, real, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** Of the example agent alone (migration 0011): it goes when the example goes. */
export const exampleRefunds = sqliteTable('example_refunds', {
  key: text().primaryKey(),
  tenantId: text('tenant_id').notNull(),
  orderId: text('order_id').notNull(),
  amount: real().notNull(),
  asked: integer().notNull(),
  recordedAt: integer('recorded_at').notNull(),
});
