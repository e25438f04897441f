import { DAY, MINUTE } from '../clock.ts';
import { Failure } from '../failure.ts';
import type { KeyId } from '../identifier.ts';
import { dollars, type Money, picodollars } from '../telemetry/money.ts';
import type { Key } from './key.ts';

/**
 * A key's account. Before a call its worst case is reserved; afterwards what it really cost is settled and
 * the rest is free again. `key-ledger.ts` makes the check and the reservation one step; an object a key (`durable-objects/ledger.ts`) is
 * the single writer.
 *
 * Invariants
 *  LED-1 spent + reserved never exceeds a budget at the moment of a reservation, so spent alone never does,
 *     as long as no call costs more than it reserved (MOD-5 and MOD-10 see to that).
 *  LED-2 A reservation whose caller died is settled at its full amount: money may be over-counted, never lost.
 *  LED-3 Whatever costs a key money is on its ledger, also where nothing was reserved.
 */
export interface Limits {
  readonly day: Money | null;
  readonly month: Money | null;
  readonly total: Money | null;
  readonly requestsPerMinute: number | null;
  readonly tokensPerMinute: number | null;
}

export interface Balance {
  readonly day: Money;
  readonly month: Money;
  readonly total: Money;
  readonly reserved: Money;
  /** In the last sixty seconds. */
  readonly requests: number;
  readonly tokens: number;
  /** When the oldest request of the last sixty seconds came; null if there was none. */
  readonly oldestRequestAt: number | null;
}

export interface Refusal {
  readonly code: 'budget_exceeded' | 'rate_limit_exceeded';
  readonly limit: 'day_usd' | 'month_usd' | 'total_usd' | 'requests_per_minute' | 'tokens_per_minute';
  /** Seconds until the limit resets by itself; a total budget never does, so a day stands for "ask your admin". */
  readonly retryAfter: number;
}

/** How long a reservation may stay open: the longest that a Worker may stream. */
export const RESERVATION_LIFETIME = 15 * MINUTE;

/** The first limit that `amount` more dollars or one more request would break, or null. */
export function refusal(limits: Limits, balance: Balance, amount: Money, now: number): Refusal | null {
  const rate = (limit: Refusal['limit']): Refusal => ({
    code: 'rate_limit_exceeded',
    limit,
    retryAfter: Math.ceil(((balance.oldestRequestAt ?? now) + MINUTE - now) / 1000),
  });
  if (limits.requestsPerMinute !== null && balance.requests >= limits.requestsPerMinute) {
    return rate('requests_per_minute');
  }
  if (limits.tokensPerMinute !== null && balance.tokens >= limits.tokensPerMinute) {
    return rate('tokens_per_minute');
  }
  const over = (spent: Money, budget: Money | null): boolean =>
    budget !== null && spent + balance.reserved + amount > budget;
  const budget = (limit: Refusal['limit'], until: number): Refusal => ({
    code: 'budget_exceeded',
    limit,
    retryAfter: Math.ceil((until - now) / 1000),
  });
  if (over(balance.total, limits.total)) return budget('total_usd', now + DAY);
  if (over(balance.month, limits.month)) return budget('month_usd', nextMonth(now));
  if (over(balance.day, limits.day)) return budget('day_usd', (Math.floor(now / DAY) + 1) * DAY);
  return null;
}

/** Budgets turn over at midnight and at the month's end, UTC. */
function nextMonth(now: number): number {
  const date = new Date(now);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
}

export const isoDay = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** The rows of one key. Only `balance` and the two questions about reservations read. */
export interface LedgerTable {
  atomically<T>(work: () => T): T;
  balance(now: number): Balance;
  reservedBefore(at: number): readonly { readonly id: string; readonly amount: Money }[];
  oldestReservation(): number | null;
  /** Makes a reservation, or raises it. */
  hold(id: string, amount: Money, at: number): void;
  /** Ends a reservation and answers what it held; null if there was none. */
  release(id: string): Money | null;
  spend(amount: Money, at: number): void;
  /** Counts a request for the rates; its tokens are added later, if the request still counts by then. */
  count(id: string, at: number): void;
  countTokens(id: string, tokens: number): void;
  forgetCounted(before: number): void;
  /** Calls `expire` at this time. */
  wake(at: number): void;
}

export interface Ledger {
  /** Answers the reservation's id, or why there is none. */
  reserve(keyId: KeyId, limits: Limits, amount: Money): Promise<{ readonly id: string } | Refusal>;
  /** Raises a reservation by `amount`, or says which budget stands against it; rates count a request once. */
  extend(keyId: KeyId, id: string, limits: Limits, amount: Money): Promise<Refusal | null>;
  /** Replaces a reservation by what was really spent; a second settlement of the same id changes nothing. */
  settle(keyId: KeyId, id: string, spent: Money, tokens: number): Promise<void>;
  /** Writes down what cost something without a reservation, so that there is one book (LED-3). */
  charge(keyId: KeyId, spent: Money, tokens: number): Promise<void>;
  balance(keyId: KeyId): Promise<Balance>;
}

export const emptyBalance: Balance = {
  day: picodollars(0),
  month: picodollars(0),
  total: picodollars(0),
  reserved: picodollars(0),
  requests: 0,
  tokens: 0,
  oldestRequestAt: null,
};

/** A key's budgets and rates as the ledger counts them. */
export function limitsOf({ budgets, rates }: Pick<Key, 'budgets' | 'rates'>): Limits {
  const money = (usd: number | undefined): Money | null => (usd === undefined ? null : dollars(usd));
  return {
    day: money(budgets.day_usd),
    month: money(budgets.month_usd),
    total: money(budgets.total_usd),
    requestsPerMinute: rates.requests_per_minute ?? null,
    tokensPerMinute: rates.tokens_per_minute ?? null,
  };
}

export function refusalFailure({ code, limit, retryAfter }: Refusal): Failure {
  const message =
    code === 'budget_exceeded'
      ? `This request could exceed the key's budget '${limit}'.`
      : `This key has reached its rate '${limit}'.`;
  return new Failure(code, message, { retryAfter });
}
