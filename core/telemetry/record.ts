import type { ReservedWork } from '../access/ledger.ts';
import type { KeyId, TenantId, TraceId } from '../identifier.ts';
import { priceTable } from '../models/prices.ts';
import type { Scope } from '../scope.ts';
import { type Money, noMoney } from './money.ts';
import type { SpanRecord, Stage, Trace } from './trace.ts';

/** One call of a model. It stays with the request when the spans have gone: usage by model and by stage reads it. */
export interface ModelCall {
  readonly model: string;
  readonly stage: Stage | null;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cost: Money;
  readonly duration: number;
}

/** One row a request (or a queue message: route `queue:ingest`), written once when the work has ended. */
export interface RequestRecord {
  readonly traceId: TraceId;
  readonly requestId: string;
  readonly tenantId: TenantId;
  readonly keyId: KeyId;
  /** Method and pattern, never the ids in it: `POST /v1/vector_stores/:id/search`. */
  readonly route: string;
  readonly status: number;
  readonly promptVersion: string | null;
  readonly models: readonly string[];
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly cost: Money;
  /** Version of the price table that the cost was computed with. */
  readonly prices: string;
  readonly timeToFirstToken: number | null;
  readonly duration: number;
  readonly stages: Readonly<Record<string, number>>;
  readonly error: string | null;
  readonly startedAt: number;
  readonly calls: readonly ModelCall[];
  readonly spans: readonly SpanRecord[];
}

export interface RequestWriter {
  /** Adds the row, or replaces the one of the same trace. */
  write(record: RequestRecord): Promise<void>;
  /** Adds the row unless its trace has one, and answers what the row that is there now cost. */
  writeUnlessThere(record: RequestRecord): Promise<Money>;
}

export interface Ending {
  readonly requestId: string;
  readonly route: string;
  readonly status: number;
  readonly error?: string;
}

/** What usage by model and by stage calls money whose use is not known. */
const UNSETTLED = 'unsettled';

/**
 * The row of work that reserved money and was never heard of again. It costs what was reserved, so that usage and
 * ledger have the same sum; what was done with it nobody knows.
 */
export function interruptedRecord(work: ReservedWork, amount: Money, now: number): RequestRecord {
  const { traceId, requestId, tenantId, keyId, route, startedAt } = work;
  const nothing = { inputTokens: 0, outputTokens: 0 };
  return {
    traceId,
    requestId,
    tenantId,
    keyId,
    route,
    status: 500,
    promptVersion: null,
    models: [],
    ...nothing,
    cacheReadTokens: 0,
    cost: amount,
    prices: priceTable,
    timeToFirstToken: null,
    duration: now - startedAt,
    stages: {},
    error: 'The work was cut off before it ended. What it had reserved is counted as spent.',
    startedAt,
    calls:
      amount === noMoney
        ? []
        : [{ model: UNSETTLED, stage: null, ...nothing, cost: amount, duration: now - startedAt }],
    spans: [],
  };
}

/** Ends the root span and draws up the row. */
export function recordOf(
  trace: Trace,
  scope: Pick<Scope, 'tenantId' | 'keyId'>,
  ending: Ending,
): RequestRecord {
  trace.root.end(ending.error);
  return {
    traceId: trace.traceId,
    requestId: ending.requestId,
    tenantId: scope.tenantId,
    keyId: scope.keyId,
    route: ending.route,
    status: ending.status,
    promptVersion: trace.promptVersion,
    models: [...new Set(trace.usages.map((usage) => usage.model))],
    ...trace.totals,
    prices: priceTable,
    timeToFirstToken: trace.timeToFirstToken,
    duration: trace.now() - trace.startedAt,
    stages: Object.fromEntries(trace.stages),
    error: ending.error ?? null,
    startedAt: trace.startedAt,
    calls: trace.spans.flatMap(callOf),
    spans: trace.spans,
  };
}

function callOf({ usage, stage, startedAt, endedAt }: SpanRecord): readonly ModelCall[] {
  if (usage === null) return [];
  const { model, inputTokens, outputTokens, cost } = usage;
  return [{ model, stage, inputTokens, outputTokens, cost, duration: endedAt - startedAt }];
}
