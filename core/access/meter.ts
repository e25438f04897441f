import { errorMessage } from '../error-message.ts';
import { newId, type Random, type TenantId } from '../identifier.ts';
import { addMoney, decimal, type Money, noMoney } from '../telemetry/money.ts';
import { type RequestWriter, recordOf } from '../telemetry/record.ts';
import type { Span, Trace } from '../telemetry/trace.ts';
import type { Key } from './key.ts';
import { type Ledger, type Limits, limitsOf, type ReservedWork, refusalFailure } from './ledger.ts';

export interface MeterDependencies {
  readonly ledger: Ledger;
  readonly requests: Pick<RequestWriter, 'write'>;
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

export interface MeterOrder {
  readonly trace: Trace;
  readonly account: Account;
  /** Method and pattern of a request, or what else is at work: `queue:ingest`. */
  readonly route: string;
  readonly requestId?: string;
  /** Work that nobody waits for is no request, so that a batch of documents leaves its key's rate to people. */
  readonly isRequest?: boolean;
}

/**
 * Work that costs a key money: an answer, a search, a turn of ingestion, a case of an evaluation, a drive of an agent.
 * Every edge opens a meter, hands its `work` to the core, and ends it.
 *
 *  LED-4 What work may cost at most is reserved before it costs, and settled once, with what the trace says.
 *  LED-5 The row of a request and the key's ledger get the same sum. What was not reserved is charged. The row comes
 *     first: where the worker dies between the two, the reservation is settled by the row.
 *  LED-7 Work that has cost more than it reserved is charged all the same, since it was spent, and says so:
 *     `selvedge.overrun_usd` on its trace.
 */
export class Meter {
  readonly #deps: MeterDependencies;
  readonly #trace: Trace;
  readonly #limits: Limits;
  readonly #reserved: ReservedWork;
  #reservation: { readonly id: string; readonly amount: Money } | null = null;

  constructor(deps: MeterDependencies, { trace, account, route, requestId, isRequest = true }: MeterOrder) {
    const { id: keyId, tenantId, budgets = {}, rates = {} } = account;
    this.#deps = deps;
    this.#trace = trace;
    const limits = limitsOf({ budgets, rates });
    this.#limits = isRequest ? limits : { ...limits, requestsPerMinute: null };
    this.#reserved = {
      tenantId,
      keyId,
      traceId: trace.traceId,
      requestId: requestId ?? newId('req', deps.random),
      route,
      startedAt: trace.startedAt,
    };
  }

  /** What the work itself needs to know of this. */
  get work(): MeteredWork {
    return { tenantId: this.#reserved.tenantId, span: this.#trace.root, afford: this.afford };
  }

  /** Whether something is held that only `end` frees. */
  get holds(): boolean {
    return this.#reservation !== null;
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

  /** Writes the row and settles. The trace is over then. */
  async end({ status, error }: { readonly status?: number; readonly error?: unknown } = {}): Promise<void> {
    const { ledger, requests } = this.#deps;
    const reservation = this.#reservation;
    this.#reservation = null;
    const { inputTokens, outputTokens, cost } = this.#trace.totals;
    if (reservation !== null && cost > reservation.amount) {
      const overrun = (cost - reservation.amount) as Money;
      this.#trace.root.set({ 'selvedge.overrun_usd': decimal(overrun) });
    }
    const { keyId, tenantId, requestId, route } = this.#reserved;
    const row = recordOf(
      this.#trace,
      { tenantId, keyId },
      {
        requestId,
        route,
        status: status ?? (error === undefined ? 200 : 500),
        ...(error === undefined ? {} : { error: errorMessage(error) }),
      },
    );
    const tokens = inputTokens + outputTokens;
    if (reservation !== null) {
      await requests.write(row);
      await ledger.settle(keyId, reservation.id, cost, tokens);
      return;
    }
    // Nothing holds this money, so it is on the ledger also where its row cannot be written.
    const written = await Promise.allSettled([
      requests.write(row),
      cost > noMoney ? ledger.charge(keyId, cost, tokens) : null,
    ]);
    for (const result of written) if (result.status === 'rejected') throw result.reason;
  }

  async #hold(limits: Limits, amount: Money): Promise<void> {
    const { ledger } = this.#deps;
    const { keyId } = this.#reserved;
    const held = this.#reservation;
    if (held !== null) {
      const refusal = await ledger.extend(keyId, held.id, limits, amount, this.#reserved);
      if (refusal !== null) throw refusalFailure(refusal);
      this.#reservation = { id: held.id, amount: addMoney(held.amount, amount) };
      return;
    }
    const answer = await ledger.reserve(keyId, limits, amount, this.#reserved);
    if ('code' in answer) throw refusalFailure(answer);
    this.#reservation = { id: answer.id, amount };
  }
}
