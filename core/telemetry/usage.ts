import type { KeyId, TenantId, TraceId } from '../identifier.ts';
import type { Money } from './money.ts';
import type { Attributes } from './trace.ts';

export const usageGroups = ['key', 'prompt_version', 'model', 'stage', 'hour', 'day'] as const;
export type UsageGroup = (typeof usageGroups)[number];

export interface UsageQuestion {
  /** Epoch milliseconds, `from` inclusive and `to` exclusive. */
  readonly from: number;
  readonly to: number;
  readonly keyId: KeyId | null;
  readonly groupBy: UsageGroup;
}

export interface UsageRow {
  readonly group: string;
  readonly requests: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cost: Money;
  /** Milliseconds, nearest rank: of whole requests, or of the model calls or stages when grouped by these. */
  readonly p50: number;
  readonly p95: number;
}

export interface Usage {
  readonly rows: readonly UsageRow[];
  /** Over all requests in range, however they are grouped. */
  readonly total: { readonly requests: number; readonly cost: Money };
}

export interface TraceSummary {
  readonly traceId: TraceId;
  readonly requestId: string;
  readonly keyId: KeyId;
  readonly route: string;
  readonly status: number;
  readonly promptVersion: string | null;
  readonly models: readonly string[];
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cost: Money;
  readonly prices: string;
  readonly timeToFirstToken: number | null;
  readonly duration: number;
  readonly stages: Readonly<Record<string, number>>;
  readonly error: string | null;
  readonly startedAt: number;
}

export interface StoredSpan {
  readonly spanId: string;
  readonly parentId: string | null;
  readonly name: string;
  readonly stage: string | null;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly attributes: Attributes;
  readonly model: string | null;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cost: Money;
  readonly error: string | null;
}

export interface TraceFilter {
  /** Only requests that started before this one, which is the cursor of the next page. */
  readonly before: { readonly startedAt: number; readonly traceId: TraceId } | null;
  readonly limit: number;
  readonly route: string | null;
  readonly failed: boolean | null;
}

/** Reads what `RequestWriter` wrote, always of one tenant. */
export interface RequestRepository {
  usage(tenantId: TenantId, question: UsageQuestion): Promise<Usage>;
  list(tenantId: TenantId, filter: TraceFilter): Promise<readonly TraceSummary[]>;
  find(
    tenantId: TenantId,
    traceId: TraceId,
  ): Promise<{ summary: TraceSummary; spans: readonly StoredSpan[] } | null>;
}
