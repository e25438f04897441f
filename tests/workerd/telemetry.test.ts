import { env } from 'cloudflare:test';
import { describe, expect, test } from 'vitest';
import { d1Requests } from '../../adapters/d1-requests.ts';
import { systemRandom } from '../../core/identifier.ts';
import { dollars } from '../../core/telemetry/money.ts';
import { recordOf } from '../../core/telemetry/record.ts';
import { Trace } from '../../core/telemetry/trace.ts';
import { type Account, newTenant } from './access.ts';

/** Writes a request that took `duration` and made two model calls, one of them inside the rerank stage. */
async function writeRequest(account: Account, duration: number, cost = 0.000123): Promise<Trace> {
  let now = Date.now() - duration;
  const trace = new Trace('request', { clock: () => now, random: systemRandom });
  const usage = { provider: 'workers-ai', inputTokens: 70, outputTokens: 3, cost: dollars(cost) };
  await trace.root.stage('rerank', {}, (span) =>
    span.within('rerank', {}, async (call) =>
      call.use({ ...usage, model: 'a-reranker', operation: 'rerank' }),
    ),
  );
  const chat = trace.root.child('chat');
  chat.use({ ...usage, model: 'a-model', operation: 'chat' });
  now += duration;
  chat.end();
  const scope = { tenantId: account.tenantId, keyId: account.keyId };
  const ending = { requestId: 'req_test', route: 'POST /v1/responses', status: 200, prices: 'test' };
  await d1Requests(env.DB).write(recordOf(trace, scope, ending));
  return trace;
}

interface UsageAnswer {
  data: {
    group: string;
    requests: number;
    cost_usd: number;
    input_tokens: number;
    p50_ms: number;
    p95_ms: number;
  }[];
  total: { requests: number; cost_usd: number };
}

describe('usage and traces', () => {
  test('TRC-1: sums are exact, and a model call counts once however deep it lies', async () => {
    const account = await newTenant();
    for (const duration of [10, 20, 30]) await writeRequest(account, duration);
    const byModel = await (await account.fetch('/api/usage?group_by=model')).json<UsageAnswer>();
    expect(byModel.data.map((row) => [row.group, row.requests, row.cost_usd])).toEqual([
      ['a-model', 3, 0.000369],
      ['a-reranker', 3, 0.000369],
    ]);
    expect(byModel.total.cost_usd).toBe(0.000738);
    const byStage = await (await account.fetch('/api/usage?group_by=stage')).json<UsageAnswer>();
    expect(byStage.data, 'groups add up to the total').toMatchObject([
      { group: 'none', cost_usd: 0.000369, input_tokens: 210 },
      { group: 'rerank', cost_usd: 0.000369, input_tokens: 210 },
    ]);
  });

  test('`from` is the first moment that counts and `to` the first that does not, in any way to write them', async () => {
    const account = await newTenant();
    const trace = await writeRequest(account, 5);
    const at = (offset: number) => new Date(trace.startedAt + offset).toISOString();
    const elsewhere = `${new Date(trace.startedAt + 2 * 60 * 60_000).toISOString().slice(0, -1)}+02:00`;
    const requests = async (from: string, to: string) => {
      const query = new URLSearchParams({ from, to, key: account.tenantId.replace('tenant', 'key') });
      const { data, total } = await (await account.fetch(`/api/usage?${query}`)).json<UsageAnswer>();
      expect(data.reduce((sum, row) => sum + row.requests, 0)).toBe(total.requests);
      return total.requests;
    };
    expect(await requests(at(0), at(1))).toBe(1);
    expect(await requests(elsewhere, at(1))).toBe(1);
    expect(await requests(at(0).slice(0, -1), at(1))).toBe(1);
    // These questions are requests too, later than five milliseconds.
    expect(await requests(at(1), at(4))).toBe(0);
    expect(await requests(at(-1), at(0))).toBe(0);
    const ahead = await account.fetch(`/api/usage?from=${encodeURIComponent(at(60_000))}`);
    expect([ahead.status, await ahead.json()]).toMatchObject([200, { data: [], total: { requests: 0 } }]);
    const second = String(Math.floor(trace.startedAt / 1000));
    expect(await requests(second, '99999999999')).toBeGreaterThan(0);
  });

  test('percentiles are by nearest rank', async () => {
    const account = await newTenant();
    for (let duration = 1; duration <= 20; duration += 1) await writeRequest(account, duration);
    const { data } = await (await account.fetch('/api/usage?group_by=key')).json<UsageAnswer>();
    expect(data[0]).toMatchObject({ requests: 20, p50_ms: 10, p95_ms: 19 });
  });

  test('a trace is one tree, and its ids are on the answer', async () => {
    const account = await newTenant();
    const trace = await writeRequest(account, 5);
    const response = await account.fetch(`/api/traces/${trace.traceId}`);
    expect(response.headers.get('x-selvedge-trace-id')).toMatch(/^[0-9a-f]{32}$/);
    expect(response.headers.get('x-selvedge-cost-usd')).toBe('0');
    expect(response.headers.get('server-timing')).toMatch(/total;dur=/);
    const { spans } = await response.json<{
      spans: {
        span_id: string;
        parent_id: string | null;
        name: string;
        attributes: Record<string, unknown>;
      }[];
    }>();
    expect(spans.filter((span) => span.parent_id === null)).toHaveLength(1);
    const ids = new Set(spans.map((span) => span.span_id));
    for (const span of spans) if (span.parent_id !== null) expect(ids).toContain(span.parent_id);
    expect(spans.find((span) => span.name === 'chat')?.attributes).toMatchObject({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'workers-ai',
      'gen_ai.request.model': 'a-model',
      'gen_ai.usage.input_tokens': 70,
      'gen_ai.usage.output_tokens': 3,
    });
  });

  test('another tenant sees neither the trace nor its cost', async () => {
    const account = await newTenant();
    const other = await newTenant();
    const { traceId } = await writeRequest(account, 5);
    expect((await other.fetch(`/api/traces/${traceId}`)).status).toBe(404);
    const { total } = await (await other.fetch('/api/usage')).json<UsageAnswer>();
    expect(total.cost_usd).toBe(0);
  });

  test('pages of traces neither repeat nor skip', async () => {
    const account = await newTenant();
    const written = new Set<string>();
    for (let count = 0; count < 7; count += 1) written.add((await writeRequest(account, count)).traceId);
    const seen: string[] = [];
    let after = '';
    do {
      const page = await (
        await account.fetch(`/api/traces?limit=3&route=${encodeURIComponent('POST /v1/responses')}${after}`)
      ).json<{ data: { trace_id: string }[]; next: string | null }>();
      seen.push(...page.data.map((trace) => trace.trace_id));
      after = page.next === null ? '' : `&after=${encodeURIComponent(page.next)}`;
    } while (after !== '');
    expect(seen).toHaveLength(7);
    expect(new Set(seen)).toEqual(written);
  });

  test('every request through the door leaves a row, named by its pattern', async () => {
    const account = await newTenant();
    await account.fetch('/api/traces/00000000000000000000000000000000');
    await expect
      .poll(
        async () => (await (await account.fetch('/api/traces?failed=true')).json<{ data: unknown[] }>()).data,
      )
      .toMatchObject([{ route: 'GET /api/traces/:id', status: 404 }]);
  });

  test('a bad time, group or cursor names the parameter', async () => {
    const account = await newTenant();
    for (const [path, param] of [
      ['/api/usage?from=yesterday', 'from'],
      ['/api/usage?from=2026-02-30', 'from'],
      ['/api/usage?from=-5', 'from'],
      ['/api/usage?to=Nov 22 2026', 'to'],
      ['/api/usage?from=2026-11-24&to=2026-11-23', 'from'],
      ['/api/usage?group_by=colour', 'group_by'],
      ['/api/traces?after=%00', 'after'],
      ['/api/traces?limit=0', 'limit'],
    ] as const) {
      const response = await account.fetch(path);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ param });
    }
  });
});
