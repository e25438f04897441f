import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sqliteLedger } from '../../adapters/sqlite-ledger.ts';
import { sqlPortOnNode } from '../../tests/sql-port-on-node.ts';
import { systemRandom } from '../identifier.ts';
import { dollars, type Money, picodollars } from '../telemetry/money.ts';
import { keyLedger } from './key-ledger.ts';
import { type Limits, RESERVATION_LIFETIME } from './ledger.ts';

const budget: Limits = {
  day: null,
  month: null,
  total: dollars(0.1),
  requestsPerMinute: null,
  tokensPerMinute: null,
};

function bench() {
  const database = new DatabaseSync(':memory:');
  const state = { now: Date.UTC(2026, 10, 25, 12), statements: [] as string[] };
  const table = sqliteLedger(sqlPortOnNode(database, (query) => state.statements.push(query)));
  const ledger = keyLedger({ table, clock: () => state.now, random: systemRandom });
  return { state, ledger };
}

test('a ledger that is only read makes no tables', () => {
  const { state, ledger } = bench();
  expect(ledger.balance()).toMatchObject({ total: 0, reserved: 0, requests: 0 });
  ledger.expire();
  expect(state.statements.filter((query) => query.startsWith('CREATE'))).toEqual([]);
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

test('LED-1, LED-2: whatever is reserved, extended, settled or left to die, no budget is overdrawn', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const { state, ledger } = bench();
      const open = new Map<string, { held: number; at: number }>();
      let spent = 0;
      for (const each of steps) {
        if (each.kind === 'wait') state.now += each.amount;
        for (const [id, { held, at }] of open) {
          if (at > state.now - RESERVATION_LIFETIME) continue;
          spent += held;
          open.delete(id);
        }
        ledger.expire();
        if (each.kind === 'reserve') {
          const answer = ledger.reserve(budget, picodollars(each.amount));
          if ('id' in answer) open.set(answer.id, { held: each.amount, at: state.now });
        }
        if (each.kind === 'extend' || each.kind === 'settle') {
          const [id, reservation] = [...open][each.pick % Math.max(1, open.size)] ?? [];
          if (id === undefined || reservation === undefined) continue;
          if (each.kind === 'extend') {
            if (ledger.extend(id, budget, picodollars(each.amount)) === null) reservation.held += each.amount;
          } else {
            const cost = Math.min(each.amount, reservation.held) as Money;
            ledger.settle(id, cost, 1);
            ledger.settle(id, cost, 1);
            spent += cost;
            open.delete(id);
          }
        }
        const reserved = [...open.values()].reduce((sum, { held }) => sum + held, 0);
        expect(ledger.balance()).toMatchObject({ total: spent, reserved });
        expect(spent + reserved).toBeLessThanOrEqual(dollars(0.1));
      }
    }),
    { numRuns: 200 },
  );
});

test('LED-3: what was not reserved is on the ledger too', () => {
  const { ledger } = bench();
  ledger.charge(dollars(0.2), 100);
  expect(ledger.balance()).toMatchObject({ total: dollars(0.2), tokens: 100 });
  expect(ledger.reserve(budget, picodollars(1))).toMatchObject({ code: 'budget_exceeded' });
});
