import { describe, expect, test } from 'vitest';
import { Failure } from '../failure.ts';
import { asId, type FileId, type TenantId, type VectorStoreId } from '../identifier.ts';
import { type Money, picodollars } from '../telemetry/money.ts';
import { Trace } from '../telemetry/trace.ts';
import type { Candidate } from './indexes.ts';
import type { RetrievalQuery } from './query.ts';
import { RERANKED, type Retrieval, retrieve } from './retrieve.ts';
import { search } from './search.ts';

const tenantId = asId<TenantId>('tenant_a');

const question: RetrievalQuery = {
  text: 'how long is the warranty',
  vectorStoreIds: [asId<VectorStoreId>('vs_1')],
  filter: null,
  limit: 3,
  weights: null,
  ranker: 'none',
  scoreThreshold: 0,
};

const down = async (): Promise<never> => {
  throw new Failure('upstream_unavailable', 'The model does not answer.');
};

const ranked = (...ids: readonly string[]): readonly Candidate[] =>
  ids.map((passageId, index) => ({ passageId, score: 1 - index / 10 }));

/** Two indexes that answer fixed lists; `readable` are the passages that the tenant may read. */
function indexes(given: {
  readonly dense?: readonly Candidate[];
  readonly sparse?: readonly Candidate[];
  readonly readable?: readonly string[];
  readonly files?: readonly FileId[];
}) {
  const named: (readonly FileId[] | undefined)[] = [];
  const passage = (id: string) => ({
    id,
    vectorStoreId: asId<VectorStoreId>('vs_1'),
    fileId: asId<FileId>(`file_${id}`),
    filename: `${id}.md`,
    ordinal: 0,
    title: '',
    text: `text of ${id}`,
    start: 0,
    end: 1,
    page: null,
    pageEnd: null,
    pageBreaks: [],
    attributes: {},
  });
  const deps: Retrieval = {
    embedder: {
      model: 'm',
      dimensions: 1,
      worstCase: (texts) => picodollars(texts.length),
      embed: async (texts) => texts.map(() => [1]),
    },
    reranker: {
      model: 'r',
      worstCase: (texts) => picodollars(100 * texts),
      rerank: async (_question, texts) => texts.map(() => 0),
    },
    passages: {
      search: async () => given.sparse ?? [],
      read: async (_scope, ids) =>
        ids.filter((id) => given.readable?.includes(id) ?? true).map((id) => passage(id)),
      files: async () => given.files ?? [],
    },
    vectors: {
      write: async () => undefined,
      remove: async () => undefined,
      visible: async () => true,
      search: async (_scope, _vector, range) => {
        named.push(range.fileIds);
        return given.dense ?? [];
      },
    },
  };
  return { deps, named };
}

const trace = () => new Trace('test', { clock: () => 0, random: (bytes) => bytes });

async function ask(deps: Retrieval, more: Partial<RetrievalQuery> = {}) {
  const { root, spans, stages } = ((made) => ({ root: made.root, spans: made.spans, stages: made.stages }))(
    trace(),
  );
  const { hits } = await retrieve(deps, tenantId, { ...question, ...more }, root);
  const span = spans.find((record) => record.name === 'retrieve');
  return { hits, ids: hits.map((hit) => hit.passage.id), span, stages };
}

describe('retrieval', () => {
  test('passages keep the fused order after they are read again', async () => {
    const { deps } = indexes({ dense: ranked('c', 'a', 'b'), sparse: ranked('c', 'a') });
    const shuffled: Retrieval = {
      ...deps,
      passages: {
        ...deps.passages,
        read: async (tenant, ids, range) => (await deps.passages.read(tenant, ids, range)).toReversed(),
      },
    };
    expect((await ask(shuffled)).ids).toEqual(['c', 'a', 'b']);
  });

  test('what may not be read is left out, and the next best takes its place', async () => {
    const { deps } = indexes({ dense: ranked('a', 'x', 'b', 'y', 'z', 'c'), readable: ['a', 'b', 'c'] });
    expect((await ask(deps)).ids).toEqual(['a', 'b', 'c']);
  });

  test('a side with no weight does not run', async () => {
    const { deps } = indexes({ dense: ranked('d'), sparse: ranked('s') });
    const sparse = await ask(deps, { weights: { embedding: 0, text: 1 } });
    expect(sparse.ids).toEqual(['s']);
    expect([...sparse.stages.keys()]).toEqual(['sparse', 'fuse']);
    const dense = await ask(deps, { weights: { embedding: 1, text: 0 } });
    expect(dense.ids).toEqual(['d']);
    expect([...dense.stages.keys()]).toEqual(['embed', 'dense', 'fuse']);
  });

  test('a narrow filter goes to the vector index as file ids, a wide one does not, an empty one answers nothing', async () => {
    const filter = { type: 'eq', key: 'kind', value: 'report' } as const;
    const files = Array.from({ length: 51 }, (_, index) => asId<FileId>(`file_${index}`));
    const narrow = indexes({ dense: ranked('a'), files: files.slice(0, 50) });
    await ask(narrow.deps, { filter });
    expect(narrow.named).toEqual([files.slice(0, 50)]);
    const wide = indexes({ dense: ranked('a'), files });
    await ask(wide.deps, { filter });
    expect(wide.named).toEqual([undefined]);
    const none = indexes({ dense: ranked('a'), sparse: ranked('a'), files: [] });
    expect((await ask(none.deps, { filter })).ids).toEqual([]);
  });

  test('without an embedding model full text answers alone, and the span says so', async () => {
    const { deps } = indexes({ dense: ranked('d'), sparse: ranked('s') });
    const broken = { ...deps, embedder: { ...deps.embedder, embed: down } };
    const { ids, span } = await ask(broken);
    expect(ids).toEqual(['s']);
    expect(span?.attributes['dense.unavailable']).toBe('The model does not answer.');
    await expect(ask(broken, { weights: { embedding: 1, text: 0 } })).rejects.toMatchObject({
      code: 'upstream_unavailable',
    });
  });

  test('without a reranker the fused order stands, and the span says so', async () => {
    const { deps } = indexes({ dense: ranked('a', 'b'), sparse: ranked('a', 'b') });
    const { ids, hits, span } = await ask(
      { ...deps, reranker: { ...deps.reranker, rerank: down } },
      { ranker: 'auto' },
    );
    expect(ids).toEqual(['a', 'b']);
    expect(hits[0]?.signals.reranked).toBeNull();
    expect(span?.attributes['rerank.unavailable']).toBe('The model does not answer.');
  });

  test('a bug is not mistaken for an upstream that is down', async () => {
    const { deps } = indexes({ sparse: ranked('s') });
    const bug = async (): Promise<never> => {
      throw new TypeError('x is undefined');
    };
    await expect(ask({ ...deps, embedder: { ...deps.embedder, embed: bug } })).rejects.toThrow(TypeError);
  });

  test('the reranker lifts what it finds relevant, and keeps the rest below it', async () => {
    const { deps } = indexes({ dense: ranked('a', 'b', 'c'), sparse: ranked('a', 'b', 'c') });
    const reranker = {
      ...deps.reranker,
      rerank: async (_question: string, texts: readonly string[]) =>
        texts.map((text) => (text === 'text of b' ? 1 : 0)),
    };
    const { hits } = await ask({ ...deps, reranker }, { ranker: 'auto' });
    const scores = new Map(hits.map((hit) => [hit.passage.id, hit.score]));
    expect((scores.get('b') ?? 0) > 0.3).toBe(true);
    expect(hits.map((hit) => hit.score)).toEqual(hits.map((hit) => hit.score).toSorted((a, b) => b - a));
    expect(hits.every((hit) => hit.score >= 0 && hit.score <= 1)).toBe(true);
  });

  test('a threshold leaves out what is below', async () => {
    const { deps } = indexes({ dense: ranked('a', 'b', 'c') });
    const { hits } = await ask(deps, { scoreThreshold: 0.3 });
    expect(hits.map((hit) => hit.passage.id)).toEqual(['a', 'b']);
  });
});

describe('several queries', () => {
  async function searched(queries: readonly string[], rewrite: boolean) {
    const { deps } = indexes({});
    const asked: string[] = [];
    const passages = {
      ...deps.passages,
      search: async (_tenantId: TenantId, text: string) => {
        asked.push(text);
        return ranked(`about ${text}`);
      },
    };
    const { text: _text, ...rest } = question;
    const reserved: Money[] = [];
    const work = {
      tenantId,
      span: trace().root,
      afford: async (amount: Money) => {
        expect(asked).toEqual([]);
        reserved.push(amount);
      },
    };
    const found = await search({ ...deps, passages }, work, { ...rest, queries, rewrite, limit: 10 });
    return { asked, reserved, searches: found.searches, ids: found.hits.map((hit) => hit.passage.id) };
  }

  test('each is searched, the first too, and each can bring a passage', async () => {
    const { asked, ids } = await searched(['one', 'two', 'three'], false);
    expect(asked).toEqual(['one', 'two', 'three']);
    expect(ids.toSorted()).toEqual(['about one', 'about three', 'about two']);
  });

  test('rewriting adds the questions inside a query and keeps the query', async () => {
    const query = 'I bought a bicycle. How long is the warranty? And where do I return it?';
    expect((await searched([query], true)).searches).toEqual([
      query,
      'How long is the warranty?',
      'And where do I return it?',
    ]);
    expect((await searched([query], false)).searches).toEqual([query]);
    // LED-4: each of them is reserved before any of it is searched, with the passages that are read for it.
    expect((await searched([query], true)).reserved).toEqual([3 * (1 + 100 * RERANKED)]);
    expect((await searched(['How long is it?'], true)).searches).toEqual(['How long is it?']);
  });
});
