import { describe, expect, test } from 'vitest';
import { dollars } from '../telemetry/money.ts';
import { emptyBalance, type Limits, refusal } from './ledger.ts';

const unlimited: Limits = {
  day: null,
  month: null,
  total: null,
  requestsPerMinute: null,
  tokensPerMinute: null,
};
const noon = Date.UTC(2026, 10, 22, 12);

describe('refusal', () => {
  test('counts what is spent, what is reserved and what is asked for', () => {
    const limits = { ...unlimited, day: dollars(0.1) };
    const balance = { ...emptyBalance, day: dollars(0.04), reserved: dollars(0.03) };
    expect(refusal(limits, balance, dollars(0.03), noon)).toBeNull();
    expect(refusal(limits, balance, dollars(0.030001), noon)).toMatchObject({ limit: 'day_usd' });
  });

  test('says when a day and a month turn over, in UTC', () => {
    const spent = { ...emptyBalance, day: dollars(1), month: dollars(1), total: dollars(1) };
    expect(refusal({ ...unlimited, day: dollars(1) }, spent, dollars(0.1), noon)?.retryAfter).toBe(12 * 3600);
    expect(refusal({ ...unlimited, month: dollars(1) }, spent, dollars(0.1), noon)?.retryAfter).toBe(
      8.5 * 24 * 3600,
    );
  });

  test('says that waiting cannot help where a budget is spent for good, or never could hold so much', () => {
    const total = { ...unlimited, total: dollars(1) };
    const spent = { ...emptyBalance, day: dollars(1), month: dollars(1), total: dollars(1) };
    expect(refusal(total, spent, dollars(0.1), noon)?.retryAfter).toBeNull();
    expect(
      refusal({ ...unlimited, day: dollars(1) }, emptyBalance, dollars(1.01), noon)?.retryAfter,
    ).toBeNull();
  });

  test('says that it is soon over where only reservations stand in the way', () => {
    const held = { ...emptyBalance, reserved: dollars(0.9) };
    const limits = { ...unlimited, total: dollars(1), day: dollars(1) };
    expect(refusal(limits, held, dollars(0.2), noon)).toEqual({
      code: 'budget_exceeded',
      limit: 'total_usd',
      retryAfter: 10,
    });
  });

  test('a rate gives way a minute after the oldest request', () => {
    const balance = { ...emptyBalance, requests: 2, oldestRequestAt: noon - 45_000 };
    expect(refusal({ ...unlimited, requestsPerMinute: 2 }, balance, dollars(0), noon)).toEqual({
      code: 'rate_limit_exceeded',
      limit: 'requests_per_minute',
      retryAfter: 15,
    });
    expect(refusal({ ...unlimited, requestsPerMinute: 3 }, balance, dollars(0), noon)).toBeNull();
  });
});
