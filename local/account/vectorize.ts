import { WorkerEntrypoint } from 'cloudflare:workers';
import type { LocalEnvironment } from './environment.ts';
import type { StoredMatch, VectorStorage } from './vector-storage.ts';
import { vectorizeError } from './vectorize-error.ts';
import { matcher } from './vectorize-filter.ts';
import {
  checkIds,
  checkNamespace,
  checkQueryVector,
  type IndexDefinition,
  queryOptions,
  type VectorRow,
  vectorRows,
} from './vectorize-index.ts';

/**
 * Vectorize's binding over a Durable Object: limits and their errors here, what is visible when in the storage.
 * Search is exact where Vectorize approximates, so what a test finds here production finds too, but for recall.
 */
export class LocalVectorize extends WorkerEntrypoint<LocalEnvironment, IndexDefinition> implements Vectorize {
  async describe(): Promise<VectorizeIndexInfo> {
    const { vectors, mutation, at } = await this.#storage.info();
    const info = {
      vectorCount: vectors,
      dimensions: this.ctx.props.dimensions,
      processedUpToMutation: mutation,
      processedUpToDatetime: at === null ? null : new Date(at).toISOString(),
    };
    // The service answers a UUID and an ISO 8601 time, as the types' own comments say; the types say numbers.
    return info as unknown as VectorizeIndexInfo;
  }

  async insert(vectors: VectorizeVector[]): Promise<VectorizeAsyncMutation> {
    return this.#accept('insert', vectorRows('INSERT', vectors, this.ctx.props));
  }

  async upsert(vectors: VectorizeVector[]): Promise<VectorizeAsyncMutation> {
    return this.#accept('upsert', vectorRows('UPSERT', vectors, this.ctx.props));
  }

  async deleteByIds(ids: string[]): Promise<VectorizeAsyncMutation> {
    checkIds('DELETE', ids);
    return this.#accept(
      'delete',
      ids.map((id) => ({ id })),
    );
  }

  async getByIds(ids: string[]): Promise<VectorizeVector[]> {
    checkIds('GET', ids);
    const rows = await this.#storage.read(ids);
    return rows.map((row) => ({ ...asMatch(row, 'all'), values: Array.from(row.values) }));
  }

  async query(
    vector: VectorFloatArray | number[],
    options: VectorizeQueryOptions = {},
  ): Promise<VectorizeMatches> {
    checkQueryVector(vector, this.ctx.props.dimensions);
    const { topK, returnValues, returnMetadata } = queryOptions(options);
    const { namespace, filter } = options;
    if (namespace !== undefined) checkNamespace('QUERY', namespace);
    if (filter !== undefined) matcher(filter);
    const search = { vector: Float32Array.from(vector), namespace, filter, topK };
    const found: StoredMatch[] = await this.#storage.search(search);
    const matches = found.map(({ row, score }) => ({
      ...asMatch(row, returnMetadata),
      ...(returnValues ? { values: Array.from(row.values) } : {}),
      score,
    }));
    return { count: matches.length, matches };
  }

  async queryById(vectorId: string, options: VectorizeQueryOptions = {}): Promise<VectorizeMatches> {
    const [row] = await this.#storage.read([vectorId]);
    if (row === undefined) throw vectorizeError('QUERY', `vector with id="${vectorId}" not found`);
    return this.query(row.values, options);
  }

  get #storage(): DurableObjectStub<VectorStorage> {
    return this.env.VECTOR_STORAGE.getByName(this.ctx.props.index);
  }

  async #accept(
    kind: 'insert' | 'upsert' | 'delete',
    rows: readonly (VectorRow | Pick<VectorRow, 'id'>)[],
  ): Promise<VectorizeAsyncMutation> {
    const delay = Number(this.env.VECTORIZE_DELAY_MS);
    return { mutationId: await this.#storage.accept(kind, rows, delay) };
  }
}

/** A stored vector without its values: members that it lacks are absent, as in Vectorize's JSON. */
function asMatch(row: VectorRow, level: VectorizeMetadataRetrievalLevel): Omit<VectorizeVector, 'values'> {
  const metadata = level === 'all' ? row.metadata : level === 'indexed' ? row.indexed : null;
  return {
    id: row.id,
    ...(row.namespace === '' ? {} : { namespace: row.namespace }),
    ...(metadata === null ? {} : { metadata: JSON.parse(metadata) }),
  };
}
