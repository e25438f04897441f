import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { TenantId } from '../../core/identifier.ts';
import type { Chunking } from '../../core/ingest/chunk.ts';
import type { DocumentError, DocumentStage, DocumentStatus } from '../../core/ingest/document.ts';
import type { FilePurpose } from '../../core/ingest/file.ts';
import type { FileAttributes } from '../../core/retrieve/filter.ts';

export const files = sqliteTable('files', {
  id: text().primaryKey(),
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  filename: text().notNull(),
  purpose: text().$type<FilePurpose>().notNull(),
  contentType: text('content_type').notNull(),
  bytes: integer().notNull(),
  sha256: text().notNull(),
  createdAt: integer('created_at').notNull(),
  expiresAt: integer('expires_at'),
  hiddenAt: integer('hidden_at'),
});

export const vectorStores = sqliteTable('vector_stores', {
  id: text().primaryKey(),
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  name: text().notNull(),
  description: text(),
  metadata: text({ mode: 'json' }).$type<Readonly<Record<string, string>>>().notNull(),
  expiresAfterDays: integer('expires_after_days'),
  createdAt: integer('created_at').notNull(),
  lastActiveAt: integer('last_active_at').notNull(),
  expiredAt: integer('expired_at'),
  removedAt: integer('removed_at'),
});

export const fileBatches = sqliteTable('file_batches', {
  id: text().primaryKey(),
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  vectorStoreId: text('vector_store_id').notNull(),
  createdAt: integer('created_at').notNull(),
  cancelledAt: integer('cancelled_at'),
});

export const documents = sqliteTable('documents', {
  id: text().primaryKey(),
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  keyId: text('key_id').notNull(),
  vectorStoreId: text('vector_store_id').notNull(),
  fileId: text('file_id').notNull(),
  batchId: text('batch_id'),
  status: text().$type<DocumentStatus>().notNull(),
  stage: text().$type<DocumentStage>().notNull(),
  attributes: text({ mode: 'json' }).$type<FileAttributes>().notNull(),
  chunking: text({ mode: 'json' }).$type<Chunking>().notNull(),
  generation: text(),
  blocks: integer().notNull().default(0),
  passages: integer().notNull().default(0),
  embedded: integer().notNull().default(0),
  usageBytes: integer('usage_bytes').notNull().default(0),
  withoutVectors: integer('without_vectors', { mode: 'boolean' }).notNull().default(false),
  waitingFor: text('waiting_for'),
  waitingSince: integer('waiting_since'),
  unread: text(),
  settlingSince: integer('settling_since'),
  errorCode: text('error_code').$type<DocumentError['code']>(),
  errorReason: text('error_reason'),
  errorMessage: text('error_message'),
  attempts: integer().notNull().default(0),
  lease: text(),
  leaseUntil: integer('lease_until').notNull().default(0),
  dueAt: integer('due_at'),
  createdAt: integer('created_at').notNull(),
  removedAt: integer('removed_at'),
});
