import { Hono } from 'hono';
import { onePage } from '../../contract/examples/ids.ts';
import * as examples from '../../contract/examples/keys.ts';
import { CreatedKey, CreateKeyRequest, Key, KeyList } from '../../contract/keys.ts';
import { Paging } from '../../contract/paging.ts';
import { issueKey, revokeKey, type Key as StoredKey } from '../../core/access/key.ts';
import { notFound } from '../../core/failure.ts';
import { asId, type KeyId, type TenantId } from '../../core/identifier.ts';
import { inDollars } from '../../core/telemetry/money.ts';
import { needs } from './authentication.ts';
import type { Context, Routes } from './context.ts';
import { operation } from './operation.ts';
import { isoTime, rangeOf, serializePage } from './paging.ts';
import { jsonBody, queryString } from './validation.ts';

const serializeFields = (key: StoredKey): Omit<CreatedKey, 'key'> => ({
  id: key.id,
  name: key.name,
  tenant: key.tenantId,
  scopes: key.scopes,
  budgets: key.budgets,
  rates: key.rates,
  created_at: isoTime(key.createdAt),
});

/** Asks one ledger a key, so only for the keys of a page. */
async function withSpending(c: Context, found: readonly StoredKey[]): Promise<Key[]> {
  const { services } = c.var;
  return Promise.all(
    found.map(async (key) => {
      const { day, month, total, reserved } = await services.ledger.balance(key.id);
      return {
        ...serializeFields(key),
        spent_usd: { day: inDollars(day), month: inDollars(month), total: inDollars(total) },
        reserved_usd: inDollars(reserved),
      };
    }),
  );
}

const tag = 'keys';

export const keys = new Hono<Routes>()
  .use(needs('admin'))
  .post(
    '/',
    operation({
      summary: 'Create a key; its secret is returned only once',
      description:
        'Without `tenant`, the key belongs to a new tenant. Without `scopes`, it has all but `admin`.',
      tag,
      request: examples.createKeyRequest,
      answers: { 201: { schema: CreatedKey, example: examples.createdKey } },
    }),
    jsonBody(CreateKeyRequest),
    async (c) => {
      const { tenant, ...wanted } = c.req.valid('json');
      const { key, secret } = await issueKey(c.var.services, c.var.scope, {
        ...wanted,
        ...(tenant === undefined ? {} : { tenantId: asId<TenantId>(tenant) }),
      } as Parameters<typeof issueKey>[2]);
      c.header('cache-control', 'no-store');
      return c.json<CreatedKey>({ ...serializeFields(key), key: secret }, 201);
    },
  )
  .get(
    '/',
    operation({
      summary: 'List the keys of this tenant and of the tenants that it created, oldest first',
      tag,
      answers: { 200: { schema: KeyList, example: onePage(examples.key) } },
    }),
    queryString(Paging),
    async (c) => {
      const { services, scope } = c.var;
      const page = await services.keys.list(scope.tenantId, rangeOf(c.req.valid('query')));
      const data = await withSpending(c, page.data);
      return c.json<KeyList>({ ...serializePage(page, ({ id }) => id), data });
    },
  )
  .get(
    '/:id',
    operation({
      summary: 'Read a key and what it has spent',
      tag,
      answers: { 200: { schema: Key, example: examples.key } },
    }),
    async (c) => {
      const id = asId<KeyId>(c.req.param('id'));
      const found = await c.var.services.keys.find(c.var.scope.tenantId, id);
      const [key] = await withSpending(c, found === null ? [] : [found]);
      if (key === undefined) throw notFound('key', id);
      return c.json(key);
    },
  )
  .delete(
    '/:id',
    operation({
      summary: 'Revoke a key',
      description: "The tenant's last key with the scope `admin` stays: 409, `last_admin_key`.",
      tag,
      answers: { 204: null },
    }),
    async (c) => {
      const id = asId<KeyId>(c.req.param('id'));
      await revokeKey(c.var.services, c.var.scope, id);
      return c.body(null, 204);
    },
  );
