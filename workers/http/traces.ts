import { Hono } from 'hono';
import { onePage } from '../../contract/examples/ids.ts';
import * as examples from '../../contract/examples/telemetry.ts';
import { type Span, Trace, TraceList, TraceQuery, type TraceSummary } from '../../contract/traces.ts';
import { invalid, notFound } from '../../core/failure.ts';
import { asId, type TraceId } from '../../core/identifier.ts';
import { pageOf } from '../../core/page.ts';
import { inDollars } from '../../core/telemetry/money.ts';
import type { StoredSpan, TraceSummary as StoredTrace } from '../../core/telemetry/usage.ts';
import { needs } from './authentication.ts';
import type { Routes } from './context.ts';
import { operation } from './operation.ts';
import { isoTime, serializePage } from './paging.ts';
import { queryString } from './validation.ts';

const serializeSummary = (trace: StoredTrace): TraceSummary => ({
  trace_id: trace.traceId,
  request_id: trace.requestId,
  key: trace.keyId,
  route: trace.route,
  status: trace.status,
  prompt_version: trace.promptVersion,
  models: trace.models,
  usage: { input_tokens: trace.inputTokens, output_tokens: trace.outputTokens },
  cost_usd: inDollars(trace.cost),
  prices: trace.prices,
  time_to_first_token_ms: trace.timeToFirstToken,
  duration_ms: trace.duration,
  stages: trace.stages,
  error: trace.error,
  started_at: isoTime(trace.startedAt),
});

const serializeSpan = (span: StoredSpan): Span => ({
  span_id: span.spanId,
  parent_id: span.parentId,
  name: span.name,
  stage: span.stage,
  started_at: isoTime(span.startedAt),
  duration_ms: span.endedAt - span.startedAt,
  attributes: span.attributes,
  model: span.model,
  cost_usd: inDollars(span.cost),
  error: span.error,
});

/** `<epoch milliseconds>.<trace id>`: where the next page begins. */
const cursorOf = (trace: StoredTrace) => `${trace.startedAt}.${trace.traceId}`;

function readCursor(cursor: string): { startedAt: number; traceId: TraceId } {
  const [, startedAt, traceId] = /^(\d{1,15})\.([0-9a-f]+)$/.exec(cursor) ?? [];
  if (startedAt === undefined || traceId === undefined)
    throw invalid('after', "Invalid 'after': expected the 'next' of the page before.");
  return { startedAt: Number(startedAt), traceId: asId(traceId) };
}

export const traces = new Hono<Routes>()
  .use(needs('read'))
  .get(
    '/',
    operation({
      summary: 'List requests, newest first',
      tag: 'traces',
      answers: { 200: { schema: TraceList, example: onePage(examples.traceSummary) } },
    }),
    queryString(TraceQuery),
    async (c) => {
      const { after, limit, route, failed } = c.req.valid('query');
      const found = await c.var.services.usage.list(c.var.scope.tenantId, {
        before: after === undefined ? null : readCursor(after),
        limit: limit + 1,
        route: route ?? null,
        failed: failed === undefined ? null : failed === 'true',
      });
      return c.json<TraceList>(serializePage(pageOf(found, limit, cursorOf), serializeSummary));
    },
  )
  .get(
    '/:id',
    operation({
      summary: 'Read one request as a tree of spans',
      tag: 'traces',
      answers: { 200: { schema: Trace, example: { ...examples.traceSummary, spans: [examples.span] } } },
    }),
    async (c) => {
      const id = asId<TraceId>(c.req.param('id'));
      const found = await c.var.services.usage.find(c.var.scope.tenantId, id);
      if (found === null) throw notFound('trace', id);
      return c.json<Trace>({ ...serializeSummary(found.summary), spans: found.spans.map(serializeSpan) });
    },
  );
