import { type Clock, MINUTE } from '../clock.ts';
import { newId, type Random } from '../identifier.ts';
import { type Money, noMoney } from '../telemetry/money.ts';
import {
  type Balance,
  CHARGE_LIFETIME,
  isoDay,
  type LedgerTable,
  type Limits,
  RESERVATION_LIFETIME,
  type Refusal,
  type Reservation,
  type ReservedWork,
  refusal,
} from './ledger.ts';

export interface KeyLedgerDependencies {
  readonly table: LedgerTable;
  readonly clock: Clock;
  readonly random: Random;
}

/** Writes the row of work that died, unless it has written its own, and answers what the row says that it cost. */
export type CloseReservation = (reservation: Reservation) => Promise<Money>;

/** What becomes of a reservation whose row says that it cost so much. */
type Closing = (id: string, spent: Money, now: number) => void;

/** The ledger of one key. Each method is one transaction, so no other call comes between its check and its write. */
export interface KeyLedger {
  reserve(limits: Limits, amount: Money, work: ReservedWork): { readonly id: string } | Refusal;
  extend(id: string, limits: Limits, amount: Money, work: ReservedWork): Refusal | null;
  settle(id: string, spent: Money, tokens: number): void;
  /** Writes down what cost something without a reservation. */
  charge(spent: Money, tokens: number): void;
  balance(): Balance;
  /**
   * Charges reservations whose worker died (LED-2), each after its row is written; an hour later, reads each such row
   * once more, because its work may have written it and then died. Asks to be called again while any are left. Where a
   * row cannot be written or read, its reservation stays as it is and is tried again in a minute.
   * @throws what `close` threw last.
   */
  expire(close: CloseReservation): Promise<void>;
}

export function keyLedger({ table, clock, random }: KeyLedgerDependencies): KeyLedger {
  const atomically = <T>(work: (now: number) => T): T => table.atomically(() => work(clock()));
  /** The first open reservation sets the alarm; later ones are seen when it fires. */
  const hold = (id: string, amount: Money, now: number, work: ReservedWork): void => {
    const first = table.oldest().reserved === null;
    table.hold(id, amount, now, work);
    if (first) table.wake(now + RESERVATION_LIFETIME);
  };
  return {
    reserve: (limits, amount, work) =>
      atomically((now) => {
        table.forgetCounted(now - MINUTE);
        const refused = refusal(limits, table.balance(now), amount, now);
        if (refused !== null) return refused;
        const id = newId('reservation', random);
        hold(id, amount, now, work);
        table.count(id, now, limits.requestsPerMinute !== null);
        return { id };
      }),
    extend: (id, limits, amount, work) =>
      atomically((now) => {
        const budgets = { ...limits, requestsPerMinute: null, tokensPerMinute: null };
        const refused = refusal(budgets, table.balance(now), amount, now);
        if (refused !== null) return refused;
        const charged = table.charged(id);
        if (charged !== null) table.spend(-charged.amount, charged.day);
        hold(id, amount, now, work);
        return null;
      }),
    settle: (id, spent, tokens) =>
      atomically((now) => {
        const held = table.release(id);
        if (held === null) return;
        if (held.charged !== null) table.spend(-held.charged.amount, held.charged.day);
        table.spend(spent, isoDay(now));
        table.countTokens(id, tokens);
      }),
    charge: (spent, tokens) =>
      atomically((now) => {
        if (spent > noMoney) table.spend(spent, isoDay(now));
        const id = newId('charge', random);
        table.count(id, now, false);
        table.countTokens(id, tokens);
      }),
    balance: () => table.balance(clock()),
    async expire(close) {
      const failures: unknown[] = [];
      const closing = async (reservations: readonly Reservation[], act: Closing) => {
        for (const reservation of reservations) {
          try {
            const spent = await close(reservation);
            atomically((now) => act(reservation.id, spent, now));
          } catch (error) {
            failures.push(error);
          }
        }
      };
      const now = clock();
      await closing(table.reservedBefore(now - RESERVATION_LIFETIME), (id, amount, at) => {
        const day = isoDay(at);
        if (table.charge(id, { amount, day }, at)) table.spend(amount, day);
      });
      await closing(table.chargedBefore(now - CHARGE_LIFETIME), (id, amount) => {
        const charged = table.charged(id);
        if (charged === null) return;
        table.release(id);
        table.spend(amount - charged.amount, charged.day);
      });
      atomically((at) => {
        table.forgetCounted(at - MINUTE);
        const { reserved, charged } = table.oldest();
        const due = Math.min(
          reserved === null ? Number.POSITIVE_INFINITY : reserved + RESERVATION_LIFETIME,
          charged === null ? Number.POSITIVE_INFINITY : charged + CHARGE_LIFETIME,
        );
        if (Number.isFinite(due)) table.wake(Math.max(due, at + MINUTE));
      });
      if (failures.length > 0) throw failures.at(-1);
    },
  };
}
