import { expect, test } from 'vitest';
import { newId, systemRandom } from '../identifier.ts';
import { type Money, picodollars } from '../telemetry/money.ts';
import type { RequestRecord } from '../telemetry/record.ts';
import { Trace } from '../telemetry/trace.ts';
import { emptyBalance, type Ledger } from './ledger.ts';
import { type Afford, Meter } from './meter.ts';

/** A ledger that writes down what it is asked, and refuses a reservation above `most`. */
class Bench {
  readonly calls: (readonly [string, number])[] = [];
  readonly rows: RequestRecord[] = [];
  most = Number.POSITIVE_INFINITY;
  readonly trace = new Trace('test', { clock: () => 0, random: systemRandom });

  readonly ledger: Ledger = {
    reserve: async (_keyId: string, _limits: unknown, amount: Money) => {
      this.calls.push(['reserve', amount]);
      return amount > this.most ? refusal : { id: 'reservation' };
    },
    extend: async (_keyId: string, _id: string, _limits: unknown, amount: Money) => {
      this.calls.push(['extend', amount]);
      return null;
    },
    settle: async (_keyId: string, _id: string, spent: Money) => {
      this.calls.push(['settle', spent]);
    },
    charge: async (_keyId: string, spent: Money) => {
      this.calls.push(['charge', spent]);
    },
    balance: async () => emptyBalance,
  };

  /** Work whose worst case is 900. */
  async run(limited: boolean, work: (afford: Afford) => Promise<void>): Promise<void> {
    const requests = { write: async (row: RequestRecord) => void this.rows.push(row) };
    const account = {
      id: newId('key'),
      tenantId: newId('tenant'),
      ...(limited ? { budgets: { day_usd: 1 } } : {}),
    };
    const deps = { ledger: this.ledger, requests, random: systemRandom };
    const meter = new Meter(deps, { trace: this.trace, account, route: 'queue:test' });
    let error: unknown;
    try {
      await meter.afford(picodollars(900));
      await work(meter.afford);
    } catch (thrown) {
      error = thrown;
      throw thrown;
    } finally {
      await meter.end({ error });
    }
  }

  spend(amount: number): Promise<void> {
    const call = { model: 'm', operation: 'chat', provider: 'p', inputTokens: 1, outputTokens: 1 } as const;
    return this.trace.root.within('call', {}, async (span) =>
      span.use({ ...call, cost: picodollars(amount) }),
    );
  }
}

const refusal = { code: 'budget_exceeded', limit: 'day_usd', retryAfter: 60 } as const;

test('LED-4: the worst case is held before the work, more of it on the way, and it is settled once', async () => {
  const bench = new Bench();
  await bench.run(true, async (afford) => {
    await bench.spend(300);
    await afford(picodollars(500));
    await bench.spend(200);
  });
  expect(bench.calls).toEqual([
    ['reserve', 900],
    ['extend', 500],
    ['settle', 500],
  ]);
});

test('LED-4: work that throws is settled with what it has cost; work that is refused is never begun', async () => {
  const broken = new Bench();
  const throwing = broken.run(true, async () => {
    await broken.spend(300);
    throw new Error('The model is gone.');
  });
  await expect(throwing).rejects.toThrow('The model is gone.');
  expect(broken.calls.at(-1)).toEqual(['settle', 300]);
  expect(broken.rows).toMatchObject([{ status: 500, error: 'The model is gone.', cost: 300 }]);

  const poor = new Bench();
  poor.most = 100;
  let begun = false;
  const refused = poor.run(true, async () => {
    begun = true;
  });
  await expect(refused).rejects.toMatchObject({ code: 'budget_exceeded' });
  expect([begun, poor.calls]).toEqual([false, [['reserve', 900]]]);
});

test.each([
  ['with a budget', true, 'settle'],
  ['without one', false, 'charge'],
] as const)('LED-5: the row and the ledger of a key %s get the same sum', async (_, limited, last) => {
  const bench = new Bench();
  await bench.run(limited, () => bench.spend(450));
  expect(bench.calls.at(-1)).toEqual([last, 450]);
  expect(bench.rows.map(({ cost }) => cost)).toEqual([450]);
});
