import { and, eq } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/d1';
import type { FeedbackRepository } from '../core/evaluate/feedback.ts';
import { pageOf } from '../core/page.ts';
import { feedback } from './database/evaluation-tables.ts';
import { cursorOf, newestFirst, olderThan } from './database/newest-first.ts';
import { responses } from './database/response-tables.ts';

export function d1Feedback(database: D1Database): FeedbackRepository {
  const db = drizzle(database);
  return {
    async add(given) {
      await db.insert(feedback).values(given);
    },
    async list(tenantId, { limit, after }) {
      const rows = await db
        .select()
        .from(feedback)
        .where(and(eq(feedback.tenantId, tenantId), olderThan(feedback, after)))
        .orderBy(...newestFirst(feedback))
        .limit(limit + 1);
      return pageOf(rows, limit, cursorOf);
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
