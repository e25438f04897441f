import { Hono } from 'hono';
import { usageReport } from '../../contract/examples/telemetry.ts';
import { UsageQuery, UsageReport } from '../../contract/usage.ts';
import { DAY } from '../../core/clock.ts';
import { invalid } from '../../core/failure.ts';
import { asId, type KeyId } from '../../core/identifier.ts';
import { inDollars } from '../../core/telemetry/money.ts';
import type { Usage } from '../../core/telemetry/usage.ts';
import { needs } from './authentication.ts';
import type { Routes } from './context.ts';
import { operation } from './operation.ts';
import { queryString } from './validation.ts';

/** Without an offset a time is UTC, which is every Worker's local time. */
const parseMoment = (text: string): number => (/^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text));

const serializeUsage = ({ rows, total }: Usage): UsageReport => ({
  data: rows.map((row) => ({
    group: row.group,
    requests: row.requests,
    input_tokens: row.inputTokens,
    output_tokens: row.outputTokens,
    cost_usd: inDollars(row.cost),
    p50_ms: row.p50,
    p95_ms: row.p95,
  })),
  total: { requests: total.requests, cost_usd: inDollars(total.cost) },
});

export const usage = new Hono<Routes>().use(needs('read')).get(
  '/',
  operation({
    summary: 'Report requests, tokens, cost and latency',
    description:
      'Grouped by key, prompt version, model, stage, hour or day. Without `from`, the 30 days before `to`, which ' +
      'defaults to now. A day begins at midnight UTC.',
    tag: 'usage',
    answers: { 200: { schema: UsageReport, example: usageReport } },
  }),
  queryString(UsageQuery),
  async (c) => {
    const { from, to, key, group_by } = c.req.valid('query');
    const until = to === undefined ? c.var.services.clock() + 1 : parseMoment(to);
    const since = from === undefined ? until - 30 * DAY : parseMoment(from);
    // Without `to` a caller's clock may be ahead of ours: nothing has happened since then, which is not a mistake.
    if (to !== undefined && since > until) throw invalid('from', "'from' is later than 'to'.");
    const found = await c.var.services.usage.usage(c.var.scope.tenantId, {
      from: since,
      to: until,
      keyId: key === undefined ? null : asId<KeyId>(key),
      groupBy: group_by,
    });
    return c.json(serializeUsage(found));
  },
);
