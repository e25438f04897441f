import { describe, expect, test } from 'vitest';
import { d1Keys } from '../../adapters/d1-keys.ts';
import { authenticate } from '../../core/access/authenticate.ts';
import { chosenKeyId, SHORTEST } from '../../core/access/chosen-key.ts';
import { issueKey, revokeKey } from '../../core/access/key.ts';
import { systemRandom } from '../../core/identifier.ts';
import { keyScopes } from '../../core/scope.ts';
import { d1OnNode } from './d1-on-node.ts';

const [chosen, another] = ['quiet-otters-1937-under-the-bridge', 'nine-lanterns-4410-by-the-harbour'];

/** A deployment without a key, whose operator may set `ADMIN_KEY` and set it again. */
function bench() {
  const database = d1OnNode('main');
  const deps = { keys: d1Keys(database), random: systemRandom, clock: () => 1_000 };
  const present = (adminKey: string | null, secret: string) => authenticate({ ...deps, adminKey }, secret);
  const count = async (table: string) => database.prepare(`SELECT count(*) AS n FROM ${table}`).first('n');
  return { database, deps, present, count };
}

describe('the admin key that an operator chose', () => {
  test('KEY-2: opens a new deployment with every scope, as one key of one tenant, however many come at once', async () => {
    const { present, count } = bench();
    await expect(present(null, chosen)).rejects.toMatchObject({ code: 'unauthenticated' });
    await expect(present(chosen, another)).rejects.toMatchObject({ code: 'unauthenticated' });
    expect(await count('tenants')).toBe(0);
    const entered = await Promise.all([1, 2, 3].map(() => present(chosen, chosen)));
    expect(new Set(entered.map(({ scope }) => scope.tenantId)).size).toBe(1);
    expect(entered[0]).toMatchObject({ key: { id: chosenKeyId, budgets: {} }, scope: { scopes: keyScopes } });
    expect([await count('tenants'), await count('keys')]).toEqual([1, 1]);
  });

  test('KEY-2: belongs to the tenant that is there already, and not to one that an admin made', async () => {
    const { database, deps, present } = bench();
    await database.prepare("INSERT INTO tenants VALUES ('tenant_here', 'Here', 500, NULL)").run();
    await database.prepare("INSERT INTO tenants VALUES ('tenant_made', 'Made', 100, 'tenant_here')").run();
    const { scope } = await present(chosen, chosen);
    expect(scope.tenantId).toBe('tenant_here');
    const { key } = await issueKey(deps, scope, { name: 'app' });
    expect((await deps.keys.list(scope.tenantId, { limit: 9, after: null })).data).toContainEqual(key);
  });

  test('KEY-3: another value takes its place, none ends it, and revoked it stays so', async () => {
    const { deps, present } = bench();
    const first = await present(chosen, chosen);
    expect((await present(another, another)).scope.tenantId).toBe(first.scope.tenantId);
    await expect(present(another, chosen)).rejects.toMatchObject({ code: 'unauthenticated' });
    await expect(present(null, another)).rejects.toMatchObject({ code: 'unauthenticated' });

    await issueKey(deps, first.scope, {
      name: 'second',
      tenantId: first.scope.tenantId,
      scopes: ['admin'],
    });
    await revokeKey(deps, first.scope, chosenKeyId);
    await expect(present(another, another)).rejects.toMatchObject({ code: 'unauthenticated' });
    expect((await present(chosen, chosen)).key.id).toBe(chosenKeyId);
  });

  test('KEY-4: a short one opens nothing, and whoever set it learns why', async () => {
    const { present, count } = bench();
    const short = 'x'.repeat(SHORTEST - 1);
    await expect(present(short, short)).rejects.toThrow(/ADMIN_KEY has fewer than 24 characters/);
    await expect(present(short, 'guess')).rejects.toThrow(/unknown or was revoked/);
    expect(await count('keys')).toBe(0);
  });
});
