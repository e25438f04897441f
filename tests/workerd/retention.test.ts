import { createScheduledController, env } from 'cloudflare:test';
import { beforeEach, describe, expect, test } from 'vitest';
import { d1AgingRecords } from '../../adapters/d1-aging-records.ts';
import { d1Requests } from '../../adapters/d1-requests.ts';
import { durableLedger } from '../../adapters/durable-ledger.ts';
import { DAY, systemClock } from '../../core/clock.ts';
import { asId, type KeyId, systemRandom } from '../../core/identifier.ts';
import { type AgingKind, agingKinds, expire } from '../../core/retention.ts';
import { dollars } from '../../core/telemetry/money.ts';
import { recordOf } from '../../core/telemetry/record.ts';
import { Trace } from '../../core/telemetry/trace.ts';
import worker from '../../workers/index.ts';
import { type Account, newTenant } from './access.ts';

let account: Account;
let keyId: KeyId;

beforeEach(async () => {
  account = await newTenant();
  keyId = asId(account.tenantId.replace('tenant', 'key'));
});

async function sweep(settings: Partial<typeof env> = {}): Promise<void> {
  await worker.scheduled(createScheduledController(), { ...env, ...settings });
}

/** A request that began so long ago, took 40 ms and made a model call of 30 ms inside the rerank stage; paid for now. */
async function requestOf(daysAgo: number, cost = 0.000123): Promise<string> {
  let now = Date.now() - daysAgo * DAY;
  const trace = new Trace('request', { clock: () => now, random: systemRandom });
  await trace.root.stage('rerank', {}, async (span) => {
    now += 10;
    const call = span.child('rerank');
    now += 30;
    const usage = { provider: 'workers-ai', inputTokens: 70, outputTokens: 3, cost: dollars(cost) };
    call.use({ ...usage, model: 'a-reranker', operation: 'rerank' });
    call.end();
  });
  const ending = { requestId: 'req_test', route: 'POST /v1/rerank', status: 200, prices: 'test' };
  await d1Requests(env.DB).write(recordOf(trace, { tenantId: account.tenantId, keyId }, ending));
  await durableLedger(env.LEDGER).charge(keyId, dollars(cost), 73);
  return trace.traceId;
}

const read = async <T>(path: string): Promise<T> => (await account.fetch(path)).json<T>();
const rows = (table: string) =>
  env.DB.prepare(`SELECT count(*) AS n FROM ${table} WHERE tenant_id = ?`).bind(account.tenantId).first('n');

describe('what grows with every request is let go', () => {
  test('spans after a month; what the models cost, by model and by stage, stays', async () => {
    const [old, recent] = [await requestOf(31), await requestOf(29)];
    await sweep();
    expect(await read(`/api/traces/${old}`)).toMatchObject({ cost_usd: 0.000123, spans: [] });
    expect((await read<{ spans: unknown[] }>(`/api/traces/${recent}`)).spans).toHaveLength(3);
    const from = new Date(Date.now() - 40 * DAY).toISOString();
    const both = { requests: 2, input_tokens: 140, output_tokens: 6, cost_usd: 0.000246 };
    expect(await read(`/api/usage?group_by=model&from=${from}`)).toMatchObject({
      data: [{ group: 'a-reranker', ...both, p50_ms: 30 }],
    });
    expect(await read(`/api/usage?group_by=stage&from=${from}`)).toMatchObject({
      data: [{ group: 'rerank', ...both, p50_ms: 40 }],
    });
  });

  test('requests after more than a year; a key has still spent what they cost', async () => {
    for (const days of [401, 402, 399]) await requestOf(days);
    await sweep();
    await requestOf(500);
    await sweep();
    expect(await rows('requests')).toBe(1);
    expect(await read(`/api/keys/${keyId}`)).toMatchObject({ spent_usd: { total: 0.000492 } });
  });

  test('stored answers after thirty days, evaluations and feedback with the requests', async () => {
    const at = (days: number) => Date.now() - days * DAY;
    const { tenantId } = account;
    const prepared = (sql: string, ...values: (string | number)[]) => env.DB.prepare(sql).bind(...values);
    await env.DB.batch([
      prepared(`INSERT INTO datasets VALUES ('ds_${tenantId}', ?, 'd', 'h', 1, 0)`, tenantId),
      ...[29, 31].map((days) =>
        prepared(
          `INSERT INTO responses VALUES ('resp_${tenantId}_${days}', ?, NULL, '', 'm', NULL, 'q', 'a', '[]', '{}', ?)`,
          tenantId,
          at(days),
        ),
      ),
      ...[399, 401].flatMap((days) => [
        prepared(
          `INSERT INTO evaluation_runs VALUES ('eval_${tenantId}_${days}', ?, ?, 'ds_${tenantId}', 'default', 1, '[]', '[]', 1, 'completed', ?, ?, NULL, NULL, '{}')`,
          tenantId,
          keyId,
          at(days),
          at(days),
        ),
        prepared(
          `INSERT INTO evaluation_results VALUES (?, 'eval_${tenantId}_${days}', 'c', NULL, 'a', '{}', 1, 0, NULL, ?)`,
          tenantId,
          at(days),
        ),
        prepared(
          `INSERT INTO feedback VALUES ('fb_${tenantId}_${days}', ?, ?, '', NULL, 1, NULL, NULL, ?)`,
          tenantId,
          keyId,
          at(days),
        ),
      ]),
    ]);
    await sweep();
    for (const table of ['responses', 'evaluation_runs', 'evaluation_results', 'feedback']) {
      expect(await rows(table), table).toBe(1);
    }
    expect(await read(`/api/evals/eval_${tenantId}_399`)).toMatchObject({
      results: { data: [{ case: 'c' }] },
    });
    expect(await rows('datasets')).toBe(1);
  });

  test('the operator decides for how long, and nothing goes by a time that is none', async () => {
    await requestOf(3);
    await expect(sweep({ KEEP_SPANS_DAYS: 'a week' })).rejects.toThrow(/KEEP_SPANS_DAYS/);
    await sweep({ KEEP_REQUESTS_DAYS: '' });
    expect(await rows('requests')).toBe(1);
    await sweep({ KEEP_REQUESTS_DAYS: '2' });
    expect(await rows('requests')).toBe(0);
  });

  test('batch after batch goes in one sweep', async () => {
    for (let made = 0; made < 5; made += 1) await requestOf(3);
    const { remove } = d1AgingRecords(env.DB);
    const asked: string[] = [];
    const inPairs = {
      async remove(kind: AgingKind, before: number, limit: number) {
        asked.push(kind);
        const removed = await remove(kind, before, 2);
        return removed < 2 ? removed : limit;
      },
    };
    const keepDays = { spans: 1, requests: 1, responses: 1_000, evaluations: 1_000, feedback: 1_000 };
    await expire({ clock: systemClock, records: inPairs }, keepDays);
    expect(await rows('spans')).toBe(0);
    expect(await rows('requests')).toBe(0);
    expect(asked.length).toBeGreaterThan(agingKinds.length);
    expect(await read(`/api/keys/${keyId}`)).toMatchObject({ spent_usd: { total: 0.000615 } });
  });
});
