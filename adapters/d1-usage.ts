import type { KeyId, TenantId, TraceId } from '../core/identifier.ts';
import { picodollars } from '../core/telemetry/money.ts';
import type {
  RequestRepository,
  StoredSpan,
  TraceSummary,
  UsageGroup,
  UsageQuestion,
  UsageRow,
} from '../core/telemetry/usage.ts';
import { sumOfMoney } from './database/sum-of-money.ts';

/** The requests that a question is about; each SELECT below is held against it. */
const ASKED = 'tenant_id = ?1 AND started_at >= ?2 AND started_at < ?3 AND (?4 IS NULL OR key_id = ?4)';

/** What is counted and timed for a grouping: whole requests, or the model calls and the stages inside them. */
const sources: Readonly<Record<UsageGroup, string>> = {
  key: requestsBy('key_id'),
  prompt_version: requestsBy("coalesce(prompt_version, 'none')"),
  hour: requestsBy("strftime('%Y-%m-%dT%H:00:00Z', started_at / 1000, 'unixepoch')"),
  day: requestsBy("strftime('%Y-%m-%d', started_at / 1000, 'unixepoch')"),
  model: callsBy("call.value ->> 'model'", "call.value ->> 'duration'"),
  // A stage's money and tokens lie on the model calls inside it, its time on the request.
  stage: `${callsBy("coalesce(call.value ->> 'stage', 'none')", 'NULL')}
    UNION ALL SELECT stage.key, trace_id, 0, 0, 0, stage.value FROM requests, json_each(stages) AS stage WHERE ${ASKED}`,
};

function requestsBy(group: string): string {
  return `SELECT ${group} AS "group", trace_id, input_tokens, output_tokens, cost, duration
    FROM requests WHERE ${ASKED}`;
}

function callsBy(group: string, duration: string): string {
  return `SELECT ${group} AS "group", trace_id, call.value ->> 'inputTokens' AS input_tokens,
      call.value ->> 'outputTokens' AS output_tokens, call.value ->> 'cost' AS cost, ${duration} AS duration
    FROM requests, json_each(calls) AS call WHERE ${ASKED}`;
}

export function d1Usage(database: D1Database): RequestRepository {
  return {
    async usage(tenantId, question) {
      const [rows, total] = await database.batch([
        usageStatement(database, tenantId, question),
        totalStatement(database, tenantId, question),
      ]);
      const sum = (total?.results[0] ?? { requests: 0, cost: 0 }) as { requests: number; cost: number };
      return {
        rows: ((rows?.results ?? []) as UsageRow[]).map((row) => ({ ...row, cost: picodollars(row.cost) })),
        total: { requests: sum.requests, cost: picodollars(sum.cost) },
      };
    },

    async list(tenantId, filter) {
      const conditions = ['tenant_id = ?'];
      const values: (string | number)[] = [tenantId];
      if (filter.before !== null) {
        conditions.push('(started_at, trace_id) < (?, ?)');
        values.push(filter.before.startedAt, filter.before.traceId);
      }
      if (filter.route !== null) {
        conditions.push('route = ?');
        values.push(filter.route);
      }
      if (filter.failed !== null) conditions.push(filter.failed ? 'status >= 400' : 'status < 400');
      const { results } = await database
        .prepare(
          `SELECT * FROM requests WHERE ${conditions.join(' AND ')}
           ORDER BY started_at DESC, trace_id DESC LIMIT ?`,
        )
        .bind(...values, filter.limit)
        .all<RequestRow>();
      return results.map(toSummary);
    },

    async find(tenantId, traceId) {
      const [requests, spans] = await database.batch([
        database
          .prepare('SELECT * FROM requests WHERE tenant_id = ? AND trace_id = ?')
          .bind(tenantId, traceId),
        database
          .prepare('SELECT * FROM spans WHERE tenant_id = ? AND trace_id = ? ORDER BY started_at, span_id')
          .bind(tenantId, traceId),
      ]);
      const row = requests?.results[0] as RequestRow | undefined;
      if (row === undefined) return null;
      return { summary: toSummary(row), spans: ((spans?.results ?? []) as SpanRow[]).map(toSpan) };
    },
  };
}

function usageStatement(
  database: D1Database,
  tenantId: TenantId,
  question: UsageQuestion,
): D1PreparedStatement {
  return database
    .prepare(
      `WITH chosen AS (
         ${sources[question.groupBy]}
       ), ranked AS (
         SELECT *,
           row_number() OVER (PARTITION BY "group" ORDER BY duration NULLS LAST) AS place,
           count(duration) OVER (PARTITION BY "group") AS timed
         FROM chosen
       )
       SELECT "group",
         count(DISTINCT trace_id) AS requests,
         sum(input_tokens) AS inputTokens,
         sum(output_tokens) AS outputTokens,
         ${sumOfMoney('cost')} AS cost,
         coalesce(max(CASE WHEN place = (timed + 1) / 2 THEN duration END), 0) AS p50,
         coalesce(max(CASE WHEN place = (timed * 95 + 99) / 100 THEN duration END), 0) AS p95
       FROM ranked GROUP BY "group" ORDER BY "group"`,
    )
    .bind(tenantId, question.from, question.to, question.keyId);
}

function totalStatement(
  database: D1Database,
  tenantId: TenantId,
  question: UsageQuestion,
): D1PreparedStatement {
  return database
    .prepare(`SELECT count(*) AS requests, ${sumOfMoney('cost')} AS cost FROM requests WHERE ${ASKED}`)
    .bind(tenantId, question.from, question.to, question.keyId);
}

interface RequestRow {
  readonly trace_id: TraceId;
  readonly request_id: string;
  readonly key_id: KeyId;
  readonly route: string;
  readonly status: number;
  readonly prompt_version: string | null;
  readonly models: string;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cost: number;
  readonly prices: string;
  readonly time_to_first_token: number | null;
  readonly duration: number;
  readonly stages: string;
  readonly error: string | null;
  readonly started_at: number;
}

const toSummary = (row: RequestRow): TraceSummary => ({
  traceId: row.trace_id,
  requestId: row.request_id,
  keyId: row.key_id,
  route: row.route,
  status: row.status,
  promptVersion: row.prompt_version,
  models: JSON.parse(row.models) as string[],
  inputTokens: row.input_tokens,
  outputTokens: row.output_tokens,
  cost: picodollars(row.cost),
  prices: row.prices,
  timeToFirstToken: row.time_to_first_token,
  duration: row.duration,
  stages: JSON.parse(row.stages) as Record<string, number>,
  error: row.error,
  startedAt: row.started_at,
});

interface SpanRow {
  readonly span_id: string;
  readonly parent_id: string | null;
  readonly name: string;
  readonly stage: string | null;
  readonly started_at: number;
  readonly ended_at: number;
  readonly attributes: string;
  readonly model: string | null;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cost: number;
  readonly error: string | null;
}

const toSpan = (row: SpanRow): StoredSpan => ({
  spanId: row.span_id,
  parentId: row.parent_id,
  name: row.name,
  stage: row.stage,
  startedAt: row.started_at,
  endedAt: row.ended_at,
  attributes: JSON.parse(row.attributes) as StoredSpan['attributes'],
  model: row.model,
  inputTokens: row.input_tokens,
  outputTokens: row.output_tokens,
  cost: picodollars(row.cost),
  error: row.error,
});
