import { DurableObject } from 'cloudflare:workers';
import type { Environment } from '../adapters/environment.ts';
import {
  type Balance,
  isoDay,
  type Limits,
  MINUTE,
  RESERVATION_LIFETIME,
  type Refusal,
  refusal,
} from '../core/access/ledger.ts';
import { newId } from '../core/identifier.ts';
import { type Money, picodollars } from '../core/telemetry/money.ts';

/** One object a key. Every method is one synchronous transaction, so calls cannot come between check and write. */
export const ledger = () =>
  class Ledger extends DurableObject<Environment> {
    readonly #sql: SqlStorage;

    constructor(state: DurableObjectState, env: Environment) {
      super(state, env);
      this.#sql = state.storage.sql;
      this.#sql.exec(`
      CREATE TABLE IF NOT EXISTS spent (day TEXT PRIMARY KEY, amount INTEGER NOT NULL) WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS reserved (id TEXT PRIMARY KEY, amount INTEGER NOT NULL, at INTEGER NOT NULL);
      CREATE TABLE IF NOT EXISTS recent (id TEXT PRIMARY KEY, at INTEGER NOT NULL, tokens INTEGER NOT NULL);
    `);
    }

    async reserve(limits: Limits, amount: Money): Promise<{ readonly id: string } | Refusal> {
      const now = Date.now();
      const refused = this.ctx.storage.transactionSync(() => {
        this.#expire(now);
        return refusal(limits, this.#balance(now), amount, now);
      });
      if (refused !== null) return refused;
      const id = newId('reservation');
      this.#sql.exec('INSERT INTO reserved VALUES (?, ?, ?)', id, amount, now);
      this.#sql.exec('INSERT INTO recent VALUES (?, ?, 0)', id, now);
      if ((await this.ctx.storage.getAlarm()) === null) {
        await this.ctx.storage.setAlarm(now + RESERVATION_LIFETIME);
      }
      return { id };
    }

    extend(id: string, limits: Limits, amount: Money): Refusal | null {
      const now = Date.now();
      return this.ctx.storage.transactionSync(() => {
        this.#expire(now);
        const budgets = { ...limits, requestsPerMinute: null, tokensPerMinute: null };
        const refused = refusal(budgets, this.#balance(now), amount, now);
        if (refused !== null) return refused;
        // A reservation that has expired meanwhile is settled in full; what comes on top is held anew.
        this.#sql.exec(
          'INSERT INTO reserved VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET amount = amount + excluded.amount',
          id,
          amount,
          now,
        );
        return null;
      });
    }

    settle(id: string, spent: Money, tokens: number): void {
      this.ctx.storage.transactionSync(() => this.#settle(id, spent, tokens, Date.now()));
    }

    balance(): Balance {
      return this.#balance(Date.now());
    }

    override async alarm(): Promise<void> {
      const now = Date.now();
      this.ctx.storage.transactionSync(() => this.#expire(now));
      const [left] = this.#sql.exec<{ at: number | null }>('SELECT min(at) AS at FROM reserved').toArray();
      if (left?.at != null) await this.ctx.storage.setAlarm(left.at + RESERVATION_LIFETIME);
    }

    #settle(id: string, spent: Money, tokens: number, now: number): void {
      const { rowsWritten } = this.#sql.exec('DELETE FROM reserved WHERE id = ?', id);
      if (rowsWritten === 0) return;
      this.#sql.exec(
        'INSERT INTO spent VALUES (?, ?) ON CONFLICT (day) DO UPDATE SET amount = amount + excluded.amount',
        isoDay(now),
        spent,
      );
      this.#sql.exec('UPDATE recent SET tokens = ? WHERE id = ?', tokens, id);
    }

    #expire(now: number): void {
      const dead = this.#sql.exec<{ id: string; amount: number }>(
        'SELECT id, amount FROM reserved WHERE at <= ?',
        now - RESERVATION_LIFETIME,
      );
      for (const { id, amount } of dead.toArray()) this.#settle(id, picodollars(amount), 0, now);
      this.#sql.exec('DELETE FROM recent WHERE at <= ?', now - MINUTE);
    }

    #balance(now: number): Balance {
      const day = isoDay(now);
      const spent = this.#sql
        .exec<{ day: number; month: number; total: number }>(
          `SELECT coalesce(sum(amount) FILTER (WHERE day = ?1), 0) AS day,
           coalesce(sum(amount) FILTER (WHERE day >= ?2), 0) AS month,
           coalesce(sum(amount), 0) AS total FROM spent`,
          day,
          `${day.slice(0, 7)}-01`,
        )
        .one();
      const { reserved } = this.#sql
        .exec<{ reserved: number }>('SELECT coalesce(sum(amount), 0) AS reserved FROM reserved')
        .one();
      const recent = this.#sql
        .exec<{ requests: number; tokens: number; oldest: number | null }>(
          'SELECT count(*) AS requests, coalesce(sum(tokens), 0) AS tokens, min(at) AS oldest FROM recent WHERE at > ?',
          now - MINUTE,
        )
        .one();
      return {
        day: picodollars(spent.day),
        month: picodollars(spent.month),
        total: picodollars(spent.total),
        reserved: picodollars(reserved),
        requests: recent.requests,
        tokens: recent.tokens,
        oldestRequestAt: recent.oldest,
      };
    }
  };
