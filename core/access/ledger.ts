import { DAY, HOUR, MINUTE } from '../clock.ts';
import { Failure } from '../failure.ts';
import type { KeyId, TenantId, TraceId } from '../identifier.ts';
import { dollars, type Money, picodollars } from '../telemetry/money.ts';
import type { Key } from './key.ts';

/**
 * A key's account. Before a call its worst case is reserved; afterwards what it really cost is settled and
 * the rest is free again. `key-ledger.ts` makes the check and the reservation one step; an object a key
 * (`durable-objects/ledger.ts`) is the single writer.
 *
 * Invariants
 *  LED-1 spent + reserved never exceeds a budget at the moment of a reservation, so spent alone never does,
 *     as long as no call costs more than it reserved (MOD-5 and MOD-10 see to that).
 *  LED-2 A reservation whose worker died is charged at its full amount, on the ledger and in a row of usage: money may
 *     be over-counted, never lost. Work that was only slow, and ends after all, puts both right.
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
  /** When the oldest work of the last sixty seconds came; null if there was none. */
  readonly oldestRequestAt: number | null;
}

export interface Refusal {
  readonly code: 'budget_exceeded' | 'rate_limit_exceeded';
  readonly limit: 'day_usd' | 'month_usd' | 'total_usd' | 'requests_per_minute' | 'tokens_per_minute';
  /**
   * Seconds until the limit gives way by itself. Null where it never does: a total budget that is spent, or an amount
   * above the whole of a budget.
   */
  readonly retryAfter: number | null;
}

/** How long a reservation may stay open without being raised: the longest that a Worker may stream. */
export const RESERVATION_LIFETIME = 15 * MINUTE;
/** How long work that seemed dead, and was charged, may still say what it really cost. */
export const CHARGE_LIFETIME = HOUR;
/** Seconds in which most reservations that stand in the way are settled. */
const SETTLED_SOON = 10;

/** The work that a reservation is for: enough to write its row where its worker died. */
export interface ReservedWork {
  readonly tenantId: TenantId;
  readonly keyId: KeyId;
  readonly traceId: TraceId;
  readonly requestId: string;
  readonly route: string;
  readonly startedAt: number;
}

export interface Reservation {
  readonly id: string;
  readonly amount: Money;
  /** Null of one from before reservations said what they are for. */
  readonly work: ReservedWork | null;
}

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
  const budget = (
    limit: Refusal['limit'],
    spent: Money,
    most: Money | null,
    resetsAt: number | null,
  ): Refusal | null => {
    if (most === null || spent + balance.reserved + amount <= most) return null;
    const refuse = (retryAfter: number | null): Refusal => ({ code: 'budget_exceeded', limit, retryAfter });
    if (amount > most) return refuse(null);
    if (spent + amount <= most) return refuse(SETTLED_SOON);
    return refuse(resetsAt === null ? null : Math.ceil((resetsAt - now) / 1000));
  };
  return (
    budget('total_usd', balance.total, limits.total, null) ??
    budget('month_usd', balance.month, limits.month, nextMonth(now)) ??
    budget('day_usd', balance.day, limits.day, (Math.floor(now / DAY) + 1) * DAY)
  );
}

/** Budgets turn over at midnight and at the month's end, UTC. */
function nextMonth(now: number): number {
  const date = new Date(now);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
}

export const isoDay = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** A reservation that was charged in full because its worker seemed dead; kept a while, for a worker that was not. */
export interface Charged {
  readonly amount: Money;
  /** Day on whose spending it is. */
  readonly day: string;
}

/** The rows of one key. Amounts of reservations are of those that are open, unless `Charged` is said. */
export interface LedgerTable {
  atomically<T>(work: () => T): T;
  balance(now: number): Balance;
  reservedBefore(at: number): readonly Reservation[];
  chargedBefore(at: number): readonly Reservation[];
  /** When the oldest reservation was made or raised, and when the oldest that was charged was charged. */
  oldest(): { readonly reserved: number | null; readonly charged: number | null };
  /** Makes a reservation, or raises it; one that was charged is open again. */
  hold(id: string, amount: Money, at: number, work: ReservedWork): void;
  /** Ends a reservation; null if there was none. */
  release(id: string): { readonly amount: Money; readonly charged: Charged | null } | null;
  /** Marks an open reservation as charged; false if there is none. */
  charge(id: string, charged: Charged, at: number): boolean;
  charged(id: string): Charged | null;
  /** Adds to what a day has spent; a negative amount takes a charge back. */
  spend(amount: number, day: string): void;
  /** Counts work for the rates, as a request or not; what it took is said later, if it still counts then. */
  count(id: string, at: number, isRequest: boolean): void;
  countTokens(id: string, tokens: number): void;
  forgetCounted(before: number): void;
  /** Calls `expire` at this time. */
  wake(at: number): void;
}

export interface Ledger {
  /** Answers the reservation's id, or why there is none. */
  reserve(
    keyId: KeyId,
    limits: Limits,
    amount: Money,
    work: ReservedWork,
  ): Promise<{ readonly id: string } | Refusal>;
  /** Raises a reservation by `amount`, or says which budget stands against it; rates count a request once. */
  extend(
    keyId: KeyId,
    id: string,
    limits: Limits,
    amount: Money,
    work: ReservedWork,
  ): Promise<Refusal | null>;
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

/** Seconds. A total budget never comes back by itself, and clients that are told nothing try again at once. */
const ASK_YOUR_ADMIN = DAY / 1000;

export function refusalFailure({ code, limit, retryAfter }: Refusal): Failure {
  const message =
    code === 'budget_exceeded'
      ? `This could exceed the key's budget '${limit}'.`
      : `This key has reached its rate '${limit}'.`;
  return new Failure(code, message, {
    retryAfter: retryAfter ?? ASK_YOUR_ADMIN,
    lasting: retryAfter === null,
  });
}
