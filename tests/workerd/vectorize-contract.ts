import { beforeAll, describe, expect, test, vi } from 'vitest';
import { refusal } from './refusal.ts';

/**
 * What every Vectorize must do that we build on, local or Cloudflare's own. The index has 384 dimensions, cosine,
 * and the metadata indexes of `contractIndexes`. Each run writes into namespaces of its own, so an index may be
 * shared and need not be empty.
 */
export const contractIndexes = {
  label: 'string',
  rank: 'number',
  draft: 'boolean',
  'author.name': 'string',
} as const;

export function vectorizeContract(name: string, connect: () => Vectorize, settlesWithin: number): void {
  const run = crypto.randomUUID().slice(0, 8);
  const id = (text: string) => `${run}-${text}`;
  const settings = { timeout: settlesWithin + 30_000 };

  /** Resolves when the mutation is visible. */
  async function settled({ mutationId }: VectorizeAsyncMutation): Promise<void> {
    const processed = async () => expect((await connect().describe()).processedUpToMutation).toBe(mutationId);
    await vi.waitFor(processed, { timeout: settlesWithin, interval: settlesWithin / 100 });
  }

  describe(`Vectorize: ${name}`, settings, () => {
    describe('writing', () => {
      const namespace = id('writing');

      test('upsert replaces a vector in full, insert leaves it as it is', async () => {
        const index = connect();
        const first = { id: id('w'), namespace, values: axis(0), metadata: { label: 'first', rank: 1 } };
        await settled(await index.insert([first]));
        await settled(await index.insert([{ ...first, values: axis(1), metadata: { label: 'second' } }]));
        expect(await index.getByIds([first.id])).toEqual([first]);
        await settled(await index.upsert([{ id: first.id, namespace, values: axis(2) }]));
        expect(await index.getByIds([first.id])).toEqual([{ id: first.id, namespace, values: axis(2) }]);
      });

      test('deleteByIds removes, and does not mind what is not there', async () => {
        const index = connect();
        const vectors = [0, 1].map((at) => ({ id: id(`d${at}`), namespace, values: axis(at) }));
        await settled(await index.upsert(vectors));
        await settled(await index.deleteByIds([id('d0'), id('never')]));
        expect((await index.getByIds([id('d0'), id('d1')])).map((vector) => vector.id)).toEqual([id('d1')]);
      });

      test('the later of two vectors with one id stands', async () => {
        const index = connect();
        const twice = [0, 1].map((at) => ({ id: id('twice'), namespace, values: axis(at) }));
        await settled(await index.upsert(twice));
        expect((await index.getByIds([id('twice')]))[0]?.values).toEqual(axis(1));
      });

      test('values are float32', async () => {
        const index = connect();
        const values = [0.1, 1, ...Array(382).fill(0)];
        await settled(await index.upsert([{ id: id('f'), namespace, values: new Float64Array(values) }]));
        const [stored] = await index.getByIds([id('f')]);
        expect(stored?.values[0]).toBe(Math.fround(0.1));
      });
    });

    describe('searching', () => {
      const namespace = id('searching');
      const long = `${'é'.repeat(32)}`;
      const vectors: VectorizeVector[] = [
        {
          id: id('a'),
          namespace,
          values: axis(0),
          metadata: { label: 'red', rank: 1, draft: true, note: 'n' },
        },
        {
          id: id('b'),
          namespace,
          values: between(0, 1, 0.8),
          metadata: { label: 'reddish', rank: 2, draft: false },
        },
        { id: id('c'), namespace, values: between(0, 1, 0.6), metadata: { label: 'blue', rank: 3 } },
        {
          id: id('d'),
          namespace,
          values: axis(1),
          metadata: { label: `${long}!`, author: { name: 'Ada', born: 1815 } },
        },
        { id: id('e'), namespace, values: opposite(0) },
        { id: id('elsewhere'), namespace: id('other'), values: axis(0), metadata: { label: 'red' } },
      ];

      beforeAll(async () => settled(await connect().upsert(vectors)), settlesWithin + 30_000);

      const query = (options: VectorizeQueryOptions) =>
        connect().query(axis(0), { namespace, topK: 10, ...options });
      const found = async (filter: VectorizeVectorMetadataFilter) =>
        (await query({ filter })).matches.map((match) => match.id.slice(run.length + 1)).sort();

      test('best first, by cosine, within the namespace', async () => {
        const { count, matches } = await query({});
        expect(count).toBe(5);
        expect(matches.map((match) => match.id)).toEqual(['a', 'b', 'c', 'd', 'e'].map(id));
        const expected = [1, 0.8, 0.6, 0, -1];
        matches.forEach((match, at) => {
          expect(match.score).toBeCloseTo(expected[at] ?? Number.NaN, 2);
        });
        expect((await query({ topK: 2 })).matches.map((match) => match.id)).toEqual([id('a'), id('b')]);
        expect((await connect().query(axis(0), { namespace })).matches).toHaveLength(5);
        expect((await query({ namespace: id('nobody') })).matches).toEqual([]);
      });

      test('queryById searches with a stored vector', async () => {
        const { matches } = await connect().queryById(id('c'), { namespace, topK: 2 });
        expect(matches[0]).toMatchObject({ id: id('c') });
      });

      test('returns values and metadata only when asked to', async () => {
        const [bare] = (await query({ topK: 1 })).matches;
        expect(bare).not.toHaveProperty('values');
        expect(bare).not.toHaveProperty('metadata');
        const [indexed] = (await query({ topK: 1, returnMetadata: 'indexed' })).matches;
        expect(indexed?.metadata).toEqual({ label: 'red', rank: 1, draft: true });
        const [all] = (await query({ topK: 1, returnMetadata: 'all', returnValues: true })).matches;
        expect(all?.metadata).toEqual({ label: 'red', rank: 1, draft: true, note: 'n' });
        expect(Array.from(all?.values ?? [])).toEqual(axis(0));
        expect((await query({ topK: 1, returnMetadata: true })).matches[0]?.metadata).toHaveProperty('note');
      });

      test('filters with every operator', async () => {
        expect(await found({ label: 'red' })).toEqual(['a']);
        expect(await found({ label: { $eq: 'red' } })).toEqual(['a']);
        expect(await found({ label: { $in: ['red', 'blue'] } })).toEqual(['a', 'c']);
        expect(await found({ rank: { $lt: 2 } })).toEqual(['a']);
        expect(await found({ rank: { $lte: 2 } })).toEqual(['a', 'b']);
        expect(await found({ rank: { $gt: 2 } })).toEqual(['c']);
        expect(await found({ rank: { $gte: 2 } })).toEqual(['b', 'c']);
        expect(await found({ rank: { $gt: 1, $lt: 3 } })).toEqual(['b']);
        expect(await found({ draft: false })).toEqual(['b']);
        expect(await found({ label: { $in: ['red', 'blue'] }, rank: { $gt: 1 } })).toEqual(['c']);
        expect(await found({ 'author.name': 'Ada' })).toEqual(['d']);
        expect(await found({ label: { $gte: 'red', $lt: 'ree' } })).toEqual(['a', 'b']);
        const withRank = { rank: { $gte: 0 } };
        expect(await found({ ...withRank, label: { $ne: 'red' } })).toEqual(['b', 'c']);
        expect(await found({ ...withRank, label: { $nin: ['red', 'blue'] } })).toEqual(['b']);
      });

      test('a string is indexed by its first 64 bytes', async () => {
        expect(await found({ label: long })).toEqual(['d']);
        expect(await found({ label: long.slice(1) })).toEqual([]);
      });

      test('a property without a metadata index matches nothing', async () => {
        expect(await found({ note: 'n' })).toEqual([]);
      });
    });

    describe('refusing', () => {
      const vector = (change: Partial<VectorizeVector>) => ({ id: id('r'), values: axis(0), ...change });

      test('vectors of another width, by id', async () => {
        expect(await refusal(connect().upsert([vector({ values: [1, 2] })]))).toContain(
          `VECTOR_UPSERT_ERROR (code = 40012): invalid vector for id="${id('r')}", expected 384 dimensions, and got 2`,
        );
        expect(await refusal(connect().query([1]))).toContain(
          'VECTOR_QUERY_ERROR (code = 40006): invalid query vector, expected 384 dimensions, and got 1 dimensions',
        );
      });

      test('ids and namespaces above 64 bytes, metadata above 10 KiB', async () => {
        expect(await refusal(connect().upsert([vector({ id: 'é'.repeat(33) })]))).toContain(
          'VECTOR_UPSERT_ERROR (code = 40008): id too long; max is 64 bytes, got 66 bytes',
        );
        expect(await refusal(connect().insert([vector({ namespace: 'n'.repeat(65) })]))).toMatch(
          /^VECTOR_INSERT_ERROR \(code = 40009\)/,
        );
        expect(await refusal(connect().upsert([vector({ metadata: { note: 'x'.repeat(10_241) } })]))).toMatch(
          /^VECTOR_UPSERT_ERROR \(code = 40016\): oversized metadata for vector id=/,
        );
      });

      test('topK above 100, or above 50 with values or all metadata', async () => {
        expect(await refusal(connect().query(axis(0), { topK: 101 }))).toMatch(
          /max top K is 100, but got 101/,
        );
        for (const more of [{ returnValues: true }, { returnMetadata: 'all' }] as const) {
          expect(await refusal(connect().query(axis(0), { topK: 51, ...more }))).toMatch(
            /\(code = 40025\): with returnValues=true or returnMetadata=all, max top K is 50, but got 51/,
          );
        }
      });

      test('too many ids to read or to delete, too many vectors to write', async () => {
        const ids = (count: number) => Array.from({ length: count }, (_, at) => id(`many-${at}`));
        expect(await refusal(connect().getByIds(ids(21)))).toContain(
          'VECTOR_GET_ERROR (code = 40007): too many ids in payload; max id count is 20, got 21',
        );
        expect(await refusal(connect().deleteByIds(ids(101)))).toContain(
          'VECTOR_DELETE_ERROR (code = 40007): too many ids in payload; max id count is 100, got 101',
        );
        expect(await refusal(connect().upsert(ids(1001).map((each) => vector({ id: each }))))).toMatch(
          /^VECTOR_UPSERT_ERROR/,
        );
      });

      test('filters that are empty, too big, or of an unknown operator', async () => {
        const tooBig = { label: { $in: Array.from({ length: 200 }, (_, at) => `label-${at}-000`) } };
        const unknown = { label: { $like: 'x' } } as unknown as VectorizeVectorMetadataFilter;
        for (const filter of [{}, tooBig, unknown, { $label: 'x' }, { rank: { $gt: 1, $gte: 1 } }]) {
          expect(await refusal(connect().query(axis(0), { filter }))).toMatch(/^VECTOR_QUERY_ERROR/);
        }
      });
    });
  });
}

/** A unit vector along one axis. */
export const axis = (at: number): number[] => Array.from({ length: 384 }, (_, i) => (i === at ? 1 : 0));

const opposite = (at: number): number[] => axis(at).map((value) => (value === 0 ? 0 : -value));

/** A unit vector in the plane of two axes, with the given cosine to the first. */
const between = (first: number, second: number, cosine: number): number[] =>
  axis(first).map((value, i) => (i === second ? Math.sqrt(1 - cosine ** 2) : value * cosine));
