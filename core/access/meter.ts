import { errorMessage } from '../error-message.ts';
import { newId, type Random, type TenantId } from '../identifier.ts';
import { priceTable } from '../models/prices.ts';
import { type Money, noMoney } from '../telemetry/money.ts';
import { type RequestWriter, recordOf } from '../telemetry/record.ts';
import type { Span, Trace } from '../telemetry/trace.ts';
import type { Key } from './key.ts';
import { type Ledger, limitsOf, refusalFailure } from './ledger.ts';

export interface MeterDependencies {
  readonly ledger: Ledger;
  readonly requests: RequestWriter;
  readonly random: Random;
}

/** Leave to spend this much more on somebody's account. @throws Failure `budget_exceeded`, `rate_limit_exceeded`. */
export type Afford = (more: Money) => Promise<void>;

/** Whose work it is, where it is traced, and whose money it costs. */
export interface MeteredWork {
  readonly tenantId: TenantId;
  readonly span: Span;
  readonly afford: Afford;
}

/** Who pays. A key that is revoked has no limits any more, but what it started is still on its account. */
export type Account = Pick<Key, 'id' | 'tenantId'> & Partial<Pick<Key, 'budgets' | 'rates'>>;

export interface MeterEnding {
  readonly route: string;
  readonly status?: number;
  readonly requestId?: string;
  readonly error?: unknown;
}

/**
 * Work that costs a key money: an answer, a search, a turn of ingestion, a case of an evaluation, a drive of an agent.
 *
 *  LED-4 What work may cost at most is reserved before it costs, and settled once, with what the trace says.
 *  LED-5 The row of a request and the key's ledger get the same sum. What was not reserved is charged.
 */
export class Meter {
  readonly #deps: MeterDependencies;
  readonly #trace: Trace;
  readonly #account: Account;
  #reservation: string | null = null;

  constructor(deps: MeterDependencies, trace: Trace, account: Account) {
    this.#deps = deps;
    this.#trace = trace;
    this.#account = account;
  }

  /** Counts the request for the key's rates, whatever it costs. @throws Failure `rate_limit_exceeded`. */
  async count(): Promise<void> {
    const { requestsPerMinute, tokensPerMinute } = this.#limits;
    if (requestsPerMinute === null && tokensPerMinute === null) return;
    await this.#hold({ ...this.#limits, day: null, month: null, total: null }, noMoney);
  }

  readonly afford: Afford = async (amount) => {
    if (Object.values(this.#limits).every((limit) => limit === null)) return;
    await this.#hold(this.#limits, amount);
  };

  /** What the work itself needs to know of this. */
  get work(): MeteredWork {
    return { tenantId: this.#account.tenantId, span: this.#trace.root, afford: this.afford };
  }

  /** Settles and writes the row. The trace is over then. */
  async end(ending: MeterEnding): Promise<void> {
    const { ledger, requests, random } = this.#deps;
    const { id: keyId, tenantId } = this.#account;
    const { requestId = newId('req', random), route, error } = ending;
    const record = recordOf(
      this.#trace,
      { tenantId, keyId },
      {
        requestId,
        route,
        status: ending.status ?? (error === undefined ? 200 : 500),
        prices: priceTable,
        ...(error === undefined ? {} : { error: errorMessage(error) }),
      },
    );
    const tokens = record.inputTokens + record.outputTokens;
    const reservation = this.#reservation;
    this.#reservation = null;
    if (reservation !== null) await ledger.settle(keyId, reservation, record.cost, tokens);
    else if (record.cost > noMoney) await ledger.charge(keyId, record.cost, tokens);
    await requests.write(record);
  }

  get #limits() {
    const { budgets = {}, rates = {} } = this.#account;
    return limitsOf({ budgets, rates });
  }

  async #hold(limits: ReturnType<typeof limitsOf>, amount: Money): Promise<void> {
    const { ledger } = this.#deps;
    if (this.#reservation !== null) {
      const refusal = await ledger.extend(this.#account.id, this.#reservation, limits, amount);
      if (refusal !== null) throw refusalFailure(refusal);
      return;
    }
    const answer = await ledger.reserve(this.#account.id, limits, amount);
    if ('code' in answer) throw refusalFailure(answer);
    this.#reservation = answer.id;
  }
}
