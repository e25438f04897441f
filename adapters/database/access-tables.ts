import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { Budgets, Rates } from '../../core/access/key.ts';
import type { KeyId, TenantId } from '../../core/identifier.ts';
import type { KeyScope } from '../../core/scope.ts';

export const tenants = sqliteTable('tenants', {
  id: text().$type<TenantId>().primaryKey(),
  name: text().notNull(),
  createdAt: integer('created_at').notNull(),
  /** The tenant whose admin made this one; null where the operator did. */
  madeBy: text('made_by').$type<TenantId>(),
});

export const keys = sqliteTable('keys', {
  id: text().$type<KeyId>().primaryKey(),
  tenantId: text('tenant_id')
    .$type<TenantId>()
    .notNull()
    .references(() => tenants.id),
  name: text().notNull(),
  /** SHA-256 of the key in hex. The key itself is shown once and never stored. */
  hash: text().notNull().unique(),
  scopes: text({ mode: 'json' }).$type<KeyScope[]>().notNull(),
  budgets: text({ mode: 'json' }).$type<Budgets>().notNull(),
  rates: text({ mode: 'json' }).$type<Rates>().notNull(),
  createdAt: integer('created_at').notNull(),
  revokedAt: integer('revoked_at'),
});
