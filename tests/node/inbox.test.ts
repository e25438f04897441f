import { describe, expect, test } from 'vitest';
import { d1Inbox } from '../../adapters/d1-inbox.ts';
import { ask, defineAgent } from '../../core/agent/graph.ts';
import { publish } from '../../core/agent/inbox.ts';
import { readRun } from '../../core/agent/run.ts';
import { asId, newId, type RunId, type TenantId } from '../../core/identifier.ts';
import { AgentBench } from '../agent-bench.ts';
import { d1OnNode } from './d1-on-node.ts';

const tenantId = asId<TenantId>('tenant_bench');
const all = { limit: 100, after: null };
const runOf = (digit: number) => asId<RunId>(`run_${digit.toString(16).padStart(32, '0')}`);

/** Asks one person twice, one question after the other. */
const asking = defineAgent<{ readonly order: string }, 'first' | 'second'>({
  name: 'asking',
  title: 'Asking',
  description: '',
  inputSchema: { type: 'object' },
  start: 'first',
  nodes: {
    first: {
      *run() {
        yield* ask('one', 'Which colour?', { type: 'string' });
        return {};
      },
      next: 'second',
    },
    second: {
      *run() {
        yield* ask('two', 'Which size?', { type: 'string' });
        return {};
      },
      next: null,
    },
  },
  output: () => null,
});

function bench() {
  const inbox = d1Inbox(d1OnNode('main'));
  const agents = new AgentBench(asking);
  const tell = () => publish({ ...agents.deps, inbox });
  return { inbox, agents, tell };
}

describe('the lists of runs and interrupts', () => {
  test('show what a run shows: its state, and the interrupt that waits', async () => {
    const { inbox, agents, tell } = bench();
    const id = agents.start({ order: 'A' });
    await tell();
    expect(await inbox.runs(tenantId, {}, all)).toMatchObject({
      data: [{ id, agent: 'asking', status: 'running', step: 0, forkedFrom: null }],
      next: null,
    });
    await agents.alarm();
    await tell();
    expect((await inbox.runs(tenantId, { status: 'interrupted' }, all)).data).toMatchObject([{ id }]);
    const { data } = await inbox.interrupts(tenantId, { status: 'pending' }, all);
    expect(data).toMatchObject([{ runId: id, agent: 'asking', message: 'Which colour?' }]);
    await agents.finish(id, () => ({ action: 'respond', value: 'red' }));
    await tell();
    expect((await inbox.runs(tenantId, {}, all)).data).toMatchObject([{ status: 'completed', step: 2 }]);
    expect((await inbox.interrupts(tenantId, { status: 'pending' }, all)).data).toEqual([]);
    expect(await inbox.countInterrupts(tenantId, { status: 'answered', runId: id }, 10)).toBe(2);
  });

  test('AGT-20: an older copy that comes late replaces nothing', async () => {
    const { inbox, agents, tell } = bench();
    const id = agents.start({ order: 'A' });
    const older = readRun(agents.deps, tenantId, id);
    await agents.alarm();
    await tell();
    await inbox.publish(older, []);
    expect((await inbox.runs(tenantId, {}, all)).data).toMatchObject([{ status: 'interrupted' }]);
    const [asked] = agents.waiting(id);
    const standing = readRun(agents.deps, tenantId, id);
    if (asked === undefined) throw new Error('Nothing was asked.');
    agents.answer(asked, { action: 'respond', value: 'red' });
    await tell();
    await inbox.publish(standing, [asked]);
    expect(await inbox.countInterrupts(tenantId, { status: 'pending' }, 10)).toBe(0);
  });

  test('another tenant sees none of it', async () => {
    const { inbox, agents, tell } = bench();
    const id = agents.start({ order: 'A' });
    await agents.alarm();
    await tell();
    const other = newId('tenant');
    expect(await inbox.knows(tenantId, id)).toBe(true);
    expect(await inbox.knows(other, id)).toBe(false);
    expect((await inbox.runs(other, {}, all)).data).toEqual([]);
    expect((await inbox.interrupts(other, {}, all)).data).toEqual([]);
    expect(await inbox.countInterrupts(other, {}, 10)).toBe(0);
  });

  test('come in pages, the inbox in either order, and are counted no further than asked', async () => {
    const { inbox, agents, tell } = bench();
    const ids = Array.from({ length: 7 }, (_, at) => runOf(at));
    for (const id of ids) {
      agents.start({ order: 'A' }, id);
      agents.now += 1;
    }
    await agents.alarm();
    await tell();
    const pages = async (read: (after: string | null) => Promise<{ ids: RunId[]; next: string | null }>) => {
      const seen: RunId[] = [];
      for (let after: string | null = null; ; ) {
        const page = await read(after);
        seen.push(...page.ids);
        if (page.next === null) return seen;
        after = page.next;
      }
    };
    const runs = await pages(async (after) => {
      const { data, next } = await inbox.runs(tenantId, { agent: 'asking' }, { limit: 3, after });
      return { ids: data.map(({ id }) => id), next };
    });
    expect(runs).toEqual(ids.toReversed());
    const rising = await pages(async (after) => {
      const { data, next } = await inbox.interrupts(tenantId, { order: 'asc' }, { limit: 3, after });
      return { ids: data.map(({ runId }) => runId), next };
    });
    const falling = await pages(async (after) => {
      const { data, next } = await inbox.interrupts(tenantId, {}, { limit: 3, after });
      return { ids: data.map(({ runId }) => runId), next };
    });
    expect(rising.toSorted()).toEqual(ids);
    expect(falling).toEqual(rising.toReversed());
    expect(await inbox.countInterrupts(tenantId, {}, 5)).toBe(5);
    expect(await inbox.countInterrupts(tenantId, {}, 50)).toBe(7);
    await expect(inbox.runs(tenantId, {}, { limit: 3, after: 'page 2' })).rejects.toMatchObject({
      code: 'invalid_request',
      details: { param: 'after' },
    });
  });
});
