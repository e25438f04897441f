import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { ResponseId, TenantId, TraceId } from '../../core/identifier.ts';
import type { Message } from '../../core/models/conversation.ts';

export const responses = sqliteTable('responses', {
  id: text().$type<ResponseId>().primaryKey(),
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  previousId: text('previous_id').$type<ResponseId>(),
  traceId: text('trace_id').$type<TraceId>().notNull(),
  model: text().notNull(),
  promptVersion: text('prompt_version'),
  question: text().notNull(),
  answer: text().notNull(),
  turn: text({ mode: 'json' }).$type<readonly Message[]>().notNull(),
  body: text({ mode: 'json' }).$type<Readonly<Record<string, unknown>>>().notNull(),
  createdAt: integer('created_at').notNull(),
});
