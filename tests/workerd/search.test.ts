import { describe, expect, inject, test } from 'vitest';
import { newTenant } from './access.ts';
import { type SearchPage, Shelf } from './shelf.ts';

const bicycles = [
  {
    title: 'Warranty',
    text: 'The frame is covered for five years, the battery for two.',
    attributes: { year: 2025 },
  },
  { title: 'Returns', text: 'Unused goods come back within thirty days.', attributes: { year: 2024 } },
  {
    title: 'Opening hours',
    text: 'The workshop opens at nine and closes at six.',
    attributes: { year: 2025 },
  },
  { title: '', text: '自行车的电池保修期为两年。' },
];

const shelf = await Shelf.of(await newTenant(), bicycles);

/** Milliseconds for tests that wait for real models on a busy machine. */
const PATIENCE = { timeout: 120_000 };

describe.skipIf(!inject('models').embedding)('search', PATIENCE, () => {
  test('answers OpenAI’s page, best first, with offsets, attributes and the time of each stage', async () => {
    const response = await shelf.search({ query: 'How long is the battery covered?' });
    expect(response.status).toBe(200);
    const page = await response.json<SearchPage>();
    expect(page).toMatchObject({
      object: 'vector_store.search_results.page',
      search_query: ['How long is the battery covered?'],
      has_more: false,
      next_page: null,
    });
    expect(page.data[0]).toMatchObject({
      attributes: { year: 2025 },
      content: [{ type: 'text', text: bicycles[0]?.text, start: 0, end: bicycles[0]?.text.length }],
    });
    const scores = page.data.map((result) => result.score);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    expect(scores.every((score) => score >= 0 && score <= 1)).toBe(true);
    const timing = response.headers.get('server-timing') ?? '';
    for (const stage of ['plan', 'embed', 'dense', 'sparse', 'fuse', 'rerank', 'total']) {
      expect(timing).toMatch(new RegExp(`\\b${stage};dur=\\d`));
    }
  });

  test('each side alone, and fused without reranking', async () => {
    const query = 'workshop opening';
    const stages = async (ranking_options: object) => {
      const response = await shelf.search({ query, ranking_options });
      const page = await response.json<SearchPage>();
      expect(page.data[0]?.content[0]?.text).toContain('opens at nine');
      const timing = response.headers.get('server-timing') ?? '';
      return ['embed', 'dense', 'sparse', 'rerank'].filter((stage) => timing.includes(`${stage};`));
    };
    const hybrid = (embedding_weight: number, text_weight: number) => ({
      ranker: 'none',
      hybrid_search: { embedding_weight, text_weight },
    });
    expect(await stages(hybrid(1, 0))).toEqual(['embed', 'dense']);
    expect(await stages(hybrid(0, 1))).toEqual(['sparse']);
    expect(await stages({ ranker: 'none' })).toEqual(['embed', 'dense', 'sparse']);
  });

  test('filters bind both sides', async () => {
    const filters = { type: 'eq', key: 'year', value: 2024 };
    for (const ranking_options of [
      { ranker: 'none' },
      { ranker: 'none', hybrid_search: { embedding_weight: 1, text_weight: 0 } },
      { ranker: 'none', hybrid_search: { embedding_weight: 0, text_weight: 1 } },
    ]) {
      const found = await shelf.find({ query: 'unused goods covered battery', filters, ranking_options });
      expect(found).toEqual(['Unused goods come back within thirty days.']);
    }
  });

  test('a filter that matches more files than can be named still binds both sides', async () => {
    const wide = await Shelf.of(
      await newTenant(),
      Array.from({ length: 60 }, (_, n) => ({
        text: `Wheel number ${n}`,
        attributes: { even: n % 2 === 0, wanted: n < 55 },
      })),
    );
    const filters = { type: 'eq', key: 'wanted', value: true };
    for (const [embedding_weight, text_weight] of [
      [1, 0],
      [0, 1],
    ]) {
      const found = await wide.find({
        query: 'wheel number 57',
        max_num_results: 50,
        filters,
        ranking_options: { ranker: 'none', hybrid_search: { embedding_weight, text_weight } },
      });
      expect(found).toHaveLength(50);
      expect(found.filter((text) => Number(text.split(' ').at(-1)) >= 55)).toEqual([]);
    }
  });

  test('Chinese is found by its words', async () => {
    const found = await shelf.find({
      query: '电池保修多久',
      ranking_options: { ranker: 'none', hybrid_search: { embedding_weight: 0, text_weight: 1 } },
    });
    expect(found).toEqual(['自行车的电池保修期为两年。']);
  });

  test('the number of results and the threshold are kept', async () => {
    expect(await shelf.find({ query: 'battery', max_num_results: 1 })).toHaveLength(1);
    expect(await shelf.find({ query: 'battery', ranking_options: { score_threshold: 1 } })).toEqual([]);
  });

  test('a list of queries is searched whole, and rewriting says what it searched', async () => {
    const page = await (
      await shelf.search({ query: ['battery cover', 'when does the workshop open'], max_num_results: 2 })
    ).json<SearchPage>();
    expect(page.search_query).toEqual(['battery cover', 'when does the workshop open']);
    expect(page.data.map((result) => result.content[0]?.text).toSorted()).toEqual(
      [bicycles[0]?.text, bicycles[2]?.text].toSorted(),
    );
    const query = 'How long is the warranty? When do you open?';
    const rewritten = await (await shelf.search({ query, rewrite_query: true })).json<SearchPage>();
    expect(rewritten.search_query).toEqual([query, 'How long is the warranty?', 'When do you open?']);
  });

  test('the trace has a span for retrieval and one for each model call', async () => {
    const response = await shelf.search({ query: 'battery' });
    await response.text();
    const id = response.headers.get('x-selvedge-trace-id');
    const shown = async () => (await shelf.account.fetch(`/api/traces/${id}`)).text();
    await expect.poll(shown).toContain('"retrieve"');
    const trace = await shown();
    for (const name of ['embeddings', 'rerank']) expect(trace).toContain(`"gen_ai.operation.name":"${name}"`);
  });
});

describe('a search that is refused', () => {
  test.each([
    [{}, 'query'],
    [{ query: '' }, 'query'],
    [{ query: '   ' }, 'query'],
    [{ query: [] }, 'query'],
    [{ query: 5 }, 'query'],
    [{ query: 'x', max_num_results: 0 }, 'max_num_results'],
    [{ query: 'x', max_num_results: 51 }, 'max_num_results'],
    [{ query: 'x', max_num_results: 2.5 }, 'max_num_results'],
    [{ query: 'x', colour: 'red' }, 'colour'],
    [{ query: 'x', rewrite_query: 'yes' }, 'rewrite_query'],
    [{ query: 'x', ranking_options: { ranker: 'best' } }, 'ranking_options.ranker'],
    [{ query: 'x', ranking_options: { score_threshold: 2 } }, 'ranking_options.score_threshold'],
    [
      { query: 'x', ranking_options: { hybrid_search: { embedding_weight: 1 } } },
      'ranking_options.hybrid_search.text_weight',
    ],
    [
      { query: 'x', ranking_options: { hybrid_search: { embedding_weight: 0, text_weight: 0 } } },
      'ranking_options.hybrid_search',
    ],
    [{ query: 'x', filters: { type: 'like', key: 'a', value: 'b' } }, 'filters.type'],
    [{ query: 'x', filters: { type: 'eq', key: 'a' } }, 'filters.value'],
    [{ query: 'x', filters: { type: 'eq', key: 'a', value: { $ne: 1 } } }, 'filters.value'],
    [{ query: 'x', filters: { type: 'gt', key: 'a', value: true } }, 'filters.value'],
    [{ query: 'x', filters: { type: 'in', key: 'a', value: 'b' } }, 'filters.value'],
    [
      { query: 'x', filters: { type: 'and', filters: [{ type: 'eq', key: 'a', value: 1, or: 2 }] } },
      'filters.filters[0].or',
    ],
    [{ query: 'x', filters: { type: 'and', filters: [] } }, 'filters.filters'],
    [
      { query: 'x', filters: { type: 'or', filters: Array(41).fill({ type: 'eq', key: 'a', value: 1 }) } },
      'filters.filters',
    ],
    [
      {
        query: 'x',
        filters: {
          type: 'and',
          filters: Array(2).fill({ type: 'or', filters: Array(21).fill({ type: 'eq', key: 'a', value: 1 }) }),
        },
      },
      'filters',
    ],
    [{ query: 'x', filters: nested(5) }, 'filters.filters[0].filters[0].filters[0].type'],
    [{ query: 'x', filters: nested(20_000) }, 'filters.filters[0].filters[0].filters[0].type'],
  ])('%# names the field', async (body, param) => {
    const response = await shelf.search(body);
    const answer = await response.json<{ error: { param: string; message: string } }>();
    expect(response.status).toBe(400);
    expect(answer.error.param).toBe(param);
    expect(answer.error.message).not.toBe('');
  });

  test('forty comparisons are not too many', async () => {
    const filters = {
      type: 'and',
      filters: Array(40).fill({ type: 'ne', key: 'colour', value: 'red' }),
    };
    const ranking_options = { ranker: 'none', hybrid_search: { embedding_weight: 0, text_weight: 1 } };
    expect(await shelf.find({ query: 'battery', filters, ranking_options })).not.toEqual([]);
  });

  test('an unknown store, and another tenant’s, are not found', async () => {
    const stranger = await newTenant();
    for (const path of ['/v1/vector_stores/vs_0/search', `/v1/vector_stores/${shelf.id}/search`]) {
      const response = await stranger.send('POST', path, { query: 'battery' });
      expect(response.status).toBe(404);
      expect(JSON.stringify(await response.json())).not.toContain('battery for two');
    }
  });
});

/** A JSON text, built without recursion, of a filter so many levels deep. */
function nested(depth: number): unknown {
  let filter: unknown = { type: 'eq', key: 'a', value: 1 };
  for (let level = 1; level < depth; level += 1) filter = { type: 'and', filters: [filter] };
  return filter;
}
