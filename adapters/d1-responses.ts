import { and, eq, inArray } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/d1';
import type { ResponseRepository } from '../core/answer/response-repository.ts';
import type { ResponseId, TenantId } from '../core/identifier.ts';
import type { Message } from '../core/models/conversation.ts';
import { responses } from './database/response-tables.ts';

/** Turns that a conversation is continued from; older ones are forgotten rather than paid for again. */
const TURNS = 50;

/** D1 binds at most 100 values a statement. */
const IDS_A_STATEMENT = 90;

/** Walks back over `previous_id` inside the tenant, and answers oldest first. */
const conversationSql = `
  WITH RECURSIVE chain (id, previous_id, turn, depth) AS (
    SELECT id, previous_id, turn, 0 FROM responses WHERE tenant_id = ?1 AND id = ?2
    UNION ALL
    SELECT r.id, r.previous_id, r.turn, chain.depth + 1
    FROM responses r JOIN chain ON r.id = chain.previous_id
    WHERE r.tenant_id = ?1 AND chain.depth + 1 < ?3
  )
  SELECT turn FROM chain ORDER BY depth DESC`;

export function d1Responses(database: D1Database): ResponseRepository {
  const db = drizzle(database);
  const own = (tenantId: TenantId, id: ResponseId) =>
    and(eq(responses.tenantId, tenantId), eq(responses.id, id));
  return {
    async save(tenantId, response) {
      await db.insert(responses).values({ ...response, tenantId });
    },
    async find(tenantId, id) {
      const [row] = await db.select().from(responses).where(own(tenantId, id));
      if (row === undefined) return null;
      const { tenantId: _, ...response } = row;
      return response;
    },
    async findAll(tenantId, ids) {
      const rows = [];
      for (let at = 0; at < ids.length; at += IDS_A_STATEMENT) {
        const some = ids.slice(at, at + IDS_A_STATEMENT);
        const mine = and(eq(responses.tenantId, tenantId), inArray(responses.id, some));
        rows.push(...(await db.select().from(responses).where(mine)));
      }
      return rows.map(({ tenantId: _, ...response }) => response);
    },
    async conversation(tenantId, id) {
      const { results } = await database
        .prepare(conversationSql)
        .bind(tenantId, id, TURNS)
        .all<{ turn: string }>();
      if (results.length === 0) return null;
      return results.flatMap(({ turn }) => JSON.parse(turn) as Message[]);
    },
    async remove(tenantId, id) {
      const removed = await db.delete(responses).where(own(tenantId, id)).returning({ id: responses.id });
      return removed.length > 0;
    },
  };
}
