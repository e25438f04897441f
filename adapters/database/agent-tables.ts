import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { RunSummary } from '../../core/agent/inbox.ts';
import type { InterruptRecord, InterruptStatus, RunStatus } from '../../core/agent/journal.ts';
import type { InterruptId, RunId, TenantId } from '../../core/identifier.ts';

export const agentRuns = sqliteTable('agent_runs', {
  id: text().$type<RunId>().primaryKey(),
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  threadId: text('thread_id').notNull(),
  agent: text().notNull(),
  status: text().$type<RunStatus>().notNull(),
  step: integer().notNull(),
  error: text({ mode: 'json' }).$type<RunSummary['error']>(),
  forkedFrom: text('forked_from', { mode: 'json' }).$type<RunSummary['forkedFrom']>(),
  version: integer().notNull(),
  createdAt: integer('created_at').notNull(),
});

export const agentInterrupts = sqliteTable('agent_interrupts', {
  id: text().$type<InterruptId>().primaryKey(),
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  runId: text('run_id').$type<RunId>().notNull(),
  agent: text().notNull(),
  status: text().$type<InterruptStatus>().notNull(),
  body: text({ mode: 'json' }).$type<InterruptRecord>().notNull(),
  version: integer().notNull(),
  createdAt: integer('created_at').notNull(),
});
