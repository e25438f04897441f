import { DurableObject } from 'cloudflare:workers';
import type { LedgerCalls } from '../adapters/durable-ledger.ts';
import type { Environment } from '../adapters/environment.ts';
import type { Compose, Services } from '../adapters/services.ts';
import { sqliteLedger } from '../adapters/sqlite-ledger.ts';
import { type KeyLedger, keyLedger } from '../core/access/key-ledger.ts';
import type { Limits, ReservedWork } from '../core/access/ledger.ts';
import { errorReport } from '../core/error-message.ts';
import type { Money } from '../core/telemetry/money.ts';
import { interruptedRecord } from '../core/telemetry/record.ts';
import { sqlPort } from './sql-port.ts';

/** One object a key: its ledger, and the alarm that charges what a dead worker left open. */
export const ledger = (compose: Compose) =>
  class Ledger extends DurableObject<Environment> implements LedgerCalls {
    readonly #ledger: KeyLedger;
    readonly #services: Services;

    constructor(state: DurableObjectState, env: Environment) {
      super(state, env);
      const table = sqliteLedger(sqlPort(state.storage));
      this.#services = compose(env);
      const { clock, random } = this.#services;
      this.#ledger = keyLedger({ table, clock, random });
    }

    async reserve(limits: Limits, amount: Money, work: ReservedWork) {
      return this.#ledger.reserve(limits, amount, work);
    }

    async extend(id: string, limits: Limits, amount: Money, work: ReservedWork) {
      return this.#ledger.extend(id, limits, amount, work);
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

    /** A row that cannot be written now is written when the ledger asks again, in a minute. */
    override async alarm(): Promise<void> {
      const { clock, requests } = this.#services;
      await this.#ledger
        .expire(async ({ amount, work }) =>
          work === null ? amount : requests.writeUnlessThere(interruptedRecord(work, amount, clock())),
        )
        .catch((error: unknown) => console.error(JSON.stringify({ ledger: errorReport(error) })));
    }
  };
