import { env } from 'cloudflare:test';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { d1Passages } from '../../adapters/d1-passages.ts';
import { asId, newId, type VectorStoreId } from '../../core/identifier.ts';
import type { FileAttributes, Filter } from '../../core/retrieve/filter.ts';
import { type Passage, passageId } from '../../core/retrieve/passage.ts';

const index = d1Passages(env.SEARCH);

/** Milliseconds for a test of many statements on a busy machine. */
const MANY = 120_000;

/** A tenant's store, written to as ingestion does. */
class Store {
  readonly tenantId = newId('tenant');
  readonly id: VectorStoreId;

  constructor(id = newId('vs')) {
    this.id = id;
  }

  range(filter: Filter | null = null, limit = 100) {
    return { vectorStoreIds: [this.id], filter, limit };
  }

  async add(
    texts: readonly (string | { title: string; text: string })[],
    { fileId = newId('file'), generation = 'a'.repeat(12), attributes = {} as FileAttributes } = {},
  ): Promise<readonly Passage[]> {
    const passages = texts.map((given, ordinal) => {
      const { title, text } = typeof given === 'string' ? { title: '', text: given } : given;
      return {
        id: passageId(asId(fileId), generation, ordinal),
        vectorStoreId: this.id,
        fileId,
        filename: `${fileId}.md`,
        ordinal,
        title,
        text,
        start: 0,
        end: text.length,
        page: null,
        pageEnd: null,
        pageBreaks: [],
      };
    });
    const document = { vectorStoreId: this.id, fileId, filename: `${fileId}.md`, attributes };
    await index.write(this.tenantId, document, passages);
    return passages;
  }

  /** The texts that are found, best first. */
  async find(question: string, filter: Filter | null = null): Promise<readonly string[]> {
    const candidates = await index.search(this.tenantId, question, this.range(filter));
    const ids = candidates.map((candidate) => candidate.passageId);
    return (await index.read(this.tenantId, ids, this.range())).map((passage) => passage.text);
  }
}

describe('full text', () => {
  test('the best match comes first, and its score is the highest', async () => {
    const store = new Store();
    await store.add([
      'A bicycle needs air.',
      'The chain of a bicycle wants oil; a dry chain wears.',
      'Nothing about it.',
    ]);
    const found = await index.search(store.tenantId, 'chain oil bicycle', store.range());
    expect(found.map((candidate) => candidate.score)).toEqual(
      found.map((candidate) => candidate.score).toSorted((a, b) => b - a),
    );
    expect(found.every((candidate) => candidate.score > 0)).toBe(true);
    expect((await store.find('chain oil bicycle'))[0]).toContain('dry chain');
  });

  test.each([
    ['English endings', 'Repairing wheels took days.', 'repair wheel'],
    ['accents', 'Das Café in Zürich öffnet früh.', 'cafe zurich'],
    ['Chinese', '自行车保修期为两年，电池除外。', '电池保修'],
    ['Japanese', '保証期間は購入日から二年間です。', '保証期間'],
    ['full-width letters', 'ＰＤＦファイルを開く', 'pdf'],
    ['Thai', 'การรับประกันจักรยานมีอายุสองปี', 'การรับประกัน'],
    ['Hindi', 'साइकिल की वारंटी दो साल की है।', 'वारंटी'],
    ['Arabic', 'ضمان الدراجة سنتان من تاريخ الشراء', 'ضمان'],
    ['Russian', 'Гарантия на велосипед два года', 'гарантия'],
    ['a ligature', 'The ﬁrst oﬃce', 'first office'],
  ])('%s are found', async (_name, text, question) => {
    const store = new Store();
    await store.add([text, 'Something else altogether.']);
    expect(await store.find(question)).toEqual([text]);
  });

  test('a match in the title counts more than one in the text', async () => {
    const store = new Store();
    await store.add([
      { title: 'Returns', text: 'Within thirty days and unused goods.' },
      { title: 'Shipping', text: 'Parcels, also with returns, take four days.' },
      { title: 'Hours', text: 'Open from nine to five, Monday to Friday.' },
    ]);
    expect((await store.find('returns'))[0]).toContain('thirty days');
  });

  test(
    'nothing in a question is read as query syntax',
    async () => {
      const store = new Store();
      await store.add(['alpha beta', 'gamma']);
      for (const question of [
        'alpha NOT beta',
        'alpha AND gamma',
        '"alpha',
        'alph*',
        '^alpha',
        'title:alpha',
        'NEAR(alpha beta)',
        '-alpha',
        '{alpha} + (beta',
        "alpha'); DROP TABLE passages; --",
      ]) {
        const found = await store.find(question);
        expect(found.includes('alpha beta'), question).toBe(question !== 'alph*');
      }
      expect(await store.find('***  "" ()')).toEqual([]);
      await fc.assert(
        fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 200 }), async (question) => {
          await index.search(store.tenantId, question, store.range());
        }),
        { numRuns: 200 },
      );
      expect(await store.find('gamma')).toEqual(['gamma']);
    },
    MANY,
  );

  test('rankings do not depend on other stores', async () => {
    const store = new Store();
    await store.add(['rare words here', 'common words here']);
    const before = await index.search(store.tenantId, 'rare words', store.range());
    await new Store().add(Array.from({ length: 50 }, () => 'rare rare rare'));
    expect(await index.search(store.tenantId, 'rare words', store.range())).toEqual(before);
  });

  test('a search reads rows by what it finds, not by what the store holds', async () => {
    const store = new Store();
    await store.add(Array.from({ length: 400 }, (_, n) => (n % 100 === 0 ? `wheel ${n}` : `chain ${n}`)));
    let rows = 0;
    const counting = {
      prepare: (sql: string) => ({
        bind: (...values: readonly unknown[]) => ({
          all: async () => {
            const result = await env.SEARCH.prepare(sql)
              .bind(...values)
              .all();
            rows += result.meta.rows_read;
            return result;
          },
        }),
      }),
    } as unknown as D1Database;
    const found = await d1Passages(counting).search(store.tenantId, 'wheel', store.range());
    expect(found).toHaveLength(4);
    expect(rows).toBeGreaterThan(0);
    expect(rows).toBeLessThan(50);
  });

  test('a store without documents answers nothing', async () => {
    const store = new Store();
    expect(await store.find('anything')).toEqual([]);
    expect(await index.remove(store.tenantId, { vectorStoreId: store.id, fileId: asId('file_0') })).toEqual(
      [],
    );
    expect(await index.drop(store.tenantId, store.id)).toEqual([]);
  });
});

describe('writing', () => {
  test('writing the same passages again changes nothing', async () => {
    const store = new Store();
    const fileId = newId('file');
    for (let time = 0; time < 3; time += 1) await store.add(['one wheel', 'two wheels'], { fileId });
    expect(await index.search(store.tenantId, 'wheel', store.range())).toHaveLength(2);
  });

  test('a new generation replaces the old one, and the ids of the old one are answered', async () => {
    const store = new Store();
    const fileId = newId('file');
    const old = await store.add(['old wheel', 'old chain'], { fileId, generation: 'a'.repeat(64) });
    await store.add(['new wheel'], { fileId, generation: 'b'.repeat(64) });
    const document = { vectorStoreId: store.id, fileId };
    const removed = await index.remove(store.tenantId, document, { generation: 'b'.repeat(64) });
    expect(removed.toSorted()).toEqual(old.map((passage) => passage.id).toSorted());
    expect(await store.find('wheel chain')).toEqual(['new wheel']);
    await index.remove(store.tenantId, document);
    expect(await store.find('wheel')).toEqual([]);
    expect(await index.files(store.tenantId, store.range())).toEqual([]);
  });

  test(
    'a document of megabytes is written whole',
    async () => {
      const store = new Store();
      const filler = '车 "quoted" \\ text '.repeat(100);
      await store.add(Array.from({ length: 1200 }, (_, n) => `passage${n} ${filler}`));
      expect(await store.find('passage0')).toHaveLength(1);
      expect(await store.find('passage1199')).toHaveLength(1);
    },
    MANY,
  );

  test('a dropped store leaves no row and no table', async () => {
    const store = new Store();
    const passages = await store.add(['one', 'two']);
    expect(await index.drop(store.tenantId, store.id)).toHaveLength(passages.length);
    const left = await env.SEARCH.prepare(
      'SELECT (SELECT count(*) FROM sqlite_master WHERE name LIKE ?) + (SELECT count(*) FROM passages WHERE vector_store_id = ?) AS n',
    )
      .bind(`fts_${store.id}%`, store.id)
      .first('n');
    expect(left).toBe(0);
  });
});

describe('reading', () => {
  test('passages come in the order they are asked for', async () => {
    const store = new Store();
    const ids = (await store.add(['a', 'b', 'c', 'd'])).map((passage) => passage.id);
    for (const order of [ids, ids.toReversed(), [ids[2], ids[0]].filter((id) => id !== undefined)]) {
      const read = await index.read(store.tenantId, order, store.range());
      expect(read.map((passage) => passage.id)).toEqual(order);
    }
  });

  test('another tenant finds, reads, changes and removes nothing', async () => {
    const own = new Store();
    const other = new Store(own.id);
    const passages = await own.add(['secret wheel']);
    const ids = passages.map((passage) => passage.id);
    const fileId = passages[0]?.fileId ?? newId('file');
    expect(await index.search(other.tenantId, 'secret wheel', own.range())).toEqual([]);
    expect(await index.read(other.tenantId, ids, own.range())).toEqual([]);
    expect(await index.files(other.tenantId, own.range())).toEqual([]);
    expect(await index.remove(other.tenantId, { vectorStoreId: own.id, fileId })).toEqual([]);
    expect(await index.drop(other.tenantId, own.id)).toEqual([]);
    await index.describe(other.tenantId, {
      vectorStoreId: own.id,
      fileId,
      filename: 'stolen',
      attributes: { stolen: true },
    });
    const [read] = await index.read(own.tenantId, ids, own.range());
    expect(read).toMatchObject({ text: 'secret wheel', filename: `${fileId}.md`, attributes: {} });
    expect(await own.find('secret')).toEqual(['secret wheel']);
  });

  test('the same passage id in two tenants stays two passages', async () => {
    const fileId = newId('file');
    const one = new Store();
    const two = new Store();
    await one.add(['mine'], { fileId });
    await two.add(['yours'], { fileId });
    expect(await one.find('mine yours')).toEqual(['mine']);
    expect(await two.find('mine yours')).toEqual(['yours']);
  });
});

describe('filters', () => {
  const files: readonly (readonly [string, FileAttributes])[] = [
    ['none', {}],
    ['text', { year: '2024', kind: 'report', public: 'true' }],
    ['number', { year: 2024, kind: 'memo', public: true }],
    ['later', { year: 2025.5, kind: 'report', public: false }],
    ['odd', { $: 'dollar', 'a.b': 'dotted', '"': 'quote', "'": 1, '0': 'zero' }],
  ];
  const all = files.map(([name]) => name);
  const but = (...names: readonly string[]) => all.filter((name) => !names.includes(name));

  const cases: readonly (readonly [Filter, readonly string[]])[] = [
    [{ type: 'eq', key: 'year', value: 2024 }, ['number']],
    [{ type: 'eq', key: 'year', value: '2024' }, ['text']],
    [{ type: 'ne', key: 'year', value: 2024 }, but('number')],
    [{ type: 'gt', key: 'year', value: 2024 }, ['later']],
    [{ type: 'gte', key: 'year', value: 2024 }, ['number', 'later']],
    [{ type: 'lt', key: 'year', value: 2025.5 }, ['number']],
    [{ type: 'lte', key: 'year', value: 2025.5 }, ['number', 'later']],
    [{ type: 'gte', key: 'kind', value: 'n' }, ['text', 'later']],
    [{ type: 'eq', key: 'public', value: true }, ['number']],
    [{ type: 'eq', key: 'public', value: false }, ['later']],
    [{ type: 'eq', key: 'public', value: 1 }, []],
    [{ type: 'in', key: 'public', value: [1, 'true'] }, ['text']],
    [{ type: 'in', key: 'year', value: [2024, '2024'] }, ['text', 'number']],
    [{ type: 'nin', key: 'kind', value: ['report'] }, but('text', 'later')],
    [{ type: 'in', key: 'kind', value: [] }, []],
    [{ type: 'eq', key: '$', value: 'dollar' }, ['odd']],
    [{ type: 'eq', key: 'a.b', value: 'dotted' }, ['odd']],
    [{ type: 'eq', key: '"', value: 'quote' }, ['odd']],
    [{ type: 'eq', key: "'", value: 1 }, ['odd']],
    [{ type: 'eq', key: '0', value: 'zero' }, ['odd']],
    [
      {
        type: 'and',
        filters: [
          { type: 'eq', key: 'kind', value: 'report' },
          {
            type: 'or',
            filters: [
              { type: 'lt', key: 'year', value: 0 },
              { type: 'eq', key: 'public', value: false },
            ],
          },
        ],
      },
      ['later'],
    ],
  ];

  test.each(cases)('%j', async (filter, expected) => {
    const store = new Store();
    const names = new Map<string, string>();
    for (const [name, attributes] of files) {
      const fileId = newId('file');
      names.set(fileId, name);
      await store.add([`wheel ${name}`], { fileId, attributes });
    }
    const inRange = await index.files(store.tenantId, store.range(filter));
    expect(inRange.map((id) => names.get(id)).toSorted()).toEqual(expected.toSorted());
    const found = await store.find('wheel', filter);
    expect(found.toSorted()).toEqual(expected.map((name) => `wheel ${name}`).toSorted());
  });

  test('changed attributes count at once', async () => {
    const store = new Store();
    const [passage] = await store.add(['wheel'], { attributes: { stage: 'draft' } });
    const filter: Filter = { type: 'eq', key: 'stage', value: 'final' };
    expect(await store.find('wheel', filter)).toEqual([]);
    const document = {
      vectorStoreId: store.id,
      fileId: passage?.fileId ?? newId('file'),
      filename: 'new name.md',
    };
    await index.describe(store.tenantId, { ...document, attributes: { stage: 'final' } });
    expect(await store.find('wheel', filter)).toEqual(['wheel']);
  });

  test('files answers one more than the limit, so that a wide filter shows', async () => {
    const store = new Store();
    for (let n = 0; n < 4; n += 1) await store.add(['wheel']);
    expect(await index.files(store.tenantId, store.range(null, 2))).toHaveLength(3);
    expect(await index.files(store.tenantId, store.range(null, 4))).toHaveLength(4);
  });
});
