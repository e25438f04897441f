import { env, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { expect } from 'vitest';
import type { CreatedKey, Key } from '../../contract/keys.ts';
import type { UsageReport } from '../../contract/usage.ts';
import { RESERVATION_LIFETIME } from '../../core/access/ledger.ts';
import { asId, type KeyId } from '../../core/identifier.ts';
import { usageGroups } from '../../core/telemetry/usage.ts';
import { Account } from './access.ts';

/** Keys with limits, and both books about them, as an admin sees them over HTTP. */

export async function keyWith(admin: Account, more: object): Promise<{ id: string; account: Account }> {
  const made = await admin.send('POST', '/api/keys', {
    name: 'on a budget',
    tenant: admin.tenantId,
    ...more,
  });
  expect(made.status).toBe(201);
  const { id, key } = await made.json<CreatedKey>();
  return { id, account: new Account(key, admin.tenantId, asId<KeyId>(id)) };
}

export async function spent(admin: Account, id: string): Promise<{ total: number; reserved: number }> {
  const shown = await (await admin.fetch(`/api/keys/${id}`)).json<Key>();
  return { total: shown.spent_usd.total, reserved: shown.reserved_usd };
}

/** What usage says that a key has cost, by every grouping there is: the sums must be the same. */
export async function used(admin: Account, id: string): Promise<number> {
  const sums = await Promise.all(
    usageGroups.map(async (group) => {
      const response = await admin.fetch(`/api/usage?key=${id}&group_by=${group}`);
      expect(response.status).toBe(200);
      const { data, total } = await response.json<UsageReport>();
      // Dollars are doubles; picodollars are what is added up.
      const grouped = data.reduce((sum, row) => sum + Math.round(row.cost_usd * 1e12), 0);
      expect([group, grouped]).toEqual([group, Math.round(total.cost_usd * 1e12)]);
      return total.cost_usd;
    }),
  );
  expect(new Set(sums).size).toBe(1);
  return sums[0] ?? 0;
}

/** Waits until nothing is reserved any more, and answers what both books say. */
export async function settledBooks(admin: Account, id: string): Promise<{ ledger: number; usage: number }> {
  await expect.poll(async () => (await spent(admin, id)).reserved, { timeout: 20_000 }).toBe(0);
  await expect
    .poll(async () => (await spent(admin, id)).total === (await used(admin, id)), { timeout: 20_000 })
    .toBe(true);
  return { ledger: (await spent(admin, id)).total, usage: await used(admin, id) };
}

/** What a quarter of an hour does to reservations that nobody settles. */
export async function expireReservations(id: string): Promise<void> {
  const stub = env.LEDGER.getByName(id);
  await runInDurableObject(stub, (_object, state) => {
    state.storage.sql.exec('UPDATE reserved SET at = at - ?', RESERVATION_LIFETIME);
  });
  expect(await runDurableObjectAlarm(stub)).toBe(true);
}
