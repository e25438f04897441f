import { describe, expect, test } from 'vitest';
import { d1Keys } from '../../adapters/d1-keys.ts';
import { authenticate } from '../../core/access/authenticate.ts';
import { issueKey, revokeKey } from '../../core/access/key.ts';
import { newId, systemRandom } from '../../core/identifier.ts';
import { keyScopes, type Scope } from '../../core/scope.ts';
import { d1OnNode } from './d1-on-node.ts';

/** A tenant whose first key was made by nobody, as a deployment makes it. */
async function bench() {
  let now = 1_000;
  const keys = d1Keys(d1OnNode('main'));
  const deps = { keys, random: systemRandom, clock: () => now++, adminKey: null };
  const tenantId = newId('tenant');
  const root: Scope = { tenantId, keyId: newId('key'), scopes: keyScopes };
  const first = await issueKey(deps, root, { name: 'first', tenantId, scopes: ['admin', 'read'] });
  return { deps, keys, tenantId, root, first };
}

describe('keys', () => {
  test('a secret opens its own key until the key is revoked, and stands nowhere', async () => {
    const { deps, keys, root, tenantId } = await bench();
    const { key, secret } = await issueKey(deps, root, { name: 'app', tenantId, budgets: { day_usd: 2 } });
    expect(await authenticate(deps, secret)).toEqual({
      key,
      scope: { tenantId, keyId: key.id, scopes: key.scopes },
    });
    expect(key.scopes).not.toContain('admin');
    await revokeKey(deps, root, key.id);
    await expect(authenticate(deps, secret)).rejects.toMatchObject({ code: 'unauthenticated' });
    await expect(revokeKey(deps, root, key.id)).rejects.toMatchObject({ code: 'not_found' });
    expect(await keys.find(tenantId, key.id)).toBeNull();
  });

  test('KEY-1: the last admin key of a tenant stays, also where two are revoked at once', async () => {
    const { deps, root, tenantId, first } = await bench();
    await expect(revokeKey(deps, root, first.key.id)).rejects.toMatchObject({
      code: 'conflict',
      details: { reason: 'last_admin_key' },
    });
    const second = await issueKey(deps, root, { name: 'second', tenantId, scopes: ['admin'] });
    const both = await Promise.allSettled([first, second].map(({ key }) => revokeKey(deps, root, key.id)));
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  test('an admin rules its own tenant and those that it made, and no other', async () => {
    const { deps, keys, root, tenantId } = await bench();
    const made = await issueKey(deps, root, { name: 'customer', scopes: ['admin'] });
    expect(made.key.tenantId).not.toBe(tenantId);
    const stranger: Scope = { ...root, tenantId: made.key.tenantId, keyId: made.key.id };
    await expect(issueKey(deps, stranger, { name: 'up', tenantId })).rejects.toMatchObject({
      code: 'not_found',
    });
    const own = await keys.list(made.key.tenantId, { limit: 10, after: null });
    expect(own.data.map(({ name }) => name)).toEqual(['customer']);
    const all = await keys.list(tenantId, { limit: 10, after: null });
    expect(all.data.map(({ name }) => name)).toEqual(['first', 'customer']);
    // Whoever rules the tenant can make it a new one, so its last admin key may go.
    await revokeKey(deps, root, made.key.id);
  });

  test('pages go from the oldest to the newest, and neither repeat nor skip', async () => {
    const { deps, keys, root, tenantId } = await bench();
    for (const name of ['b', 'c', 'd']) await issueKey(deps, root, { name, tenantId });
    const names: string[] = [];
    let after: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof keys.list>> = await keys.list(tenantId, { limit: 2, after });
      names.push(...page.data.map(({ name }) => name));
      after = page.next;
    } while (after !== null);
    expect(names).toEqual(['first', 'b', 'c', 'd']);
    await expect(keys.list(tenantId, { limit: 2, after: 'nonsense' })).rejects.toMatchObject({
      code: 'invalid_request',
    });
  });
});
