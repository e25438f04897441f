import { and, asc, eq, gt, lt, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/d1';
import type { DatasetRepository } from '../core/evaluate/dataset.ts';
import type { CountedRun, EvaluationRepository, EvaluationRun } from '../core/evaluate/run.ts';
import type { Score } from '../core/evaluate/score.ts';
import { asId } from '../core/identifier.ts';
import { type Page, pageOf } from '../core/page.ts';
import {
  datasetCases,
  datasets,
  evaluationResults as results,
  evaluationRuns as runs,
} from './database/evaluation-tables.ts';
import { cursorOf, newestFirst, olderThan, unknownPage } from './database/newest-first.ts';
import { isOneOf } from './database/ordered-page.ts';

/** D1 takes 100 bound parameters a statement and six are bound a case. */
const CASES_A_STATEMENT = 16;

export function d1Datasets(database: D1Database): DatasetRepository {
  const db = drizzle(database);
  return {
    async create(tenantId, dataset, cases) {
      const rows = cases.map((each, position) => ({ ...each, position, tenantId, datasetId: dataset.id }));
      const inserts = Array.from({ length: Math.ceil(rows.length / CASES_A_STATEMENT) }, (_, part) =>
        db.insert(datasetCases).values(rows.slice(part * CASES_A_STATEMENT, (part + 1) * CASES_A_STATEMENT)),
      );
      await db.batch([db.insert(datasets).values({ ...dataset, tenantId }), ...inserts]);
    },
    async find(tenantId, id) {
      const [row] = await db
        .select()
        .from(datasets)
        .where(and(eq(datasets.tenantId, tenantId), eq(datasets.id, id)));
      return row ?? null;
    },
    async list(tenantId, { limit, after }) {
      const rows = await db
        .select()
        .from(datasets)
        .where(and(eq(datasets.tenantId, tenantId), olderThan(datasets, after)))
        .orderBy(...newestFirst(datasets))
        .limit(limit + 1);
      return pageOf(rows, limit, cursorOf);
    },
    async cases(tenantId, datasetId, { limit, after }) {
      if (after !== null && !/^\d{1,6}$/.test(after)) throw unknownPage();
      const rows = await db
        .select()
        .from(datasetCases)
        .where(
          and(
            eq(datasetCases.tenantId, tenantId),
            eq(datasetCases.datasetId, datasetId),
            after === null ? undefined : gt(datasetCases.position, Number(after)),
          ),
        )
        .orderBy(asc(datasetCases.position))
        .limit(limit + 1);
      return pageOf(rows, limit, (row) => String(row.position));
    },
    async case(tenantId, datasetId, caseId) {
      const [row] = await db
        .select()
        .from(datasetCases)
        .where(
          and(
            eq(datasetCases.tenantId, tenantId),
            eq(datasetCases.datasetId, datasetId),
            eq(datasetCases.id, caseId),
          ),
        );
      return row ?? null;
    },
  };
}

export function d1Evaluations(database: D1Database): EvaluationRepository {
  const db = drizzle(database);

  const counted = async (found: readonly EvaluationRun[]): Promise<readonly CountedRun[]> => {
    if (found.length === 0) return [];
    const counts = await db
      .select({
        runId: results.runId,
        done: sql<number>`count(*)`,
        errors: sql<number>`count(${results.error})`,
      })
      .from(results)
      .where(
        isOneOf(
          results.runId,
          found.map((run) => run.id),
        ),
      )
      .groupBy(results.runId);
    const byRun = new Map(counts.map(({ runId, done, errors }) => [runId, { done, errors }]));
    return found.map((run) => ({ ...run, counts: byRun.get(run.id) ?? { done: 0, errors: 0 } }));
  };

  return {
    async create(run) {
      await db.insert(runs).values(run);
    },
    async find(tenantId, id) {
      const rows = await db
        .select()
        .from(runs)
        .where(and(eq(runs.tenantId, tenantId), eq(runs.id, id)));
      return (await counted(rows))[0] ?? null;
    },
    async list(tenantId, { limit, after }) {
      const rows = await db
        .select()
        .from(runs)
        .where(and(eq(runs.tenantId, tenantId), olderThan(runs, after)))
        .orderBy(...newestFirst(runs))
        .limit(limit + 1);
      const page: Page<EvaluationRun> = pageOf(rows, limit, cursorOf);
      return { data: await counted(page.data), next: page.next };
    },
    async results(tenantId, runId, { limit, after }) {
      const rows = await db
        .select()
        .from(results)
        .where(
          and(
            eq(results.tenantId, tenantId),
            eq(results.runId, runId),
            after === null ? undefined : gt(results.caseId, asId(after)),
          ),
        )
        .orderBy(asc(results.caseId))
        .limit(limit + 1);
      return pageOf(rows, limit, (row) => row.caseId);
    },
    async scores(tenantId, runId) {
      const rows = await db
        .select({ caseId: results.caseId, scores: results.scores })
        .from(results)
        .where(and(eq(results.tenantId, tenantId), eq(results.runId, runId)))
        .orderBy(asc(results.caseId));
      return rows.flatMap(({ caseId, scores }) =>
        Object.entries(scores).map(([metric, score]: [string, Score]) => ({ case: caseId, metric, score })),
      );
    },
    async answered(tenantId, runId, caseId) {
      const found = await db
        .select({ error: results.error })
        .from(results)
        .where(and(eq(results.tenantId, tenantId), eq(results.runId, runId), eq(results.caseId, caseId)));
      return found.some((row) => row.error === null);
    },
    async forgetPipeline(tenantId, runId) {
      await db
        .update(runs)
        .set({ pipeline: null })
        .where(and(eq(runs.tenantId, tenantId), eq(runs.id, runId)));
    },
    async forgetDefinition(tenantId, runId, metric) {
      await db
        .update(runs)
        .set({ definitions: sql`json_set(${runs.definitions}, ${`$.${metric}`}, json('null'))` })
        .where(and(eq(runs.tenantId, tenantId), eq(runs.id, runId)));
    },
    async stalled(before) {
      return db
        .select()
        .from(runs)
        .where(
          and(
            eq(runs.status, 'running'),
            lt(runs.createdAt, before),
            sql`NOT EXISTS (SELECT 1 FROM evaluation_results r WHERE r.run_id = ${runs.id} AND r.created_at >= ${before})`,
          ),
        )
        .limit(100);
    },
    async record(result) {
      const { tenantId: _tenant, runId: _run, caseId: _case, ...changes } = result;
      const recorded = db
        .insert(results)
        .values(result)
        .onConflictDoUpdate({
          target: [results.runId, results.caseId],
          set: changes,
          setWhere: sql`${results.error} IS NOT NULL`,
        });
      const completed = db
        .update(runs)
        .set({ status: 'completed', completedAt: result.createdAt })
        .where(
          and(
            eq(runs.id, result.runId),
            eq(runs.status, 'running'),
            sql`(SELECT count(*) FROM evaluation_results r WHERE r.run_id = ${result.runId}) >= ${runs.total}`,
          ),
        );
      await db.batch([recorded, completed]);
    },
  };
}
