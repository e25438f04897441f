import { integer, primaryKey, real, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { AnswerMetric } from '../../core/evaluate/metrics/answers.ts';
import type { Score } from '../../core/evaluate/score.ts';
import type {
  CaseId,
  DatasetId,
  EvaluationId,
  FeedbackId,
  KeyId,
  PromptId,
  ResponseId,
  TenantId,
  TraceId,
  VectorStoreId,
} from '../../core/identifier.ts';
import type { Money } from '../../core/telemetry/money.ts';

export const datasets = sqliteTable('datasets', {
  id: text().$type<DatasetId>().primaryKey(),
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  name: text().notNull(),
  hash: text().notNull(),
  size: integer().notNull(),
  createdAt: integer('created_at').notNull(),
});

export const datasetCases = sqliteTable(
  'dataset_cases',
  {
    tenantId: text('tenant_id').$type<TenantId>().notNull(),
    datasetId: text('dataset_id').$type<DatasetId>().notNull(),
    position: integer().notNull(),
    id: text().$type<CaseId>().notNull(),
    question: text().notNull(),
    answers: text({ mode: 'json' }).$type<readonly string[]>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.datasetId, table.position] })],
);

export const evaluationRuns = sqliteTable('evaluation_runs', {
  id: text().$type<EvaluationId>().primaryKey(),
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  keyId: text('key_id').$type<KeyId>().notNull(),
  datasetId: text('dataset_id').$type<DatasetId>().notNull(),
  promptId: text('prompt_id').$type<PromptId>().notNull(),
  promptVersion: integer('prompt_version').notNull(),
  vectorStoreIds: text('vector_store_ids', { mode: 'json' }).$type<readonly VectorStoreId[]>().notNull(),
  metrics: text({ mode: 'json' }).$type<readonly AnswerMetric[]>().notNull(),
  total: integer().notNull(),
  status: text({ enum: ['running', 'completed'] }).notNull(),
  createdAt: integer('created_at').notNull(),
  completedAt: integer('completed_at'),
  model: text(),
  pipeline: text(),
  definitions: text({ mode: 'json' }).$type<Readonly<Record<string, string | null>>>().notNull(),
});

export const evaluationResults = sqliteTable(
  'evaluation_results',
  {
    tenantId: text('tenant_id').$type<TenantId>().notNull(),
    runId: text('run_id').$type<EvaluationId>().notNull(),
    caseId: text('case_id').$type<CaseId>().notNull(),
    traceId: text('trace_id').$type<TraceId>(),
    answer: text(),
    scores: text({ mode: 'json' }).$type<Readonly<Record<string, Score>>>().notNull(),
    milliseconds: integer(),
    cost: integer().$type<Money>().notNull(),
    error: text(),
    createdAt: integer('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.runId, table.caseId] })],
);

export const feedback = sqliteTable('feedback', {
  id: text().$type<FeedbackId>().primaryKey(),
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  keyId: text('key_id').$type<KeyId>().notNull(),
  traceId: text('trace_id').$type<TraceId>().notNull(),
  responseId: text('response_id').$type<ResponseId>(),
  score: real().notNull(),
  comment: text(),
  correction: text(),
  createdAt: integer('created_at').notNull(),
});
