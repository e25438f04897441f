import { env } from 'cloudflare:test';
import { describe, expect, test } from 'vitest';
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
