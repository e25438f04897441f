import type { Balance, Ledger, Limits, Refusal, ReservedWork } from '../core/access/ledger.ts';
import type { KeyId } from '../core/identifier.ts';
import type { Money } from '../core/telemetry/money.ts';
import type { ObjectNamespace } from './object-namespace.ts';

/** What a key's object answers to. */
export interface LedgerCalls {
  reserve(limits: Limits, amount: Money, work: ReservedWork): Promise<{ readonly id: string } | Refusal>;
  extend(id: string, limits: Limits, amount: Money, work: ReservedWork): Promise<Refusal | null>;
  settle(id: string, spent: Money, tokens: number): Promise<void>;
  charge(spent: Money, tokens: number): Promise<void>;
  balance(): Promise<Balance>;
}

export function durableLedger(namespace: ObjectNamespace<LedgerCalls>): Ledger {
  const stub = (keyId: KeyId) => namespace.getByName(keyId);
  return {
    reserve: (keyId, limits, amount, work) => stub(keyId).reserve(limits, amount, work),
    extend: (keyId, id, limits, amount, work) => stub(keyId).extend(id, limits, amount, work),
    settle: (keyId, id, spent, tokens) => stub(keyId).settle(id, spent, tokens),
    charge: (keyId, spent, tokens) => stub(keyId).charge(spent, tokens),
    balance: (keyId) => stub(keyId).balance(),
  };
}
