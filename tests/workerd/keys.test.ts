import { env } from 'cloudflare:test';
import { describe, expect, test } from 'vitest';
import type { CreatedKey, KeyList } from '../../contract/keys.ts';
import { newTenant } from './access.ts';
import { fetchService } from './service.ts';

describe('keys', () => {
  test('a request without a key, or with an unknown one, is refused', async () => {
    for (const headers of [{}, { authorization: 'Bearer sk-nobody' }]) {
      const response = await fetchService('http://selvedge.test/v1/files', { headers });
      expect(response.status).toBe(401);
      expect(await response.json()).toMatchObject({ error: { code: 'invalid_api_key' } });
      expect(response.headers.get('x-request-id')).toMatch(/^req_/);
    }
  });

  test('a new key works at once as Authorization and as x-api-key, and only its hash is stored', async () => {
    const admin = await newTenant();
    const made = await admin.send('POST', '/api/keys', { name: 'second', scopes: ['admin'] });
    expect(made.status).toBe(201);
    const { key, id } = await made.json<{ key: string; id: string }>();
    for (const headers of [{ authorization: `Bearer ${key}` }, { 'x-api-key': key }]) {
      expect((await fetchService('http://selvedge.test/api/keys', { headers })).status).toBe(200);
    }
    const rows = await env.DB.prepare('SELECT * FROM keys').all();
    expect(JSON.stringify(rows.results)).not.toContain(key);
    expect(JSON.stringify(rows.results)).toContain(id);
  });

  test('a revoked key is refused, and a key of another tenant is not found', async () => {
    const admin = await newTenant();
    const other = await newTenant();
    const { key, id } = await (
      await admin.send('POST', '/api/keys', { name: 'gone', tenant: admin.tenantId, scopes: ['admin'] })
    ).json<{
      key: string;
      id: string;
    }>();
    expect((await other.fetch(`/api/keys/${id}`, { method: 'DELETE' })).status).toBe(404);
    expect((await admin.fetch(`/api/keys/${id}`, { method: 'DELETE' })).status).toBe(204);
    const response = await fetchService('http://selvedge.test/api/keys', { headers: { 'x-api-key': key } });
    expect(response.status).toBe(401);
  });

  test('a key of a new tenant stays in the hands of the admin who made it, and of nobody else', async () => {
    const admin = await newTenant();
    const stranger = await newTenant();
    const made = await admin.send('POST', '/api/keys', { name: 'customer', budgets: { total_usd: 0.1 } });
    const { id, tenant, key } = await made.json<{ id: string; tenant: string; key: string }>();
    expect(tenant).not.toBe(admin.tenantId);
    expect(await (await admin.fetch(`/api/keys/${id}`)).json()).toMatchObject({
      id,
      tenant,
      budgets: { total_usd: 0.1 },
      spent_usd: { day: 0, month: 0, total: 0 },
      reserved_usd: 0,
    });
    const second = await admin.send('POST', '/api/keys', { name: 'its second', tenant });
    expect(second.status).toBe(201);
    expect((await stranger.send('POST', '/api/keys', { name: 'x', tenant })).status).toBe(404);
    expect((await stranger.fetch(`/api/keys/${id}`)).status).toBe(404);
    expect((await stranger.fetch(`/api/keys/${id}`, { method: 'DELETE' })).status).toBe(404);
    expect((await admin.fetch(`/api/keys/${id}`, { method: 'DELETE' })).status).toBe(204);
    const refused = await fetchService('http://selvedge.test/v1/models', { headers: { 'x-api-key': key } });
    expect(refused.status).toBe(401);
  });

  test('KEY-1: the last key with the scope admin stays, also where two are revoked at once', async () => {
    const admin = await newTenant();
    const { data } = await (await admin.fetch('/api/keys')).json<KeyList>();
    const [own] = data;
    if (own === undefined) throw new Error('The tenant has no key');
    const refused = await admin.fetch(`/api/keys/${own.id}`, { method: 'DELETE' });
    expect(refused.status).toBe(409);
    expect(await refused.json()).toMatchObject({
      code: 'last_admin_key',
      detail: expect.stringContaining(own.id),
    });
    const second = await (
      await admin.send('POST', '/api/keys', { name: 'second', tenant: admin.tenantId, scopes: ['admin'] })
    ).json<CreatedKey>();
    const both = await Promise.all(
      [own.id, second.id].map((id) => admin.fetch(`/api/keys/${id}`, { method: 'DELETE' })),
    );
    // The one that is revoked first may already refuse the request for the other.
    const statuses = both.map(({ status }) => status);
    expect(statuses.filter((status) => status === 204)).toHaveLength(1);
    expect([401, 409]).toContain(statuses.find((status) => status !== 204));
  });

  test('keys are listed page by page, each once and oldest first', async () => {
    const admin = await newTenant();
    const made: string[] = [];
    for (const name of ['a', 'b', 'c', 'd']) {
      const answer = await admin.send('POST', '/api/keys', {
        name,
        tenant: admin.tenantId,
        scopes: ['read'],
      });
      made.push((await answer.json<CreatedKey>()).id);
    }
    const seen: string[] = [];
    let next: string | null = null;
    do {
      const from: string = next === null ? '' : `&after=${encodeURIComponent(next)}`;
      const page: KeyList = await (await admin.fetch(`/api/keys?limit=2${from}`)).json<KeyList>();
      expect(page.data.length).toBeLessThanOrEqual(2);
      seen.push(...page.data.map(({ id }) => id));
      next = page.next;
    } while (next !== null);
    expect(seen).toHaveLength(5);
    expect(new Set(seen.slice(1))).toEqual(new Set(made));
  });

  test('an unknown field is named in the refusal', async () => {
    const admin = await newTenant();
    const response = await admin.send('POST', '/api/keys', { name: 'x', colour: 'red' });
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({ param: 'colour', code: 'invalid_request' });
  });

  test('a key without the admin scope cannot manage keys', async () => {
    const reader = await newTenant(['read']);
    expect((await reader.fetch('/api/keys')).status).toBe(403);
  });
});
