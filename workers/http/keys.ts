import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import { issueKey, type Key } from '../../core/access/key.ts';
import { notFound } from '../../core/failure.ts';
import { asId, type TenantId } from '../../core/identifier.ts';
import { keyScopes } from '../../core/scope.ts';
import { inDollars, noMoney } from '../../core/telemetry/money.ts';
import { needs } from './authentication.ts';
import type { Context, Routes } from './context.ts';
import { jsonBody } from './validation.ts';

const usd = z.number().nonnegative().max(1e6).optional();
const perMinute = z.int().positive().optional();

const newKey = z.strictObject({
  name: z.string().min(1).max(200),
  tenant: z.string().optional(),
  scopes: z.array(z.enum(keyScopes)).min(1).optional(),
  budgets: z.strictObject({ day_usd: usd, month_usd: usd, total_usd: usd }).optional(),
  rates: z.strictObject({ requests_per_minute: perMinute, tokens_per_minute: perMinute }).optional(),
});

const shown = (key: Key) => ({
  id: key.id,
  name: key.name,
  tenant: key.tenantId,
  scopes: key.scopes,
  budgets: key.budgets,
  rates: key.rates,
  created_at: new Date(key.createdAt).toISOString(),
});

async function withSpending(c: Context, found: readonly Key[]) {
  const { services } = c.var;
  const tenants = [...new Set(found.map((key) => key.tenantId))];
  const spent = await Promise.all(
    tenants.map((tenantId) => services.usage.spending(tenantId, services.clock())),
  );
  const spending = new Map(spent.flatMap((keys) => [...keys]));
  return Promise.all(
    found.map(async (key) => {
      const { day, month, total } = spending.get(key.id) ?? { day: noMoney, month: noMoney, total: noMoney };
      const { reserved } = await services.ledger.balance(key.id);
      return {
        ...shown(key),
        spent_usd: { day: inDollars(day), month: inDollars(month), total: inDollars(total) },
        reserved_usd: inDollars(reserved),
      };
    }),
  );
}

export const keys = new Hono<Routes>()
  .use(needs('admin'))
  .post(
    '/',
    describeRoute({ summary: 'Make a key; its secret is shown only here', tags: ['keys'] }),
    jsonBody(newKey),
    async (c) => {
      const { tenant, ...wanted } = c.req.valid('json');
      const { key, secret } = await issueKey(c.var.services, c.var.scope, {
        ...wanted,
        ...(tenant === undefined ? {} : { tenantId: asId<TenantId>(tenant) }),
      } as Parameters<typeof issueKey>[2]);
      return c.json({ ...shown(key), key: secret }, 201);
    },
  )
  .get(
    '/',
    describeRoute({ summary: 'The keys of the tenant and of those that it made', tags: ['keys'] }),
    async (c) => {
      const found = await c.var.services.keys.list(c.var.scope.tenantId);
      return c.json({ data: await withSpending(c, found) });
    },
  )
  .get('/:id', describeRoute({ summary: 'One key and what it has spent', tags: ['keys'] }), async (c) => {
    const id = c.req.param('id');
    const found = (await c.var.services.keys.list(c.var.scope.tenantId)).filter((key) => key.id === id);
    const [shownKey] = await withSpending(c, found);
    if (shownKey === undefined) throw notFound('key', id);
    return c.json(shownKey);
  })
  .delete('/:id', describeRoute({ summary: 'Revoke a key', tags: ['keys'] }), async (c) => {
    const { services, scope } = c.var;
    const id = c.req.param('id');
    if (!(await services.keys.revoke(scope.tenantId, id, services.clock()))) throw notFound('key', id);
    return c.body(null, 204);
  });
