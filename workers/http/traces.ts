import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import { invalid, notFound } from '../../core/failure.ts';
import { pageOf } from '../../core/page.ts';
import { inDollars } from '../../core/telemetry/money.ts';
import type { StoredSpan, TraceSummary } from '../../core/telemetry/usage.ts';
import { needs } from './authentication.ts';
import type { Routes } from './context.ts';
import { shownPage } from './paging.ts';
import { queryString } from './validation.ts';

const filter = z.strictObject({
  after: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  route: z.string().optional(),
  failed: z.enum(['true', 'false']).optional(),
});

const shown = (trace: TraceSummary) => ({
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
  started_at: new Date(trace.startedAt).toISOString(),
});

const shownSpan = (span: StoredSpan) => ({
  span_id: span.spanId,
  parent_id: span.parentId,
  name: span.name,
  stage: span.stage,
  started_at: new Date(span.startedAt).toISOString(),
  duration_ms: span.endedAt - span.startedAt,
  attributes: span.attributes,
  model: span.model,
  cost_usd: inDollars(span.cost),
  error: span.error,
});

/** `2026-…Z,<trace id>` in base64url: where the next page begins. */
const cursorOf = (trace: TraceSummary) => btoa(`${trace.startedAt},${trace.traceId}`);

function readCursor(cursor: string): { startedAt: number; traceId: string } {
  try {
    const [startedAt, traceId] = atob(cursor).split(',');
    if (startedAt !== undefined && traceId !== undefined && /^\d+$/.test(startedAt)) {
      return { startedAt: Number(startedAt), traceId };
    }
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
  }
  throw invalid('after', "Invalid 'after': expected the cursor `next` of an earlier page.");
}

export const traces = new Hono<Routes>()
  .use(needs('read'))
  .get(
    '/',
    describeRoute({ summary: 'Requests, newest first', tags: ['traces'] }),
    queryString(filter),
    async (c) => {
      const { after, limit, route, failed } = c.req.valid('query');
      const found = await c.var.services.usage.list(c.var.scope.tenantId, {
        before: after === undefined ? null : readCursor(after),
        limit: limit + 1,
        route: route ?? null,
        failed: failed === undefined ? null : failed === 'true',
      });
      return c.json(shownPage(pageOf(found, limit, cursorOf), shown));
    },
  )
  .get('/:id', describeRoute({ summary: 'One request as a tree of spans', tags: ['traces'] }), async (c) => {
    const id = c.req.param('id');
    const found = await c.var.services.usage.find(c.var.scope.tenantId, id);
    if (found === null) throw notFound('trace', id);
    return c.json({ ...shown(found.summary), spans: found.spans.map(shownSpan) });
  });
