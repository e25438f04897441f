import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import { invalid } from '../../core/failure.ts';
import { inDollars } from '../../core/telemetry/money.ts';
import { usageGroups } from '../../core/telemetry/usage.ts';
import { needs } from './authentication.ts';
import type { Routes } from './context.ts';
import { queryString } from './validation.ts';

const DAY = 24 * 60 * 60 * 1000;

/**
 * ISO 8601 (`2026-11-22`, `2026-11-22T10:00:00+01:00`) or seconds since the epoch. Without an offset it is UTC, which
 * is every Worker's local time.
 */
const moment = z
  .union(
    [z.string().regex(/^\d{1,11}$/), z.iso.date(), z.iso.datetime({ offset: true, local: true })],
    'expected an ISO 8601 time or seconds since the epoch',
  )
  .transform((text) => (/^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text)));

const question = z.strictObject({
  from: moment.optional(),
  to: moment.optional(),
  key: z.string().optional(),
  group_by: z.enum(usageGroups).default('day'),
});

export const usage = new Hono<Routes>().use(needs('read')).get(
  '/',
  describeRoute({
    summary: 'Requests, tokens, dollars and latency by key, prompt version, model, stage, hour or day',
    description:
      'Without `from` the 30 days before `to`, which is now when left out. A day begins at midnight UTC.',
    tags: ['usage'],
  }),
  queryString(question),
  async (c) => {
    const { from, to, key, group_by } = c.req.valid('query');
    const until = to ?? c.var.services.clock() + 1;
    const since = from ?? until - 30 * DAY;
    // Without `to` a caller's clock may be ahead of ours: nothing has happened since then, and that is no mistake.
    if (to !== undefined && since > until) throw invalid('from', "'from' is later than 'to'.");
    const found = await c.var.services.usage.usage(c.var.scope.tenantId, {
      from: since,
      to: until,
      keyId: key ?? null,
      groupBy: group_by,
    });
    return c.json({
      data: found.rows.map((row) => ({
        group: row.group,
        requests: row.requests,
        input_tokens: row.inputTokens,
        output_tokens: row.outputTokens,
        cost_usd: inDollars(row.cost),
        p50_ms: row.p50,
        p95_ms: row.p95,
      })),
      total: { requests: found.total.requests, cost_usd: inDollars(found.total.cost) },
    });
  },
);
