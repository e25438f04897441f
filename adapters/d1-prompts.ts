import { and, asc, desc, eq, gt, inArray, lt, max, min, type SQL } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/d1';
import { canonicalJson } from '../core/canonical-json.ts';
import { asId, type PromptId, type TenantId } from '../core/identifier.ts';
import { pageOf } from '../core/page.ts';
import {
  DEPLOYED,
  type NewVersion,
  PRODUCTION,
  type Prompt,
  type PromptRepository,
} from '../core/prompts/library.ts';
import type { PromptVersion } from '../core/prompts/prompt.ts';
import { promptLabels as labels, promptVersions as versions } from './database/prompt-tables.ts';

/** Numbers the version inside the statement, so that two writers cannot take the same number. */
const APPEND = `
  INSERT INTO prompt_versions (tenant_id, prompt_id, version, hash, content, created_at)
  SELECT ?1, ?2, COALESCE(MAX(version), 0) + 1, ?3, ?4, ?5
  FROM prompt_versions WHERE tenant_id = ?1 AND prompt_id = ?2
  ON CONFLICT (tenant_id, prompt_id, hash) DO NOTHING`;

/** A prompt's first version is its production until somebody says otherwise. */
const FIRST_LABEL = `
  INSERT INTO prompt_labels (tenant_id, prompt_id, label, version, changed_at)
  VALUES (?1, ?2, '${PRODUCTION}', 1, ?3) ON CONFLICT DO NOTHING`;

const VERSION_OF_HASH = 'FROM prompt_versions WHERE tenant_id = ?1 AND prompt_id = ?2 AND hash = ?3';

/** Reads where `deployed` points before that is moved. */
const FOLLOW_DEPLOYED = `
  INSERT INTO prompt_labels (tenant_id, prompt_id, label, version, changed_at)
  SELECT ?1, ?2, '${PRODUCTION}', version, ?4 ${VERSION_OF_HASH}
  ON CONFLICT (tenant_id, prompt_id, label) DO UPDATE SET version = excluded.version, changed_at = ?4
  WHERE prompt_labels.version = (
    SELECT before.version FROM prompt_labels AS before
    WHERE before.tenant_id = ?1 AND before.prompt_id = ?2 AND before.label = '${DEPLOYED}')`;

const PUT_DEPLOYED = `
  INSERT INTO prompt_labels (tenant_id, prompt_id, label, version, changed_at)
  SELECT ?1, ?2, '${DEPLOYED}', version, ?4 ${VERSION_OF_HASH}
  ON CONFLICT (tenant_id, prompt_id, label) DO UPDATE SET version = excluded.version, changed_at = ?4`;

const PUT_LABEL = `
  INSERT INTO prompt_labels (tenant_id, prompt_id, label, version, changed_at) VALUES (?1, ?2, ?3, ?4, ?5)
  ON CONFLICT (tenant_id, prompt_id, label) DO UPDATE SET version = ?4, changed_at = ?5`;

export function d1Prompts(database: D1Database): PromptRepository {
  const db = drizzle(database);
  const labelsOf = (tenantId: TenantId, promptIds: readonly PromptId[]) =>
    db
      .select()
      .from(labels)
      .where(and(eq(labels.tenantId, tenantId), inArray(labels.promptId, [...promptIds])))
      .orderBy(asc(labels.label));

  const appending = (tenantId: TenantId, promptId: PromptId, added: readonly NewVersion[]) =>
    added.map((version) =>
      database
        .prepare(APPEND)
        .bind(tenantId, promptId, version.hash, canonicalJson(version.content), version.createdAt),
    );

  const read = async (tenantId: TenantId, promptId: PromptId, where: SQL | undefined, limit: number) => {
    const [rows, labelRows] = await db.batch([
      db
        .select()
        .from(versions)
        .where(and(eq(versions.tenantId, tenantId), eq(versions.promptId, promptId), where))
        .orderBy(desc(versions.version))
        .limit(limit),
      labelsOf(tenantId, [promptId]),
    ]);
    return rows.map((row) => toVersion(row, labelRows));
  };

  return {
    async prompts(tenantId, { limit, after }) {
      const rows = await db
        .select({
          id: versions.promptId,
          latestVersion: max(versions.version),
          createdAt: min(versions.createdAt),
        })
        .from(versions)
        .where(
          and(
            eq(versions.tenantId, tenantId),
            after === null ? undefined : gt(versions.promptId, asId(after)),
          ),
        )
        .groupBy(versions.promptId)
        .orderBy(asc(versions.promptId))
        .limit(limit + 1);
      const page = pageOf(rows, limit, (row) => row.id);
      if (page.data.length === 0) return { data: [], next: null };
      // At most 100 a page, and D1 takes 100 parameters a statement: the tenant is one of them.
      const found = (
        await Promise.all(
          [page.data.slice(0, 50), page.data.slice(50)]
            .filter((part) => part.length > 0)
            .map((part) =>
              labelsOf(
                tenantId,
                part.map((row) => row.id),
              ),
            ),
        )
      ).flat();
      const data = page.data.map(
        (row): Prompt => ({
          id: row.id,
          latestVersion: row.latestVersion ?? 1,
          createdAt: row.createdAt ?? 0,
          labels: Object.fromEntries(
            found.filter((label) => label.promptId === row.id).map((label) => [label.label, label.version]),
          ),
        }),
      );
      return { data, next: page.next };
    },

    async versions(tenantId, promptId, { limit, after }) {
      const older = after === null ? undefined : lt(versions.version, Number(after));
      const rows = await read(tenantId, promptId, older, limit + 1);
      return pageOf(rows, limit, (row) => String(row.version));
    },

    async find(tenantId, promptId, which) {
      const labelled = (label: string) =>
        db
          .select({ version: labels.version })
          .from(labels)
          .where(and(eq(labels.tenantId, tenantId), eq(labels.promptId, promptId), eq(labels.label, label)));
      const where =
        'version' in which
          ? eq(versions.version, which.version)
          : 'hash' in which
            ? eq(versions.hash, which.hash)
            : inArray(versions.version, labelled(which.label));
      return (await read(tenantId, promptId, where, 1))[0] ?? null;
    },

    async append(tenantId, promptId, added) {
      if (added.length === 0) return;
      const at = added[0]?.createdAt ?? 0;
      await database.batch([
        ...appending(tenantId, promptId, added),
        database.prepare(FIRST_LABEL).bind(tenantId, promptId, at),
      ]);
    },

    async deploy(tenantId, promptId, added, hash) {
      const at = added[0]?.createdAt ?? 0;
      const labelling = [FOLLOW_DEPLOYED, PUT_DEPLOYED].map((statement) =>
        database.prepare(statement).bind(tenantId, promptId, hash, at),
      );
      await database.batch([...appending(tenantId, promptId, added), ...labelling]);
    },

    async label(tenantId, promptId, label, version, at) {
      await database.prepare(PUT_LABEL).bind(tenantId, promptId, label, version, at).run();
    },
  };
}

const toVersion = (
  row: typeof versions.$inferSelect,
  found: readonly (typeof labels.$inferSelect)[],
): PromptVersion => ({
  ...row.content,
  promptId: row.promptId,
  version: row.version,
  hash: row.hash,
  labels: found.filter((label) => label.version === row.version).map((label) => label.label),
  createdAt: row.createdAt,
});
