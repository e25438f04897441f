import { DatabaseSync } from 'node:sqlite';
import { sqliteLedger } from '../adapters/sqlite-ledger.ts';
import { type KeyLedger, keyLedger } from '../core/access/key-ledger.ts';
import type { Ledger } from '../core/access/ledger.ts';
import type { Clock } from '../core/clock.ts';
import { systemRandom } from '../core/identifier.ts';
import type { RequestWriter } from '../core/telemetry/record.ts';
import { interruptedRecord } from '../core/telemetry/record.ts';
import { sqlPortOnNode } from './sql-port-on-node.ts';

/**
 * The ledgers of all keys without a platform: the real one of each key, in a `node:sqlite` of its own as in a Durable
 * Object of its own. `expire` is the alarm.
 */
export class Ledgers implements Ledger {
  readonly #keys = new Map<string, KeyLedger>();
  readonly #clock: Clock;
  /** Times for which an alarm was asked, the last one counting. */
  wakeAt: number | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  of(keyId: string): KeyLedger {
    const known = this.#keys.get(keyId);
    if (known !== undefined) return known;
    const wake = (at: number | null) => {
      this.wakeAt = at;
    };
    const table = sqliteLedger({ ...sqlPortOnNode(new DatabaseSync(':memory:')), wake });
    const made = keyLedger({ table, clock: this.#clock, random: systemRandom });
    this.#keys.set(keyId, made);
    return made;
  }

  async expire(requests: Pick<RequestWriter, 'writeUnlessThere'>): Promise<void> {
    for (const ledger of this.#keys.values()) {
      await ledger.expire(async ({ amount, work }) =>
        work === null ? amount : requests.writeUnlessThere(interruptedRecord(work, amount, this.#clock())),
      );
    }
  }

  reserve: Ledger['reserve'] = async (keyId, ...order) => this.of(keyId).reserve(...order);
  extend: Ledger['extend'] = async (keyId, ...order) => this.of(keyId).extend(...order);
  settle: Ledger['settle'] = async (keyId, ...order) => this.of(keyId).settle(...order);
  charge: Ledger['charge'] = async (keyId, ...order) => this.of(keyId).charge(...order);
  balance: Ledger['balance'] = async (keyId) => this.of(keyId).balance();
}
