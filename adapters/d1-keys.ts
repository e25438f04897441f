import { and, asc, eq, inArray, isNull, or } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/d1';
import type { Key, KeyRepository } from '../core/access/key.ts';
import type { TenantId } from '../core/identifier.ts';
import { keys, tenants } from './database/access-tables.ts';

export function d1Keys(database: D1Database): KeyRepository {
  const db = drizzle(database);
  const ruled = (tenantId: TenantId) =>
    or(
      eq(keys.tenantId, tenantId),
      inArray(keys.tenantId, db.select({ id: tenants.id }).from(tenants).where(eq(tenants.madeBy, tenantId))),
    );
  return {
    async findByHash(hash) {
      const [row] = await db
        .select()
        .from(keys)
        .where(and(eq(keys.hash, hash), isNull(keys.revokedAt)));
      return row === undefined ? null : toKey(row);
    },
    async rules(tenantId, other) {
      if (tenantId === other) return true;
      const made = await db
        .select({ id: tenants.id })
        .from(tenants)
        .where(and(eq(tenants.id, other), eq(tenants.madeBy, tenantId)));
      return made.length > 0;
    },
    async create(key, hash, madeBy) {
      const tenant = { id: key.tenantId, name: key.name, createdAt: key.createdAt, madeBy };
      const { id, tenantId, name, budgets, rates, createdAt } = key;
      const row = { id, tenantId, name, hash, scopes: [...key.scopes], budgets, rates, createdAt };
      await db.batch([db.insert(tenants).values(tenant).onConflictDoNothing(), db.insert(keys).values(row)]);
    },
    async list(tenantId) {
      const rows = await db
        .select()
        .from(keys)
        .where(and(ruled(tenantId), isNull(keys.revokedAt)))
        .orderBy(asc(keys.createdAt), asc(keys.id));
      return rows.map(toKey);
    },
    async revoke(tenantId, id, at) {
      const revoked = await db
        .update(keys)
        .set({ revokedAt: at })
        .where(and(ruled(tenantId), eq(keys.id, id), isNull(keys.revokedAt)))
        .returning({ id: keys.id });
      return revoked.length > 0;
    },
  };
}

const toKey = ({ hash: _hash, revokedAt: _revokedAt, ...key }: typeof keys.$inferSelect): Key => key;
