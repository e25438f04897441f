import { env } from 'cloudflare:test';
import fc from 'fast-check';
import { describe, expect, inject, test, vi } from 'vitest';
import { newTenant } from './access.ts';
import { fetchService } from './service.ts';
import { type SearchPage, Shelf } from './shelf.ts';

/** Milliseconds for tests of many searches with real models on a busy machine. */
const PATIENCE = { timeout: 120_000 };

/**
 * The defects of the one complete sample of Vectorize with D1 full text that was there to read, each through the
 * front door. A test here fails on its defect.
 */
const sparse = { ranker: 'none', hybrid_search: { embedding_weight: 0, text_weight: 1 } };
const dense = { ranker: 'none', hybrid_search: { embedding_weight: 1, text_weight: 0 } };
const fused = { ranker: 'none' };

describe.skipIf(!inject('models').embedding)('defects that stay away', PATIENCE, () => {
  test('inverted rank: the best match comes first, not the worst', async () => {
    const shelf = await Shelf.of(await newTenant(), [
      { text: 'A bell.' },
      { text: 'The bell rings; a bell is a bell, and every bicycle needs a bell.' },
      {
        text: 'A bicycle has wheels, a saddle, a chain, two brakes, lamps and, where the law wants one, a bell.',
      },
      { text: 'Unrelated.' },
    ]);
    const found = await shelf.find({ query: 'bicycle bell', ranking_options: sparse });
    expect(found[0]).toContain('every bicycle needs a bell');
    expect(found).toHaveLength(3);
  });

  test('unscoped full text: nothing of another tenant or store is found by either side', async () => {
    const account = await newTenant();
    const words = ['wheel', 'chain', 'bell', 'lamp'];
    const own = await Shelf.of(account, [{ text: 'own wheel chain' }, { text: 'own bell' }]);
    await Shelf.of(account, [{ text: 'second wheel chain bell lamp' }]);
    const stranger = await Shelf.of(await newTenant(), [
      { text: 'secret wheel chain' },
      { text: 'secret lamp' },
    ]);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...words, 'secret', 'second'), { minLength: 1, maxLength: 4 }),
        fc.constantFrom(sparse, dense, fused),
        async (query, ranking_options) => {
          const body = { query: query.join(' '), ranking_options, max_num_results: 50 };
          for (const [shelf, start] of [
            [own, 'own'],
            [stranger, 'secret'],
          ] as const) {
            const found = await shelf.find(body);
            expect(found.filter((text) => !text.startsWith(start))).toEqual([]);
          }
        },
      ),
      { numRuns: 25 },
    );
  });

  test('dropped rewrite: the first of several queries is searched too', async () => {
    const shelf = await Shelf.of(await newTenant(), [{ text: 'about saddles' }, { text: 'about lamps' }]);
    for (const query of [
      ['saddles', 'lamps'],
      ['lamps', 'saddles'],
    ]) {
      const page = await (await shelf.search({ query, ranking_options: sparse })).json<SearchPage>();
      expect(page.search_query).toEqual(query);
      expect(page.data).toHaveLength(2);
    }
  });

  test('lost order: results stand in the order of their scores, however they were stored', async () => {
    const texts = Array.from({ length: 12 }, (_, n) => `${'bell '.repeat(n + 1)}${'wheel '.repeat(12 - n)}`);
    for (const order of [texts, texts.toReversed()]) {
      const shelf = await Shelf.of(
        await newTenant(),
        order.map((text) => ({ text })),
      );
      const page = await (await shelf.search({ query: 'bell', ranking_options: sparse })).json<SearchPage>();
      expect(page.data[0]?.content[0]?.text).toBe(texts.at(-1));
      expect(page.data.map((result) => result.score)).toEqual(
        page.data.map((result) => result.score).toSorted((a, b) => b - a),
      );
    }
  });

  test('operators: no text of a user is read as a query', async () => {
    const shelf = await Shelf.of(await newTenant(), [{ text: 'alpha beta' }, { text: 'gamma' }]);
    const find = (query: string) => shelf.find({ query, ranking_options: sparse });
    expect(await find('alpha NOT beta')).toEqual(['alpha beta']);
    expect((await find('alpha AND gamma')).toSorted()).toEqual(['alpha beta', 'gamma']);
    expect(await find('text:gamma title:gamma')).toEqual(['gamma']);
    expect(await find('gam*')).toEqual([]);
    const operators = fc.constantFrom(
      'AND',
      'OR',
      'NOT',
      'NEAR(',
      ')',
      '"',
      "'",
      '*',
      '^',
      ':',
      '-',
      '+',
      '{',
      '}',
      ';',
      '--',
      '\\',
      '\u0000',
      'alpha',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(operators, fc.string()), { minLength: 1 }), async (parts) => {
        const response = await shelf.search({ query: `x${parts.join(' ')}`, ranking_options: sparse });
        expect(response.status).toBe(200);
        await response.text();
      }),
      { numRuns: 100 },
    );
    expect(await find('gamma')).toEqual(['gamma']);
  });
});

test('keys in logs: no key is printed, stored with a trace, or sent back', async () => {
  const account = await newTenant();
  const said: string[] = [];
  const spies = (['log', 'info', 'warn', 'error', 'debug'] as const).map((level) =>
    vi.spyOn(console, level).mockImplementation((...words) => {
      said.push(
        words.map((word) => (word instanceof Error ? `${word.stack}` : JSON.stringify(word))).join(' '),
      );
    }),
  );
  const answers = await Promise.all([
    account.fetch('/v1/vector_stores'),
    account.send('POST', '/v1/vector_stores/vs_0/search', { query: account.secret }),
    fetchService('http://selvedge.test/v1/models', { headers: { 'x-api-key': `${account.secret}-wrong` } }),
    account.fetch('/v1/vector_stores/vs_0/search', {
      method: 'POST',
      body: '{',
      headers: { 'content-type': 'application/json' },
    }),
  ]);
  const ids = answers.map((answer) => answer.headers.get('x-selvedge-trace-id'));
  for (const answer of answers) await answer.text();
  await expect
    .poll(
      async () =>
        await env.DB.prepare('SELECT count(*) AS n FROM requests WHERE trace_id = ?').bind(ids[0]).first('n'),
    )
    .toBe(1);
  for (const spy of spies) spy.mockRestore();
  const rows = await Promise.all(
    ['requests', 'spans', 'keys'].map((table) => env.DB.prepare(`SELECT * FROM ${table}`).all()),
  );
  expect(said.join('\n')).not.toContain(account.secret);
  expect(JSON.stringify(rows.map(({ results }) => results))).not.toContain(account.secret);
});
