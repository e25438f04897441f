import { integer, primaryKey, sqliteTable, text, unique } from 'drizzle-orm/sqlite-core';
import type { PromptId, TenantId } from '../../core/identifier.ts';
import type { PromptContent } from '../../core/prompts/prompt.ts';

export const promptVersions = sqliteTable(
  'prompt_versions',
  {
    tenantId: text('tenant_id').$type<TenantId>().notNull(),
    promptId: text('prompt_id').$type<PromptId>().notNull(),
    version: integer().notNull(),
    hash: text().notNull(),
    content: text({ mode: 'json' }).$type<PromptContent>().notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.promptId, table.version] }),
    unique().on(table.tenantId, table.promptId, table.hash),
  ],
);

export const promptLabels = sqliteTable(
  'prompt_labels',
  {
    tenantId: text('tenant_id').$type<TenantId>().notNull(),
    promptId: text('prompt_id').$type<PromptId>().notNull(),
    label: text().notNull(),
    version: integer().notNull(),
    changedAt: integer('changed_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.promptId, table.label] })],
);
