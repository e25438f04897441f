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
