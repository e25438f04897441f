import { toFile } from 'openai';
import { describe, expect, test } from 'vitest';
import { type Account, newTenant } from './access.ts';
import { openai } from './openai.ts';

/** Sections that are each a small part of a passage, and two subjects. */
const handbook = Array.from({ length: 12 }, (_, at) =>
  `## Rule ${at}\n\n${at < 6 ? 'The pump is oiled once a month by the keeper of the hall.' : 'The ledger is closed each evening, and signed by two clerks.'} `.repeat(
    2,
  ),
).join('\n\n');

async function create(account: Account, body: unknown): Promise<Response> {
  return account.fetch('/v1/vector_stores', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

/** Attaches a file, waits, and reads it as the wire has it. */
async function attached(
  account: Account,
  store: string,
  content: string | Uint8Array,
  name: string,
  strategy?: unknown,
) {
  const client = openai(account);
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content.slice();
  const file = await client.files.create({ file: await toFile(bytes, name), purpose: 'assistants' });
  await account.fetch(`/v1/vector_stores/${store}/files`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      file_id: file.id,
      ...(strategy === undefined ? {} : { chunking_strategy: strategy }),
    }),
  });
  await client.vectorStores.files.poll(store, file.id, { pollIntervalMs: 100 });
  const answer = await account.fetch(`/v1/vector_stores/${store}/files/${file.id}`);
  return (await answer.json()) as {
    status: string;
    chunking_strategy: { type: string };
    progress: { chunks: number; message: string | null };
  };
}

describe('chunking strategies', () => {
  test('ING-73: each is taken, answered as it was given, and cuts in its own way', async () => {
    const account = await newTenant();
    const { id } = (await (await create(account, {})).json()) as { id: string };
    const counts = new Map<string, number>();
    for (const strategy of [
      { type: 'auto' },
      { type: 'structure', structure: { max_chunk_size_tokens: 100 } },
      { type: 'fixed', fixed: { max_chunk_size_tokens: 100, chunk_overlap_tokens: 20 } },
      { type: 'page' },
      { type: 'semantic', semantic: { breakpoint_percentile: 80 } },
    ]) {
      const file = await attached(
        account,
        id,
        `${handbook}\n\n${strategy.type}`,
        `${strategy.type}.md`,
        strategy,
      );
      expect(file.status).toBe('completed');
      const answered = strategy.type === 'auto' ? 'static' : strategy.type;
      expect(file.chunking_strategy.type).toBe(answered);
      if ('fixed' in strategy) expect(file.chunking_strategy).toEqual(strategy);
      counts.set(strategy.type, file.progress.chunks);
    }
    expect(counts.get('structure')).toBeGreaterThan(counts.get('page') ?? 0);
    expect(counts.get('semantic')).toBeGreaterThan(1);
  }, 60_000);

  test('the strategy of a store is that of files which come into it without one', async () => {
    const account = await newTenant();
    const strategy = { type: 'page', page: { max_chunk_size_tokens: 300 } };
    const store = (await (await create(account, { chunking_strategy: strategy })).json()) as { id: string };
    expect(store).toMatchObject({ chunking_strategy: strategy });
    expect((await attached(account, store.id, handbook, 'a.md')).chunking_strategy).toEqual(strategy);
    const own = await attached(account, store.id, handbook, 'b.md', { type: 'auto' });
    expect(own.chunking_strategy).toMatchObject({ type: 'static' });
  }, 60_000);

  test.each([
    [{ type: 'pages' }, 'chunking_strategy'],
    [
      { type: 'fixed', fixed: { max_chunk_size_tokens: 100, chunk_overlap_tokens: 60 } },
      'chunk_overlap_tokens',
    ],
    [{ type: 'semantic', semantic: { breakpoint_percentile: 100 } }, 'breakpoint_percentile'],
  ])('%j is refused by its field', async (strategy, field) => {
    const refused = await create(await newTenant(), { chunking_strategy: strategy });
    expect(refused.status).toBe(400);
    expect(JSON.stringify(await refused.json())).toContain(field);
  });
});

test('ING-29: texts in old encodings are read, and what they were read as is said on the document', async () => {
  const account = await newTenant();
  const { id } = (await (await create(account, {})).json()) as { id: string };
  // "Größe;Müller;Köln" in windows-1252, "姓名,城市" and two records in GB18030, "да" in KOI8-R as the page declares.
  const western = Uint8Array.from(
    [...'Gr\u00f6\u00dfe;Ort\nM\u00fcller;K\u00f6ln\n'].map((one) => one.charCodeAt(0)),
  );
  const chinese = Uint8Array.from([
    0xd0, 0xd5, 0xc3, 0xfb, 0x2c, 0xb3, 0xc7, 0xca, 0xd0, 0x0a, 0xcd, 0xf5, 0xce, 0xb0, 0x2c, 0xb1, 0xb1,
    0xbe, 0xa9, 0x0a,
  ]);
  const page = Uint8Array.from(
    [...'<meta charset=koi8-r><p>'].map((one) => one.charCodeAt(0)).concat(0xc4, 0xc1),
  );
  for (const [bytes, name, encoding] of [
    [western, 'de.csv', 'windows-1252'],
    [chinese, 'zh.csv', 'gb18030'],
    [page, 'ru.html', 'koi8-r'],
  ] as const) {
    const file = await attached(account, id, bytes, name);
    expect([file.status, file.progress.message]).toEqual([
      'completed',
      expect.stringContaining(`Read as ${encoding}`),
    ]);
  }
}, 60_000);

test('the name of a file is found by its words', async () => {
  const account = await newTenant();
  const { id } = (await (await create(account, {})).json()) as { id: string };
  await attached(account, id, 'Economy class only below six hours.', 'TravelPolicy_2031-final.txt');
  await attached(account, id, 'The kitchen is closed at ten.', 'kitchen.txt');
  const found = await account.fetch(`/v1/vector_stores/${id}/search`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      query: 'travel policy',
      ranking_options: { ranker: 'none', hybrid_search: { embedding_weight: 0, text_weight: 1 } },
    }),
  });
  expect(await found.json()).toMatchObject({ data: [{ filename: 'TravelPolicy_2031-final.txt' }] });
}, 60_000);
