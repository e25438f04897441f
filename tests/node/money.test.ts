import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { d1Requests } from '../../adapters/d1-requests.ts';
import { d1Usage } from '../../adapters/d1-usage.ts';
import type { Key } from '../../core/access/key.ts';
import { CHARGE_LIFETIME, RESERVATION_LIFETIME } from '../../core/access/ledger.ts';
import { Meter } from '../../core/access/meter.ts';
import { DAY } from '../../core/clock.ts';
import { Failure } from '../../core/failure.ts';
import { asId, type KeyId, systemRandom, type TenantId } from '../../core/identifier.ts';
import type { DocumentIds } from '../../core/ingest/document.ts';
import { ingest } from '../../core/ingest/ingest.ts';
import { sweep } from '../../core/ingest/sweep.ts';
import { inDollars, type Money, picodollars } from '../../core/telemetry/money.ts';
import { Trace } from '../../core/telemetry/trace.ts';
import { usageGroups } from '../../core/telemetry/usage.ts';
import { Ledgers } from '../ledgers.ts';
import { d1OnNode } from './d1-on-node.ts';
import { IngestBench } from './ingest-bench.ts';

const tenantId = asId<TenantId>('tenant_money');
const key = { id: asId<KeyId>('key_money'), tenantId };
const DOLLAR = 1e12;

/** Meters over the real ledger and the real table of requests; a worker may die at any of their outside calls. */
class Books {
  readonly database = d1OnNode('main');
  readonly usage = d1Usage(this.database);
  readonly rows = d1Requests(this.database);
  readonly ledgers = new Ledgers(() => this.now);
  now = Date.UTC(2026, 10, 25, 12);

  /** @param diesAt How many outside calls succeed before the worker is gone; at the next nothing happens any more. */
  meter(budgets: Key['budgets'], diesAt = Number.POSITIVE_INFINITY) {
    let left = diesAt;
    const gone = () => {
      left -= 1;
      return left < 0;
    };
    const dead = () => Promise.reject(new Error('gone'));
    const trace = new Trace('test', { clock: () => this.now, random: systemRandom });
    const { reserve, extend, settle, charge, balance } = this.ledgers;
    const meter = new Meter(
      {
        random: systemRandom,
        requests: { write: (row) => (gone() ? dead() : this.rows.write(row)) },
        ledger: {
          balance,
          charge,
          reserve: (...order) => (gone() ? dead() : reserve(...order)),
          extend: (...order) => (gone() ? dead() : extend(...order)),
          settle: (...order) => (gone() ? dead() : settle(...order)),
        },
      },
      { trace, account: { ...key, budgets, rates: {} }, route: 'queue:test' },
    );
    return { meter, trace };
  }

  async used(groupBy: (typeof usageGroups)[number] = 'key') {
    const { rows, total } = await this.usage.usage(tenantId, {
      from: 0,
      to: this.now + 10 * DAY,
      keyId: key.id,
      groupBy,
    });
    return { total: total.cost, grouped: rows.reduce((sum, { cost }) => sum + cost, 0) };
  }
}

const spend = (trace: Trace, cost: number) =>
  trace.root.within('call', {}, async (span) =>
    span.use({
      model: 'm',
      operation: 'chat',
      provider: 'p',
      inputTokens: 1,
      outputTokens: 1,
      cost: picodollars(cost),
    }),
  );

const piece = fc.record({
  reserved: fc.integer({ min: 1, max: 1_000 }),
  spent: fc.integer({ min: 0, max: 1_000 }),
  extended: fc.boolean(),
  diesAt: fc.option(fc.integer({ min: 0, max: 4 }), { nil: Number.POSITIVE_INFINITY }),
  slow: fc.boolean(),
});

describe('the two books', () => {
  test('LED-2, LED-5: have the same sum after any crash, by whatever usage is grouped', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { minLength: 1, maxLength: 12 }), async (pieces) => {
        const books = new Books();
        for (const { reserved, spent, extended, diesAt, slow } of pieces) {
          const { meter, trace } = books.meter({ total_usd: 1 }, diesAt);
          try {
            await meter.afford(picodollars(reserved));
            await spend(trace, Math.min(spent, reserved));
            if (slow) {
              // It was taken for dead, and goes on.
              books.now += RESERVATION_LIFETIME + 1;
              await books.ledgers.expire(books.rows);
            }
            if (extended) await meter.afford(picodollars(500));
            await meter.end();
          } catch (error) {
            expect(error).toMatchObject({ message: 'gone' });
          }
        }
        for (const later of [RESERVATION_LIFETIME, CHARGE_LIFETIME]) {
          books.now += later;
          await books.ledgers.expire(books.rows);
        }
        const { total, reserved } = await books.ledgers.balance(key.id);
        expect(reserved).toBe(0);
        for (const group of usageGroups) {
          expect(await books.used(group)).toEqual({ total, grouped: total });
        }
      }),
      { numRuns: 60 },
    );
  });

  test('LED-5: work without limits is on both, and on the ledger also where its row cannot be written', async () => {
    const books = new Books();
    const fine = books.meter({});
    await spend(fine.trace, 300);
    await fine.meter.end();
    expect([await books.used(), (await books.ledgers.balance(key.id)).total]).toMatchObject([
      { total: 300 },
      300,
    ]);
    const unwritten = books.meter({}, 0);
    await spend(unwritten.trace, 50);
    await expect(unwritten.meter.end()).rejects.toThrow('gone');
    expect((await books.ledgers.balance(key.id)).total).toBe(350);
  });

  test('LED-7: what was spent beyond the reservation is charged, and the trace says so', async () => {
    const books = new Books();
    const { meter, trace } = books.meter({ total_usd: 1 });
    await meter.afford(picodollars(100));
    await spend(trace, 250);
    await meter.end();
    expect((await books.ledgers.balance(key.id)).total).toBe(250);
    const found = await books.usage.find(tenantId, trace.traceId);
    const root = found?.spans.find(({ parentId }) => parentId === null);
    expect(root?.attributes).toMatchObject({ 'selvedge.overrun_usd': '0.00000000015' });
    expect(found?.summary.cost).toBe(250);
  });

  test('usage beyond 64 bits of picodollars is a sum, and below 9,007 USD an exact one', async () => {
    const books = new Books();
    const write = async (cost: number) => {
      const { trace, meter } = books.meter({});
      await spend(trace, cost);
      await meter.end();
    };
    for (let row = 0; row < 3; row += 1) await write(2.999_999_999_999 * DOLLAR);
    expect(inDollars((await books.used()).total)).toBe(8.999_999_999_997);
    // Three rows of 9.2 million USD are more than an integer of SQLite holds.
    for (let row = 0; row < 3; row += 1) await write(9.2e6 * DOLLAR);
    for (const group of usageGroups) {
      const { total, grouped } = await books.used(group);
      expect(inDollars(total)).toBeCloseTo(27_600_009, 2);
      expect(inDollars(grouped as Money)).toBeCloseTo(27_600_009, 2);
    }
  });
});

/** Ninety passages: each part is as long as a passage may be. */
const LONG = Array.from(
  { length: 90 },
  (_, at) => `# Part ${at}\n\n${`The chain of bicycle ${at} is oiled. `.repeat(40)}`,
).join('\n\n');

describe('indexing on a budget', () => {
  const withBudget = (bench: IngestBench, budgets: Key['budgets'], rates: Key['rates'] = {}) => {
    if (bench.key !== null) bench.key = { ...bench.key, budgets, rates };
  };
  /** Turns until the document is done or waits for longer than a message may; what is reserved beside it is settled. */
  async function turns(bench: IngestBench, ids: DocumentIds): Promise<void> {
    for (;;) {
      const outcome = await ingest(bench.deps, ids, bench.trace());
      if (outcome === null) return;
      bench.now += outcome.delaySeconds * 1000;
    }
  }
  const spentOn = async (bench: IngestBench) => (await bench.ledgers.balance(bench.scope.keyId)).total;
  /** In the bench every text costs a picodollar, and is reserved as one. */
  const texts = (count: number) => ({ usd: count / DOLLAR });

  test('ING-70: what the key has left is embedded, and with a total budget the document then fails and says why', async () => {
    const bench = new IngestBench();
    const ids = await bench.pending(LONG);
    withBudget(bench, { total_usd: texts(40).usd });
    await turns(bench, ids);
    const document = await bench.document(ids);
    expect(document).toMatchObject({
      status: 'failed',
      error: {
        code: 'server_error',
        reason: 'budget_exceeded',
        message: expect.stringContaining("budget 'total_usd'"),
      },
    });
    expect(await spentOn(bench)).toBe(32);
    expect(await bench.found(ids, 'bicycle')).toBe(0);
    expect(await bench.nearest(ids)).toBe(0);
  });

  test('ING-70: with a budget of a day the document waits, says until when, and is completed the next day', async () => {
    const bench = new IngestBench();
    bench.now = Date.UTC(2026, 10, 25, 22, 30);
    const ids = await bench.pending(LONG);
    withBudget(bench, { day_usd: texts(40).usd });
    await turns(bench, ids);
    expect(await bench.document(ids)).toMatchObject({
      status: 'in_progress',
      embedded: 32,
      waitingFor: expect.stringMatching(/^Waiting until 2026-11-26T00:00Z\. .*'day_usd'/),
    });
    // Nothing of it is due before.
    await sweep(bench.deps);
    expect(bench.queue.take()).toEqual([]);
    for (let day = 0; day < 2; day += 1) {
      bench.now = Date.UTC(2026, 10, 26 + day);
      await sweep(bench.deps);
      expect(bench.queue.take()).toHaveLength(1);
      await turns(bench, ids);
      expect(await spentOn(bench)).toBe(day === 0 ? 64 : 90);
    }
    expect(await bench.document(ids)).toMatchObject({
      status: 'completed',
      waitingFor: null,
      embedded: 90,
    });
  });

  test.each<[string, Key['budgets'], string]>([
    ['comes back in three weeks', { month_usd: texts(40).usd }, "budget 'month_usd'"],
    ['never holds so much as one call', { day_usd: texts(20).usd }, "budget 'day_usd'"],
  ])('ING-70: a budget that %s does not keep a document waiting', async (_, budgets, said) => {
    const bench = new IngestBench();
    bench.now = Date.UTC(2026, 10, 9);
    const ids = await bench.pending(LONG);
    withBudget(bench, budgets);
    await turns(bench, ids);
    expect(await bench.document(ids)).toMatchObject({
      status: 'failed',
      error: { reason: 'budget_exceeded', message: expect.stringContaining(said) },
    });
  });

  test('a rate of tokens is waited for by a message, and a rate of requests is for requests', async () => {
    const bench = new IngestBench();
    const ids = await bench.pending(LONG);
    withBudget(bench, {}, { tokens_per_minute: 10, requests_per_minute: 1 });
    // A turn's tokens count when it is settled, so the first takes it all, as a long answer would.
    expect(await ingest(bench.deps, ids, bench.trace())).toBeNull();
    const second = await bench.pending(LONG, 'second.md');
    const outcome = await ingest(bench.deps, second, bench.trace());
    expect(outcome).toEqual({ delaySeconds: 60 });
    expect((await bench.document(second))?.waitingFor).toContain("'tokens_per_minute'");
    bench.now += 60_000;
    expect(await ingest(bench.deps, second, bench.trace())).toBeNull();
    expect((await bench.document(second))?.status).toBe('completed');
  });

  test('LED-6: a document whose key was revoked spends nothing more and fails, and one that is there stays', async () => {
    const bench = new IngestBench();
    const ids = await bench.pending(LONG);
    bench.key = null;
    await ingest(bench.deps, ids, bench.trace());
    expect(await bench.document(ids)).toMatchObject({
      status: 'failed',
      error: { reason: 'key_revoked', message: expect.stringContaining('was revoked') },
    });
    expect(await spentOn(bench)).toBe(0);

    const other = new IngestBench();
    const found = await other.pending(LONG);
    const missing = new Failure('upstream_refused', 'No such model.', { reason: 'model_missing' });
    const away = { ...other.deps.embedder, embed: () => Promise.reject(missing) };
    await ingest({ ...other.deps, embedder: away }, found, other.trace());
    other.key = null;
    other.now += 60_001;
    await ingest(other.deps, found, other.trace());
    expect(await other.document(found)).toMatchObject({
      status: 'completed',
      withoutVectors: true,
      waitingFor: expect.stringContaining('was revoked'),
    });
    expect(await other.found(found, 'bicycle')).toBeGreaterThan(0);
  });

  test('LED-5: usage says of a document what its key was charged', async () => {
    const bench = new IngestBench();
    const ids = await bench.pending(LONG);
    withBudget(bench, { total_usd: 1 });
    await ingest(bench.deps, ids, bench.trace());
    const { total } = await d1Usage(bench.main).usage(bench.tenantId, {
      from: 0,
      to: bench.now + 1,
      keyId: bench.scope.keyId,
      groupBy: 'key',
    });
    expect(total).toEqual({ requests: 1, cost: 90 });
    const balance = await bench.ledgers.balance(bench.scope.keyId);
    expect(balance).toMatchObject({ total: 90, reserved: 0 });
  });
});

test('a turn that only waits for vectors, or finds nothing to do, leaves no row', async () => {
  const bench = new IngestBench();
  const ids = await bench.indexed(LONG);
  await ingest(bench.deps, ids, bench.trace());
  const { total } = await d1Usage(bench.main).usage(bench.tenantId, {
    from: 0,
    to: bench.now + 1,
    keyId: null,
    groupBy: 'key',
  });
  expect(total.requests).toBe(1);
});
