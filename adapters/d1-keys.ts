import { and, eq, inArray, isNull, like, not, or, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/d1';
import type { Key, KeyRepository } from '../core/access/key.ts';
import type { TenantId } from '../core/identifier.ts';
import { pageOf } from '../core/page.ts';
import { keyScopes } from '../core/scope.ts';
import { keys, tenants } from './database/access-tables.ts';
import { cursorOf, newerThan, oldestFirst } from './database/newest-first.ts';

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
    async choose(id, hash, at) {
      const scopes = JSON.stringify(keyScopes);
      await database.batch([
        database
          .prepare(
            `INSERT INTO tenants (id, name, created_at) SELECT 'tenant_first', 'First tenant', ?1
             WHERE NOT EXISTS (SELECT 1 FROM tenants WHERE made_by IS NULL) ON CONFLICT DO NOTHING`,
          )
          .bind(at),
        database
          .prepare(
            `INSERT INTO keys (id, tenant_id, name, hash, scopes, budgets, rates, created_at)
             SELECT ?1, id, 'ADMIN_KEY', ?2, ?3, '{}', '{}', ?4 FROM tenants WHERE made_by IS NULL
             ORDER BY created_at, id LIMIT 1
             ON CONFLICT (id) DO UPDATE SET hash = excluded.hash, scopes = excluded.scopes, revoked_at = NULL
             WHERE hash <> excluded.hash`,
          )
          .bind(id, hash, scopes, at),
      ]);
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
    async list(tenantId, { limit, after }) {
      const rows = await db
        .select()
        .from(keys)
        .where(and(ruled(tenantId), isNull(keys.revokedAt), newerThan(keys, after)))
        .orderBy(...oldestFirst(keys))
        .limit(limit + 1);
      const page = pageOf(rows, limit, cursorOf);
      return { data: page.data.map(toKey), next: page.next };
    },
    async find(tenantId, id) {
      const [row] = await db
        .select()
        .from(keys)
        .where(and(ruled(tenantId), eq(keys.id, id), isNull(keys.revokedAt)));
      return row === undefined ? null : toKey(row);
    },
    async revoke(tenantId, id, at) {
      const isAdmin = like(keys.scopes, '%"admin"%');
      const admins = db
        .select({ id: keys.id })
        .from(keys)
        .where(and(eq(keys.tenantId, tenantId), isNull(keys.revokedAt), isAdmin));
      // Another tenant's key can always be revoked: the tenant's creator can make a new one.
      const stays = and(eq(keys.tenantId, tenantId), isAdmin, eq(sql`(select count(*) from ${admins})`, 1));
      const wanted = and(ruled(tenantId), eq(keys.id, id), isNull(keys.revokedAt));
      const revoked = await db
        .update(keys)
        .set({ revokedAt: at })
        .where(and(wanted, not(sql`(${stays})`)))
        .returning({ id: keys.id });
      if (revoked.length > 0) return 'revoked';
      const left = await db.select({ id: keys.id }).from(keys).where(wanted);
      return left.length > 0 ? 'last-admin' : 'unknown';
    },
  };
}

const toKey = ({ hash: _hash, revokedAt: _revokedAt, ...key }: typeof keys.$inferSelect): Key => key;
