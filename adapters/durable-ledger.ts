import type { Balance, Ledger, Limits, Refusal } from '../core/access/ledger.ts';
import type { KeyId } from '../core/identifier.ts';
import type { Money } from '../core/telemetry/money.ts';
import type { ObjectNamespace } from './object-namespace.ts';

/** What a key's object answers to. */
export interface LedgerCalls {
  reserve(limits: Limits, amount: Money): Promise<{ readonly id: string } | Refusal>;
  extend(id: string, limits: Limits, amount: Money): Promise<Refusal | null>;
  settle(id: string, spent: Money, tokens: number): Promise<void>;
  charge(spent: Money, tokens: number): Promise<void>;
  balance(): Promise<Balance>;
}

export function durableLedger(namespace: ObjectNamespace<LedgerCalls>): Ledger {
  const stub = (keyId: KeyId) => namespace.getByName(keyId);
  return {
    reserve: (keyId, limits, amount) => stub(keyId).reserve(limits, amount),
    extend: (keyId, id, limits, amount) => stub(keyId).extend(id, limits, amount),
    settle: (keyId, id, spent, tokens) => stub(keyId).settle(id, spent, tokens),
    charge: (keyId, spent, tokens) => stub(keyId).charge(spent, tokens),
    balance: (keyId) => stub(keyId).balance(),
  };
}
