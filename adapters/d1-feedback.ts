import { and, desc, eq, lt, or } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/d1';
import type { FeedbackStore } from '../core/evaluate/feedback.ts';
import { pageOf } from '../core/page.ts';
import { feedback } from './database/evaluation-tables.ts';
import { responses } from './database/response-tables.ts';

export function d1Feedback(database: D1Database): FeedbackStore {
  const db = drizzle(database);
  return {
    async add(given) {
      await db.insert(feedback).values(given);
    },
    async list(tenantId, { limit, after }) {
      const [at, id = ''] = (after ?? '').split('.');
      const createdAt = Number(at);
      const older =
        after === null
          ? undefined
          : or(
              lt(feedback.createdAt, createdAt),
              and(eq(feedback.createdAt, createdAt), lt(feedback.id, id)),
            );
      const rows = await db
        .select()
        .from(feedback)
        .where(and(eq(feedback.tenantId, tenantId), older))
        .orderBy(desc(feedback.createdAt), desc(feedback.id))
        .limit(limit + 1);
      return pageOf(rows, limit, (row) => `${row.createdAt}.${row.id}`);
    },
    async responseOf(tenantId, traceId) {
      const [row] = await db
        .select({ id: responses.id })
        .from(responses)
        .where(and(eq(responses.tenantId, tenantId), eq(responses.traceId, traceId)));
      return row?.id ?? null;
    },
  };
}
