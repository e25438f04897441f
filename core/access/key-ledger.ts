import { type Clock, MINUTE } from '../clock.ts';
import { newId, type Random } from '../identifier.ts';
import { type Money, noMoney } from '../telemetry/money.ts';
import {
  type Balance,
  type LedgerTable,
  type Limits,
  RESERVATION_LIFETIME,
  type Refusal,
  refusal,
} from './ledger.ts';

export interface KeyLedgerDependencies {
  readonly table: LedgerTable;
  readonly clock: Clock;
  readonly random: Random;
}

/** The ledger of one key. Each method is one transaction, so no other call comes between its check and its write. */
export interface KeyLedger {
  reserve(limits: Limits, amount: Money): { readonly id: string } | Refusal;
  extend(id: string, limits: Limits, amount: Money): Refusal | null;
  settle(id: string, spent: Money, tokens: number): void;
  /** Writes down what cost something without a reservation. */
  charge(spent: Money, tokens: number): void;
  balance(): Balance;
  /** Settles reservations whose caller died (LED-2) and asks to be called again while others are open. */
  expire(): void;
}

export function keyLedger({ table, clock, random }: KeyLedgerDependencies): KeyLedger {
  const atomically = <T>(work: (now: number) => T): T => table.atomically(() => work(clock()));
  const settle = (id: string, spent: Money, tokens: number, now: number): void => {
    if (table.release(id) === null) return;
    table.spend(spent, now);
    table.countTokens(id, tokens);
  };
  const expire = (now: number): void => {
    for (const { id, amount } of table.reservedBefore(now - RESERVATION_LIFETIME)) settle(id, amount, 0, now);
    table.forgetCounted(now - MINUTE);
  };
  return {
    reserve: (limits, amount) =>
      atomically((now) => {
        expire(now);
        const refused = refusal(limits, table.balance(now), amount, now);
        if (refused !== null) return refused;
        const id = newId('reservation', random);
        const first = table.oldestReservation() === null;
        table.hold(id, amount, now);
        table.count(id, now);
        if (first) table.wake(now + RESERVATION_LIFETIME);
        return { id };
      }),
    extend: (id, limits, amount) =>
      atomically((now) => {
        expire(now);
        const budgets = { ...limits, requestsPerMinute: null, tokensPerMinute: null };
        const refused = refusal(budgets, table.balance(now), amount, now);
        // A reservation that has expired meanwhile was settled in full; the rest is a new reservation.
        if (refused === null) table.hold(id, amount, now);
        return refused;
      }),
    settle: (id, spent, tokens) => atomically((now) => settle(id, spent, tokens, now)),
    charge: (spent, tokens) =>
      atomically((now) => {
        if (spent > noMoney) table.spend(spent, now);
        const id = newId('charge', random);
        table.count(id, now);
        table.countTokens(id, tokens);
      }),
    balance: () => table.balance(clock()),
    expire: () =>
      atomically((now) => {
        expire(now);
        const oldest = table.oldestReservation();
        if (oldest !== null) table.wake(oldest + RESERVATION_LIFETIME);
      }),
  };
}
