import { describe, expect, test } from 'vitest';
import { d1AgingRecords } from '../../adapters/d1-aging-records.ts';
import { d1Requests } from '../../adapters/d1-requests.ts';
import { d1Usage } from '../../adapters/d1-usage.ts';
import { DAY } from '../../core/clock.ts';
import { newId, systemRandom } from '../../core/identifier.ts';
import { type AgingKind, agingKinds, expire, type Retention } from '../../core/retention.ts';
import { picodollars } from '../../core/telemetry/money.ts';
import { recordOf } from '../../core/telemetry/record.ts';
import { Trace } from '../../core/telemetry/trace.ts';
import { d1OnNode, tenantIn } from './d1-on-node.ts';

const TODAY = 1_000 * DAY;
const keep: Retention = { spans: 30, requests: 400, responses: 30, evaluations: 400, feedback: 400 };

async function bench() {
  const database = d1OnNode('main');
  const tenants = [await tenantIn(database), await tenantIn(database)];
  const keyId = newId('key');
  const request = async (days: number, tenantId = tenants[0]) => {
    if (tenantId === undefined) throw new Error('No tenant.');
    const trace = new Trace('request', { clock: () => TODAY - days * DAY, random: systemRandom });
    const call = trace.root.child('chat');
    const usage = { provider: 'test', operation: 'chat' as const, inputTokens: 1, outputTokens: 1 };
    call.use({ ...usage, model: 'writer', cost: picodollars(7) });
    call.end();
    const ending = { requestId: newId('req'), route: 'POST /v1/responses', status: 200, prices: 'test' };
    await d1Requests(database).write(recordOf(trace, { tenantId, keyId }, ending));
    return trace.traceId;
  };
  const count = (table: string) => database.prepare(`SELECT count(*) AS n FROM ${table}`).first('n');
  const insert = (table: string, columns: Readonly<Record<string, string | number | null>>) =>
    database
      .prepare(
        `INSERT INTO ${table} (${Object.keys(columns).join(', ')})
         VALUES (${Object.keys(columns)
           .map(() => '?')
           .join(', ')})`,
      )
      .bind(...Object.values(columns))
      .run();
  const records = d1AgingRecords(database);
  return { database, tenants, keyId, request, count, insert, records };
}

const deps = (records: Parameters<typeof expire>[0]['records']) => ({ clock: () => TODAY, records });

describe('what is kept for so many days', () => {
  test('spans go before their requests, of all tenants, and a row that is not too old stays', async () => {
    const { database, tenants, request, count, records } = await bench();
    const kept = await request(29);
    const old = await request(31);
    await request(401);
    await request(401, tenants[1]);
    await expire(deps(records), keep);
    expect(await count('requests')).toBe(2);
    expect(await count('spans')).toBe(2);
    const usage = d1Usage(database);
    const [tenantId] = tenants;
    if (tenantId === undefined) throw new Error('No tenant.');
    expect((await usage.find(tenantId, old))?.spans).toEqual([]);
    expect((await usage.find(tenantId, kept))?.spans).toHaveLength(2);
  });

  test('responses, feedback, and evaluations with their results', async () => {
    const { tenants, keyId, count, insert, records } = await bench();
    for (const [at, tenant] of tenants.entries()) {
      await insert('datasets', {
        id: `ds_${at}`,
        tenant_id: tenant,
        name: 'd',
        hash: 'h',
        size: 1,
        created_at: 0,
      });
      for (const days of [29, 31, 399, 401]) {
        const common = { id: `x_${at}_${days}`, tenant_id: tenant, created_at: TODAY - days * DAY };
        await insert('responses', {
          ...common,
          trace_id: '',
          model: 'm',
          question: '',
          answer: '',
          turn: '[]',
          body: '{}',
        });
        await insert('feedback', { ...common, key_id: keyId, trace_id: '', score: 1 });
        await insert('evaluation_runs', {
          ...common,
          key_id: keyId,
          dataset_id: `ds_${at}`,
          prompt_id: 'default',
          prompt_version: 1,
          vector_store_ids: '[]',
          metrics: '[]',
          total: 1,
          status: 'running',
        });
        await insert('evaluation_results', {
          tenant_id: tenant,
          run_id: common.id,
          case_id: 'c',
          scores: '{}',
          cost: 0,
          created_at: common.created_at,
        });
      }
    }
    await expire(deps(records), keep);
    expect(await count('responses')).toBe(2);
    for (const table of ['feedback', 'evaluation_runs', 'evaluation_results']) {
      expect(await count(table), table).toBe(6);
    }
    expect(await count('datasets')).toBe(2);
  });

  test('more than one batch goes in one sweep, and no more than a batch at once', async () => {
    const { request, count, records } = await bench();
    for (let made = 0; made < 450; made += 1) await request(500);
    const asked: [AgingKind, number][] = [];
    const watched = {
      remove: async (kind: AgingKind, before: number, limit: number) => {
        const removed = await records.remove(kind, before, limit);
        asked.push([kind, removed]);
        // Of spans it is traces that are counted, each with its two spans.
        expect(removed).toBeLessThanOrEqual(kind === 'spans' ? 2 * limit : limit);
        return removed;
      },
    };
    await expire(deps(watched), keep);
    expect(await count('requests')).toBe(0);
    expect(await count('spans')).toBe(0);
    expect(asked.filter(([kind]) => kind === 'requests').map(([, removed]) => removed)).toEqual([
      200, 200, 50,
    ]);
    expect(new Set(asked.map(([kind]) => kind))).toEqual(new Set(agingKinds));
  });
});
