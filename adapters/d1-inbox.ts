import { and, count, eq, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/d1';
import type { Inbox, InterruptFilter, RunSummary } from '../core/agent/inbox.ts';
import type { TenantId } from '../core/identifier.ts';
import { pageOf } from '../core/page.ts';
import { agentInterrupts as interrupts, agentRuns as runs } from './database/agent-tables.ts';
import { cursorOf, newerThan, newestFirst, olderThan, oldestFirst } from './database/newest-first.ts';

export function d1Inbox(database: D1Database): Inbox {
  const db = drizzle(database);
  return {
    async publish({ run, step }, own) {
      const { id, tenantId, threadId, agent, status, error, origin, version, createdAt } = run;
      const forkedFrom = origin === null ? null : { runId: origin.runId, step: origin.step };
      const row = { id, tenantId, threadId, agent, status, step, error, forkedFrom, version, createdAt };
      const entries = own.map((interrupt) => ({
        id: interrupt.id,
        tenantId,
        runId: id,
        agent,
        status: interrupt.status,
        body: interrupt,
        version,
        createdAt: interrupt.createdAt,
      }));
      await db.batch([
        db
          .insert(runs)
          .values(row)
          .onConflictDoUpdate({
            target: runs.id,
            set: row,
            setWhere: sql`excluded.version > ${runs.version}`,
          }),
        ...entries.map((entry) =>
          db
            .insert(interrupts)
            .values(entry)
            .onConflictDoUpdate({
              target: interrupts.id,
              set: entry,
              setWhere: sql`excluded.version > ${interrupts.version}`,
            }),
        ),
      ]);
    },

    async knows(tenantId, runId) {
      const found = await db
        .select({ id: runs.id })
        .from(runs)
        .where(and(eq(runs.id, runId), eq(runs.tenantId, tenantId)));
      return found.length > 0;
    },

    async runs(tenantId, filter, { limit, after }) {
      const found = await db
        .select()
        .from(runs)
        .where(
          and(
            eq(runs.tenantId, tenantId),
            filter.agent === undefined ? undefined : eq(runs.agent, filter.agent),
            filter.threadId === undefined ? undefined : eq(runs.threadId, filter.threadId),
            filter.status === undefined ? undefined : eq(runs.status, filter.status),
            olderThan(runs, after),
          ),
        )
        .orderBy(...newestFirst(runs))
        .limit(limit + 1);
      const { data, next } = pageOf(found, limit, cursorOf);
      return { data: data.map(({ tenantId: _tenant, version: _version, ...run }): RunSummary => run), next };
    },

    async interrupts(tenantId, filter, { limit, after }) {
      const rising = filter.order === 'asc';
      const behind = rising ? newerThan(interrupts, after) : olderThan(interrupts, after);
      const found = await db
        .select()
        .from(interrupts)
        .where(and(wanted(tenantId, filter), behind))
        .orderBy(...(rising ? oldestFirst(interrupts) : newestFirst(interrupts)))
        .limit(limit + 1);
      const { data, next } = pageOf(found, limit, cursorOf);
      return { data: data.map(({ body, agent }) => ({ ...body, agent })), next };
    },

    async countInterrupts(tenantId, filter, most) {
      const some = db
        .select({ id: interrupts.id })
        .from(interrupts)
        .where(wanted(tenantId, filter))
        .limit(most)
        .as('some');
      const [found] = await db.select({ count: count() }).from(some);
      return found?.count ?? 0;
    },
  };
}

const wanted = (tenantId: TenantId, { runId, status }: InterruptFilter) =>
  and(
    eq(interrupts.tenantId, tenantId),
    runId === undefined ? undefined : eq(interrupts.runId, runId),
    status === undefined ? undefined : eq(interrupts.status, status),
  );
