import { picodollars } from '../core/telemetry/money.ts';
import type { RequestRecord, RequestWriter } from '../core/telemetry/record.ts';

/** D1 takes 100 bound parameters a statement and 15 are bound a span. */
const SPANS_A_STATEMENT = 6;

export function d1Requests(database: D1Database): RequestWriter {
  return {
    async write(record) {
      const statements = [requestStatement(database, 'REPLACE', record)];
      for (let at = 0; at < record.spans.length; at += SPANS_A_STATEMENT) {
        statements.push(spansStatement(database, record, at));
      }
      await database.batch(statements);
    },

    async writeUnlessThere(record) {
      const [, there] = await database.batch<{ cost: number }>([
        requestStatement(database, 'IGNORE', record),
        database.prepare('SELECT cost FROM requests WHERE trace_id = ?').bind(record.traceId),
      ]);
      return picodollars(there?.results[0]?.cost ?? record.cost);
    },
  };
}

function requestStatement(
  database: D1Database,
  otherwise: 'REPLACE' | 'IGNORE',
  record: RequestRecord,
): D1PreparedStatement {
  return database
    .prepare(`INSERT OR ${otherwise} INTO requests VALUES (${Array(19).fill('?').join(', ')})`)
    .bind(
      record.traceId,
      record.requestId,
      record.tenantId,
      record.keyId,
      record.route,
      record.status,
      record.promptVersion,
      JSON.stringify(record.models),
      record.inputTokens,
      record.outputTokens,
      record.cacheReadTokens,
      record.cost,
      record.prices,
      record.timeToFirstToken,
      record.duration,
      JSON.stringify(record.stages),
      record.error,
      record.startedAt,
      JSON.stringify(record.calls),
    );
}

function spansStatement(database: D1Database, record: RequestRecord, from: number): D1PreparedStatement {
  const spans = record.spans.slice(from, from + SPANS_A_STATEMENT);
  const row = `(${Array(15).fill('?').join(', ')})`;
  return database
    .prepare(`INSERT OR REPLACE INTO spans VALUES ${spans.map(() => row).join(', ')}`)
    .bind(
      ...spans.flatMap((span) => [
        record.traceId,
        span.spanId,
        span.parentId,
        record.tenantId,
        span.name,
        span.stage,
        span.startedAt,
        span.endedAt,
        JSON.stringify(span.attributes),
        span.usage?.model ?? null,
        span.usage?.operation ?? null,
        span.usage?.inputTokens ?? 0,
        span.usage?.outputTokens ?? 0,
        span.usage?.cost ?? 0,
        span.error,
      ]),
    );
}
