import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { inDollars } from '../telemetry/money.ts';
import { builtInCatalogue } from './built-in.ts';
import { priceOf, pricesPerMillion, priceTable } from './prices.ts';

describe('prices', () => {
  test('the version on the rows is the version that is installed', () => {
    const installed = JSON.parse(
      readFileSync('node_modules/@pydantic/genai-prices/package.json', 'utf8'),
    ) as { version: string };
    expect(priceTable).toBe(`genai-prices@${installed.version}`);
  });

  test('every built-in model has a price', () => {
    for (const { name, price } of builtInCatalogue({ openai: true, anthropic: true }).entries) {
      expect(pricesPerMillion(price), name).not.toBeNull();
    }
  });

  test('a call costs its tokens at the table price, to the picodollar', () => {
    const price = {
      kind: 'table',
      provider: 'cloudflare',
      model: '@cf/meta/llama-3.3-70b-instruct-fp8-fast',
    } as const;
    // 0.293 and 2.253 USD a million tokens.
    expect(inDollars(priceOf(price, { input: 1_000, output: 100 }))).toBe(0.0005183);
  });

  test('tokens read from a cache cost less where the provider says so', () => {
    const price = { kind: 'table', provider: 'openai', model: 'gpt-5-mini' } as const;
    const whole = priceOf(price, { input: 1_000, output: 0 });
    expect(priceOf(price, { input: 1_000, output: 0, cacheRead: 900 })).toBeLessThan(whole);
  });

  test('own prices are used as they are, and a model without one costs nothing', () => {
    const own = { kind: 'own', inputPerMillion: 1, outputPerMillion: 2 } as const;
    expect(inDollars(priceOf(own, { input: 10, output: 5 }))).toBe(0.00002);
    expect(priceOf({ kind: 'none' }, { input: 10, output: 5 })).toBe(0);
  });
});
