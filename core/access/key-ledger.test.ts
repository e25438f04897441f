import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sqliteLedger } from '../../adapters/sqlite-ledger.ts';
import { Ledgers } from '../../tests/ledgers.ts';
import { sqlPortOnNode } from '../../tests/sql-port-on-node.ts';
import { DAY, MINUTE } from '../clock.ts';
import { asId, type KeyId, type TenantId, type TraceId } from '../identifier.ts';
import { dollars, type Money, picodollars } from '../telemetry/money.ts';
import {
  CHARGE_LIFETIME,
  type Limits,
  RESERVATION_LIFETIME,
  type Reservation,
  type ReservedWork,
} from './ledger.ts';

const budget: Limits = {
  day: null,
  month: null,
  total: dollars(0.1),
  requestsPerMinute: null,
  tokensPerMinute: null,
};

const work: ReservedWork = {
  tenantId: asId<TenantId>('tenant_a'),
  keyId: asId<KeyId>('key_a'),
  traceId: asId<TraceId>('f'.repeat(32)),
  requestId: 'req_a',
  route: 'POST /v1/responses',
  startedAt: 0,
};

function bench() {
  const state = { now: Date.UTC(2026, 10, 25, 23, 40) };
  const ledgers = new Ledgers(() => state.now);
  return { state, ledgers, ledger: ledgers.of('key_a') };
}

const inFull = async ({ amount }: Reservation) => amount;

test('a ledger that is only read makes no tables', async () => {
  const database = new DatabaseSync(':memory:');
  const statements: string[] = [];
  const table = sqliteLedger(sqlPortOnNode(database, (query) => statements.push(query)));
  expect(table.balance(0)).toMatchObject({ total: 0, reserved: 0, requests: 0 });
  expect(table.oldest()).toEqual({ reserved: null, charged: null });
  expect(statements.filter((query) => query.startsWith('CREATE'))).toEqual([]);
});

test('an object of the version before goes on: what it held is charged, and what it spent stays', () => {
  const database = new DatabaseSync(':memory:');
  database.exec(`
    CREATE TABLE spent (day TEXT PRIMARY KEY, amount INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE reserved (id TEXT PRIMARY KEY, amount INTEGER NOT NULL, at INTEGER NOT NULL);
    CREATE TABLE recent (id TEXT PRIMARY KEY, at INTEGER NOT NULL, tokens INTEGER NOT NULL);
    INSERT INTO spent VALUES ('2026-11-25', 70);
    INSERT INTO reserved VALUES ('reservation_old', 30, 5);
  `);
  const table = sqliteLedger(sqlPortOnNode(database));
  expect(table.balance(Date.UTC(2026, 10, 25))).toMatchObject({ total: 70, reserved: 30 });
  expect(table.reservedBefore(5)).toEqual([{ id: 'reservation_old', amount: 30, work: null }]);
  table.hold('reservation_new', picodollars(5), 9, work);
  table.count('reservation_new', 9, true);
  expect(table.balance(10)).toMatchObject({ reserved: 35, requests: 1 });
});

type Step =
  | { readonly kind: 'reserve' | 'charge'; readonly amount: number }
  | { readonly kind: 'extend' | 'settle'; readonly pick: number; readonly amount: number }
  | { readonly kind: 'wait'; readonly amount: number };

const amount = fc.integer({ min: 0, max: 3e10 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('reserve' as const), amount }),
  fc.record({ kind: fc.constantFrom('extend' as const, 'settle' as const), pick: fc.nat(), amount }),
  fc.record({
    kind: fc.constant('wait' as const),
    amount: fc.integer({ min: 1, max: RESERVATION_LIFETIME }),
  }),
);

/** Work as the model of this test has it: what it holds, or what it was charged while it seemed dead, and since when. */
interface Held {
  readonly held: number;
  readonly at: number;
  readonly charged: boolean;
}

test('LED-1, LED-2: whatever is reserved, extended, settled late or left to die, no budget is overdrawn', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const { state, ledger } = bench();
      const known = new Map<string, Held>();
      let settled = 0;
      for (const each of steps) {
        if (each.kind === 'wait') state.now += each.amount;
        await ledger.expire(inFull);
        for (const [id, one] of known) {
          if (!one.charged && one.at <= state.now - RESERVATION_LIFETIME) {
            known.set(id, { held: one.held, at: state.now, charged: true });
          } else if (one.charged && one.at <= state.now - CHARGE_LIFETIME) {
            settled += one.held;
            known.delete(id);
          }
        }
        if (each.kind === 'reserve') {
          const answer = ledger.reserve(budget, picodollars(each.amount), work);
          if ('id' in answer) known.set(answer.id, { held: each.amount, at: state.now, charged: false });
        }
        if (each.kind === 'extend' || each.kind === 'settle') {
          const [id, one] = [...known][each.pick % Math.max(1, known.size)] ?? [];
          if (id === undefined || one === undefined) continue;
          if (each.kind === 'extend') {
            if (ledger.extend(id, budget, picodollars(each.amount), work) === null) {
              known.set(id, { held: one.held + each.amount, at: state.now, charged: false });
            }
          } else {
            const cost = Math.min(each.amount, one.held) as Money;
            ledger.settle(id, cost, 1);
            ledger.settle(id, cost, 1);
            settled += cost;
            known.delete(id);
          }
        }
        const sum = (charged: boolean) =>
          [...known.values()].reduce((total, one) => total + (one.charged === charged ? one.held : 0), 0);
        const { total, reserved } = ledger.balance();
        expect({ total, reserved }).toEqual({ total: settled + sum(true), reserved: sum(false) });
        expect(total + reserved).toBeLessThanOrEqual(dollars(0.1));
      }
    }),
    { numRuns: 200 },
  );
});

test('LED-2: a reservation stays open while its row cannot be written, and is tried again in a minute', async () => {
  const { state, ledgers, ledger } = bench();
  ledger.reserve(budget, dollars(0.02), work);
  expect(ledgers.wakeAt).toBe(state.now + RESERVATION_LIFETIME);
  state.now += RESERVATION_LIFETIME;
  await expect(ledger.expire(() => Promise.reject(new Error('D1 is away')))).rejects.toThrow('D1 is away');
  expect(ledger.balance()).toMatchObject({ total: 0, reserved: dollars(0.02) });
  expect(ledgers.wakeAt).toBe(state.now + MINUTE);
  state.now += MINUTE;
  await ledger.expire(inFull);
  expect(ledger.balance()).toMatchObject({ total: dollars(0.02), reserved: 0 });
});

test('LED-2: a row that its work wrote after it was charged, and then died, is what counts an hour later', async () => {
  const { state, ledgers, ledger } = bench();
  ledger.reserve(budget, dollars(0.02), work);
  state.now += RESERVATION_LIFETIME;
  await ledger.expire(inFull);
  expect(ledgers.wakeAt).toBe(state.now + CHARGE_LIFETIME);
  state.now += CHARGE_LIFETIME;
  await ledger.expire(async () => dollars(0.005));
  expect(ledger.balance()).toMatchObject({ total: dollars(0.005), reserved: 0 });
  ledgers.wakeAt = null;
  await ledger.expire(() => Promise.reject(new Error('There is nothing left to close.')));
  expect(ledgers.wakeAt).toBeNull();
});

test('LED-2: work that ends long after it seemed dead is charged on the day it ends, and its day is put right', async () => {
  const { state, ledger } = bench();
  const answer = ledger.reserve(budget, dollars(0.02), work);
  if ('code' in answer) throw new Error('refused');
  state.now += RESERVATION_LIFETIME;
  await ledger.expire(inFull);
  state.now += 30 * MINUTE;
  ledger.settle(answer.id, dollars(0.005), 9);
  expect(ledger.balance()).toMatchObject({ day: dollars(0.005), total: dollars(0.005), reserved: 0 });
});

test('LED-3: what was not reserved is on the ledger too', () => {
  const { ledger } = bench();
  ledger.charge(dollars(0.2), 100);
  expect(ledger.balance()).toMatchObject({ total: dollars(0.2), tokens: 100, requests: 0 });
  expect(ledger.reserve(budget, picodollars(1), work)).toMatchObject({ code: 'budget_exceeded' });
});

test('sums beyond 64 bits of picodollars are still sums', () => {
  const { state, ledger } = bench();
  const huge = 9e18 as Money;
  for (let day = 0; day < 4; day += 1) {
    ledger.charge(huge, 0);
    state.now += DAY;
  }
  expect(ledger.balance().total).toBe(3.6e19);
  expect(ledger.reserve(budget, picodollars(1), work)).toMatchObject({ code: 'budget_exceeded' });
});
