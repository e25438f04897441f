import { describe, expect, test } from 'vitest';
import { newTenant } from './access.ts';
import { library } from './library.ts';
import { keyWith, spent } from './money.ts';
import { clientWith, streamed, Upstream } from './upstream.ts';

/** Budgets with a provider that counts as many tokens as any tokenizer can. */

/** What a tokenizer of bytes counts that finds no byte pair to join, with what a chat template adds. */
const tokensOf = (text: string): number => new TextEncoder().encode(text.normalize('NFKC')).length + 40;

const counting = (prompt_tokens: number, completion_tokens: number) => {
  const reply = streamed([{ content: 'Yes.' }]);
  const usage = { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens };
  return {
    ...reply,
    writes: reply.writes.map((text) => text.replace(/"usage":\{[^}]*\}/, `"usage":${JSON.stringify(usage)}`)),
  };
};

describe('a budget of ten cents', () => {
  test.each([
    ['Thai', 'ร้านจักรยานเปิดเก้าโมง'.repeat(20)],
    ['emoji', '🚲👩🏽‍🔧🔔'.repeat(40)],
    ['hieroglyphs', '𓀀𓂀𓃠𓆣'.repeat(60)],
    ['a ligature that normalizes to eighteen letters', 'ﷺ'.repeat(80)],
  ])(
    'is never overdrawn by two hundred calls at once, in %s',
    async (_, text) => {
      const admin = await newTenant();
      const { id, account } = await keyWith(admin, { budgets: { total_usd: 0.1 } });
      const upstream = await Upstream.saying(counting(tokensOf(text), 64));
      const client = clientWith(
        account,
        upstream.catalogue({ price: { input_per_million: 2, output_per_million: 2 } }),
      );
      const call = () =>
        client.chat.completions
          .create({
            model: 'default',
            messages: [{ role: 'user', content: text }],
            max_completion_tokens: 64,
          })
          .then(
            () => 'answered',
            (error: { code: string }) => error.code,
          );
      const outcomes = await Promise.all(Array.from({ length: 200 }, call));
      expect(new Set(outcomes)).toEqual(new Set(['answered', 'budget_exceeded']));
      await expect.poll(async () => (await spent(admin, id)).reserved, { timeout: 10_000 }).toBe(0);
      const { total } = await spent(admin, id);
      expect(total).toBeLessThanOrEqual(0.1);
      expect(total).toBeGreaterThan(0.02);
    },
    60_000,
  );

  test('counts what tools say as well as what people say', async () => {
    const admin = await newTenant();
    const { account } = await keyWith(admin, { budgets: { total_usd: 0.1 } });
    const upstream = await Upstream.saying(counting(1, 1));
    const client = clientWith(
      account,
      upstream.catalogue({ price: { input_per_million: 2, output_per_million: 2 } }),
    );
    const call = { id: 'call_a', type: 'function' as const, function: { name: 'read', arguments: '{}' } };
    const refused = client.chat.completions.create({
      model: 'default',
      messages: [
        { role: 'user', content: 'x' },
        { role: 'assistant', tool_calls: [call] },
        { role: 'tool', tool_call_id: 'call_a', content: '𓀀'.repeat(15_000) },
      ],
    });
    await expect(refused).rejects.toMatchObject({ status: 429, code: 'budget_exceeded' });
    expect(await upstream.received()).toEqual([]);
  });
});

describe('passages', () => {
  test('are reserved when they are known, before a model reads them', async () => {
    const admin = await newTenant();
    const text = 'ร้านจักรยานในลิสบอนเปิดตั้งแต่เก้าโมงถึงหกโมงเย็น';
    const store = await library(admin, { 'thai.md': `${text}\n\n${`${text} `.repeat(20)}` });
    const upstream = await Upstream.saying(counting(1, 1));
    const ask = async (total_usd: number) => {
      const { id, account } = await keyWith(admin, { budgets: { total_usd } });
      const client = clientWith(
        account,
        upstream.catalogue({ price: { input_per_million: 10, output_per_million: 10 } }),
      );
      const answer = client.responses.create({
        input: text,
        tools: [{ type: 'file_search', vector_store_ids: [store] }],
        max_output_tokens: 16,
      });
      return { id, answer };
    };
    const poor = await ask(0.01);
    await expect(poor.answer).rejects.toMatchObject({ status: 429, code: 'budget_exceeded' });
    expect(await upstream.received()).toEqual([]);
    const rich = await ask(1);
    expect((await rich.answer).status).toBe('completed');
    await expect.poll(async () => (await spent(admin, rich.id)).reserved, { timeout: 10_000 }).toBe(0);
  }, 60_000);
});

describe('a rate', () => {
  test('of requests counts a request once, and says when to come again', async () => {
    const admin = await newTenant();
    const { account } = await keyWith(admin, {
      budgets: { total_usd: 1 },
      rates: { requests_per_minute: 2 },
    });
    const upstream = await Upstream.saying(counting(1, 1));
    const client = clientWith(account, upstream.catalogue());
    // A structured answer reserves once more before it asks the model.
    const ask = () => client.responses.create({ input: 'x', text: { format: { type: 'json_object' } } });
    await ask().catch(() => null);
    await ask().catch(() => null);
    const error = await ask().catch((caught: unknown) => caught as { headers: Headers });
    expect(error).toMatchObject({ status: 429, code: 'rate_limit_exceeded' });
    expect(Number((error as { headers: Headers }).headers.get('retry-after'))).toBeGreaterThan(0);
  });
});
