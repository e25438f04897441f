import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import { inDollars } from '../../core/telemetry/money.ts';
import { usageGroups } from '../../core/telemetry/usage.ts';
import { needs } from './authentication.ts';
import type { Routes } from './context.ts';
import { queryString } from './validation.ts';

const DAY = 24 * 60 * 60 * 1000;

/** ISO 8601 (`2026-11-22`, `2026-11-22T10:00:00Z`) or whole seconds since the epoch. */
const moment = z.string().transform((text, context) => {
  const at = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text);
  if (Number.isFinite(at)) return at;
  context.addIssue({ code: 'custom', message: 'expected an ISO 8601 time or seconds since the epoch' });
  return z.NEVER;
});

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
    description: 'Without `from` the last 30 days.',
    tags: ['usage'],
  }),
  queryString(question),
  async (c) => {
    const { from, to, key, group_by } = c.req.valid('query');
    const now = c.var.services.clock();
    const found = await c.var.services.usage.usage(c.var.scope.tenantId, {
      from: from ?? now - 30 * DAY,
      to: to ?? now + 1,
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
