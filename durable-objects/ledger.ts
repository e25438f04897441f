import { DurableObject } from 'cloudflare:workers';
import type { LedgerCalls } from '../adapters/durable-ledger.ts';
import type { Environment } from '../adapters/environment.ts';
import type { Compose } from '../adapters/services.ts';
import { sqliteLedger } from '../adapters/sqlite-ledger.ts';
import { type KeyLedger, keyLedger } from '../core/access/key-ledger.ts';
import type { Limits } from '../core/access/ledger.ts';
import type { Money } from '../core/telemetry/money.ts';
import { sqlPort } from './sql-port.ts';

/** One object a key: its ledger, and the alarm that settles what a dead caller left open. */
export const ledger = (compose: Compose) =>
  class Ledger extends DurableObject<Environment> implements LedgerCalls {
    readonly #ledger: KeyLedger;

    constructor(state: DurableObjectState, env: Environment) {
      super(state, env);
      const table = sqliteLedger(sqlPort(state.storage));
      const { clock, random } = compose(env);
      this.#ledger = keyLedger({ table, clock, random });
    }

    async reserve(limits: Limits, amount: Money) {
      return this.#ledger.reserve(limits, amount);
    }

    async extend(id: string, limits: Limits, amount: Money) {
      return this.#ledger.extend(id, limits, amount);
    }

    async settle(id: string, spent: Money, tokens: number) {
      this.#ledger.settle(id, spent, tokens);
    }

    async charge(spent: Money, tokens: number) {
      this.#ledger.charge(spent, tokens);
    }

    async balance() {
      return this.#ledger.balance();
    }

    override alarm(): void {
      this.#ledger.expire();
    }
  };
