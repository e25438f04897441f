import { describe, expect, test } from 'vitest';
import { d1Requests } from '../../adapters/d1-requests.ts';
import { d1Usage } from '../../adapters/d1-usage.ts';
import { HOUR } from '../../core/clock.ts';
import { type KeyId, newId, systemRandom } from '../../core/identifier.ts';
import { picodollars } from '../../core/telemetry/money.ts';
import { recordOf } from '../../core/telemetry/record.ts';
import { Trace } from '../../core/telemetry/trace.ts';
import type { UsageQuestion } from '../../core/telemetry/usage.ts';
import { d1OnNode } from './d1-on-node.ts';

interface Asked {
  readonly keyId?: KeyId;
  readonly at?: number;
  /** Milliseconds of the model call, which is all that a request does here. */
  readonly took?: number;
  readonly cost?: number;
  readonly model?: string;
  readonly error?: string;
  /** Model calls, all alike. */
  readonly calls?: number;
}

function bench() {
  const database = d1OnNode('main');
  const [tenantId, keyId] = [newId('tenant'), newId('key')];
  const write = async (asked: Asked = {}, tenant = tenantId): Promise<Trace> => {
    let now = asked.at ?? 0;
    const trace = new Trace('request', { clock: () => now, random: systemRandom });
    trace.answeredBy('default@1');
    await trace.root.stage('generate', {}, async (span) => {
      for (let call = 0; call < (asked.calls ?? 1); call += 1) {
        const child = span.child('chat');
        now += asked.took ?? 10;
        const usage = { provider: 'test', operation: 'chat' as const, inputTokens: 70, outputTokens: 3 };
        child.use({ ...usage, model: asked.model ?? 'writer', cost: picodollars(asked.cost ?? 5) });
        child.end();
      }
    });
    const ending = { requestId: newId('req'), route: 'POST /v1/responses', prices: 'test' };
    const { error } = asked;
    await d1Requests(database).write(
      recordOf(
        trace,
        { tenantId: tenant, keyId: asked.keyId ?? keyId },
        { ...ending, status: error === undefined ? 200 : 500, ...(error === undefined ? {} : { error }) },
      ),
    );
    return trace;
  };
  const all: UsageQuestion = { from: 0, to: 100 * HOUR, keyId: null, groupBy: 'key' };
  return { usage: d1Usage(database), tenantId, keyId, write, all };
}

describe('requests', () => {
  test('a request comes back with its spans, to its own tenant only', async () => {
    const { usage, tenantId, write } = bench();
    // More spans than one statement binds.
    const trace = await write({ calls: 20 });
    const found = await usage.find(tenantId, trace.traceId);
    expect(found?.summary).toMatchObject({
      traceId: trace.traceId,
      promptVersion: 'default@1',
      models: ['writer'],
      inputTokens: 1400,
      cost: 100,
      stages: { generate: 200 },
      duration: 200,
    });
    expect(found?.spans.map(({ spanId }) => spanId).toSorted()).toEqual(
      trace.spans.map(({ spanId }) => spanId).toSorted(),
    );
    expect(await usage.find(newId('tenant'), trace.traceId)).toBeNull();
  });

  test('the newest come first, page after page, filtered by how they ended', async () => {
    const { usage, tenantId, write } = bench();
    const written: Trace[] = [];
    // Two of each moment: the trace id breaks the tie.
    for (let at = 0; at < 10; at += 1) {
      const ending = at % 2 === 0 ? {} : { error: 'Broken.' };
      written.push(await write({ at: Math.floor(at / 2), ...ending }));
    }
    const seen: string[] = [];
    let before = null;
    for (;;) {
      const page = await usage.list(tenantId, { before, limit: 3, route: null, failed: null });
      seen.push(...page.map(({ traceId }) => traceId));
      const last = page.at(-1);
      if (last === undefined || page.length < 3) break;
      before = { startedAt: last.startedAt, traceId: last.traceId };
    }
    const order = written.toSorted((a, b) => b.startedAt - a.startedAt || (a.traceId < b.traceId ? 1 : -1));
    expect(seen).toEqual(order.map(({ traceId }) => traceId));
    const broken = await usage.list(tenantId, { before: null, limit: 100, route: null, failed: true });
    expect(broken.map(({ error }) => error)).toEqual(Array(5).fill('Broken.'));
    const nowhere = { before: null, limit: 100, route: 'GET /nowhere', failed: null };
    expect(await usage.list(tenantId, nowhere)).toEqual([]);
  });
});

describe('usage', () => {
  test('adds up by key, by model, by stage and by hour, and the total is the same however it is grouped', async () => {
    const { usage, tenantId, keyId, write, all } = bench();
    const second = newId('key');
    await write({ cost: 5 });
    await write({ cost: 7, keyId: second, model: 'thinker', at: HOUR });
    await write({ cost: 11, keyId: second, at: HOUR + 1 });
    await write({ cost: 1_000 }, newId('tenant'));
    const costs = async (question: Partial<UsageQuestion>) => {
      const { rows, total } = await usage.usage(tenantId, { ...all, ...question });
      expect(total).toEqual({ requests: rows.reduce((sum, row) => sum + row.requests, 0), cost: 23 });
      return Object.fromEntries(rows.map((row) => [row.group, row.cost]));
    };
    expect(await costs({})).toEqual({ [keyId]: 5, [second]: 18 });
    expect(await costs({ groupBy: 'model' })).toEqual({ writer: 16, thinker: 7 });
    expect(await costs({ groupBy: 'stage' })).toEqual({ generate: 23 });
    expect(await costs({ groupBy: 'prompt_version' })).toEqual({ 'default@1': 23 });
    expect(await costs({ groupBy: 'hour' })).toEqual({
      '1970-01-01T00:00:00Z': 5,
      '1970-01-01T01:00:00Z': 18,
    });
    expect(await costs({ groupBy: 'day' })).toEqual({ '1970-01-01': 23 });
  });

  test('`from` is counted and `to` is not, and one key is asked for alone', async () => {
    const { usage, tenantId, keyId, write, all } = bench();
    for (const at of [99, 100, 199, 200]) await write({ at });
    await write({ at: 150, keyId: newId('key') });
    const asked = { ...all, from: 100, to: 200, keyId };
    expect((await usage.usage(tenantId, asked)).total.requests).toBe(2);
  });

  test('p50 and p95 are nearest ranks of what took how long', async () => {
    const { usage, tenantId, write, all } = bench();
    for (let took = 1; took <= 100; took += 1) await write({ took });
    const { rows } = await usage.usage(tenantId, all);
    expect(rows).toMatchObject([{ p50: 50, p95: 95 }]);
    const models = await usage.usage(tenantId, { ...all, groupBy: 'model' });
    expect(models.rows).toMatchObject([{ group: 'writer', requests: 100, p50: 50, p95: 95 }]);
  });
});
