import type { CaseId, EvaluationId, FileId, TenantId, VectorStoreId } from '../core/identifier.ts';
import type { SessionCalls } from './durable-agent-sessions.ts';
import type { LedgerCalls } from './durable-ledger.ts';
import type { McpConnectionCalls } from './durable-mcp-connections.ts';
import type { SweeperCalls } from './durable-sweeper.ts';
import type { ObjectNamespace } from './object-namespace.ts';
import type { CollectorVariables } from './otlp-traces.ts';

/** The bindings of `wrangler.toml`. The local account supplies the same names with the same methods. */
export interface Environment extends CollectorVariables {
  readonly DB: D1Database;
  readonly SEARCH: D1Database;
  readonly DOCUMENTS: R2Bucket;
  readonly INGEST: Queue<IngestMessage>;
  readonly EVALUATIONS: Queue<EvaluationMessage>;
  readonly VECTORIZE: Vectorize;
  readonly AI: Ai;
  readonly AGENT_SESSION: ObjectNamespace<SessionCalls>;
  readonly MCP_CONNECTIONS: ObjectNamespace<McpConnectionCalls>;
  readonly LEDGER: ObjectNamespace<LedgerCalls>;
  readonly SWEEPER: ObjectNamespace<SweeperCalls>;
  readonly ASSETS: Fetcher;
  /** A key that the page uses without asking; `sk-local` under the local configuration, else usually unset. */
  readonly PAGE_KEY?: string;
  /** Origins whose pages may call the API, separated by commas, or `*`; unset, none but our own page. */
  readonly CORS_ORIGINS?: string;
  /** Host names beyond loopback that a page with `PAGE_KEY` is served under, separated by commas. */
  readonly PAGE_HOSTS?: string;
  /** Names of the queues that hold dead letters, separated by spaces; derived from `wrangler.toml`. */
  readonly DEAD_LETTER_QUEUES: string;
  /** JSON: more models and aliases, merged over the built-in catalogue (docs/how-to/choose-models.md). */
  readonly CATALOGUE?: string;
  /** `on`: stores that say nothing about it have pages that are pictures read. Off in the cloud, where it costs. */
  readonly OCR?: string;
  readonly OPENAI_API_KEY?: string;
  readonly ANTHROPIC_API_KEY?: string;
  /** The admin key of the first tenant, as an operator chose it (core/access/chosen-key.ts). */
  readonly ADMIN_KEY?: string;
  /** Whole days that each kind of row stays, before `keepDays` of the configuration (docs/reference/storage.md). */
  readonly KEEP_SPANS_DAYS?: string;
  readonly KEEP_REQUESTS_DAYS?: string;
  readonly KEEP_RESPONSES_DAYS?: string;
  readonly KEEP_EVALUATIONS_DAYS?: string;
  readonly KEEP_FEEDBACK_DAYS?: string;
}

/** Ids only: the row in `DB` is the truth, a message is a nudge to look at it. */
export interface IngestMessage {
  readonly tenantId: TenantId;
  readonly vectorStoreId: VectorStoreId;
  readonly fileId: FileId;
}

export interface EvaluationMessage {
  readonly tenantId: TenantId;
  readonly runId: EvaluationId;
  readonly caseId: CaseId;
}
