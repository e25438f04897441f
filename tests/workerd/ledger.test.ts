import { env, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { describe, expect, test } from 'vitest';
import { durableLedger } from '../../adapters/durable-ledger.ts';
import { type Limits, RESERVATION_LIFETIME, type ReservedWork } from '../../core/access/ledger.ts';
import { asId, type KeyId, newId, type TenantId, type TraceId } from '../../core/identifier.ts';
import { dollars, type Money } from '../../core/telemetry/money.ts';

const ledger = durableLedger(env.LEDGER);
const budget = (usd: number): Limits => ({
  day: null,
  month: null,
  total: dollars(usd),
  requestsPerMinute: null,
  tokensPerMinute: null,
});

const workOf = (keyId: string): ReservedWork => ({
  tenantId: asId<TenantId>('tenant_ledger'),
  keyId: asId<KeyId>(keyId),
  traceId: asId<TraceId>(crypto.randomUUID().replaceAll('-', '')),
  requestId: newId('req'),
  route: 'POST /v1/responses',
  startedAt: Date.now(),
});

describe('ledger', () => {
  test('two hundred parallel calls on a ten-cent budget never settle above ten cents', async () => {
    const call = async (place: number): Promise<Money> => {
      const reserved = await ledger.reserve(
        asId('key_parallel'),
        budget(0.1),
        dollars(0.003),
        workOf('key_parallel'),
      );
      if ('code' in reserved) return dollars(0);
      const spent = dollars(place % 3 === 0 ? 0.003 : 0.0011);
      await ledger.settle(asId('key_parallel'), reserved.id, spent, 10);
      return spent;
    };
    const spent = await Promise.all(Array.from({ length: 200 }, (_, place) => call(place)));
    const balance = await ledger.balance(asId('key_parallel'));
    expect(balance.total).toBe(spent.reduce((sum, amount) => sum + amount, 0));
    expect(balance.total).toBeLessThanOrEqual(dollars(0.1));
    // 33 reservations of 0.003 fit below 0.1 at once.
    expect(spent.filter((amount) => amount > 0).length).toBeGreaterThanOrEqual(33);
    expect(balance.reserved).toBe(0);
  });

  test('a settlement that comes twice counts once', async () => {
    const reserved = await ledger.reserve(asId('key_twice'), budget(1), dollars(0.5), workOf('key_twice'));
    if ('code' in reserved) throw new Error('refused');
    await ledger.settle(asId('key_twice'), reserved.id, dollars(0.2), 1);
    await ledger.settle(asId('key_twice'), reserved.id, dollars(0.2), 1);
    expect((await ledger.balance(asId('key_twice'))).total).toBe(dollars(0.2));
  });

  test('LED-2: a reservation whose worker died is charged in full by the alarm, with a row of usage', async () => {
    const work = workOf('key_dead');
    await ledger.reserve(asId('key_dead'), budget(1), dollars(0.25), work);
    const stub = env.LEDGER.getByName('key_dead');
    await runInDurableObject(stub, (_object, state) => {
      state.storage.sql.exec('UPDATE reserved SET at = at - ?', RESERVATION_LIFETIME);
    });
    expect(await runDurableObjectAlarm(stub)).toBe(true);
    expect(await ledger.balance(asId('key_dead'))).toMatchObject({ total: dollars(0.25), reserved: 0 });
    const row = await env.DB.prepare('SELECT key_id, cost, error FROM requests WHERE trace_id = ?')
      .bind(work.traceId)
      .first();
    expect(row).toEqual({
      key_id: 'key_dead',
      cost: dollars(0.25),
      error: expect.stringContaining('cut off'),
    });
  });
});
