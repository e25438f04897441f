import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { BatchId, DocumentId, FileId, KeyId, TenantId, VectorStoreId } from '../../core/identifier.ts';
import type { Chunking } from '../../core/ingest/chunk.ts';
import type { DocumentError, DocumentStage, DocumentStatus } from '../../core/ingest/document.ts';
import type { FilePurpose } from '../../core/ingest/file.ts';
import type { FileAttributes } from '../../core/retrieve/filter.ts';

export const files = sqliteTable('files', {
  id: text().$type<FileId>().primaryKey(),
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
  id: text().$type<VectorStoreId>().primaryKey(),
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  name: text().notNull(),
  description: text(),
  metadata: text({ mode: 'json' }).$type<Readonly<Record<string, string>>>().notNull(),
  expiresAfterDays: integer('expires_after_days'),
  ocr: integer({ mode: 'boolean' }),
  chunking: text({ mode: 'json' }).$type<Chunking>(),
  createdAt: integer('created_at').notNull(),
  lastActiveAt: integer('last_active_at').notNull(),
  expiredAt: integer('expired_at'),
  removedAt: integer('removed_at'),
});

export const fileBatches = sqliteTable('file_batches', {
  id: text().$type<BatchId>().primaryKey(),
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  vectorStoreId: text('vector_store_id').$type<VectorStoreId>().notNull(),
  createdAt: integer('created_at').notNull(),
  cancelledAt: integer('cancelled_at'),
});

export const documents = sqliteTable('documents', {
  id: text().$type<DocumentId>().primaryKey(),
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  keyId: text('key_id').$type<KeyId>().notNull(),
  vectorStoreId: text('vector_store_id').$type<VectorStoreId>().notNull(),
  fileId: text('file_id').$type<FileId>().notNull(),
  batchId: text('batch_id').$type<BatchId>(),
  status: text().$type<DocumentStatus>().notNull(),
  stage: text().$type<DocumentStage>().notNull(),
  attributes: text({ mode: 'json' }).$type<FileAttributes>().notNull(),
  chunking: text({ mode: 'json' }).$type<Chunking>().notNull(),
  ocr: integer({ mode: 'boolean' }).notNull().default(false),
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
