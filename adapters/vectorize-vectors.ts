import { Failure } from '../core/failure.ts';
import type { TenantId } from '../core/identifier.ts';
import type { PassageVector, VectorIndex } from '../core/retrieve/indexes.ts';

/**
 * Vectors in Vectorize: the namespace is the tenant, the id is the passage's, and two indexed metadata fields,
 * `vector_store` and `file`, narrow a search. Namespaces bind writes and queries; `getByIds` and `deleteByIds`
 * know none, so a read by id compares the namespace, and a delete takes only ids that came out of the tenant's
 * own rows: a vector that is not visible yet could not be checked, and would be left behind.
 */

/** Vectorize's limits a call. */
const MAX_UPSERT = 1000;
const MAX_DELETE = 100;
const MAX_GET = 20;
const MAX_RESULTS = 100;

/** A Worker may have six connections open at once. */
const AT_ONCE = 6;

export function vectorizeVectors(index: Vectorize): VectorIndex {
  return {
    async write(tenantId, vectors) {
      for (const part of inParts(vectors, MAX_UPSERT)) {
        await reach(() => index.upsert(part.map((vector) => toVector(tenantId, vector))));
      }
    },

    async remove(_scope, passageIds) {
      for (const part of inParts(passageIds, MAX_DELETE)) {
        await reach(() => index.deleteByIds([...part]));
      }
    },

    async visible(tenantId, passageIds) {
      // Last written first: while a write is pending, one small call says so.
      const parts = [...inParts(passageIds.toReversed(), MAX_GET)];
      for (const some of inParts(parts, AT_ONCE)) {
        const found = await reach(() => Promise.all(some.map((part) => index.getByIds([...part]))));
        const own = found.flat().filter((vector) => vector.namespace === tenantId);
        if (own.length < new Set(some.flat()).size) return false;
      }
      return true;
    },

    async search(tenantId, vector, { vectorStoreIds, fileIds, limit }) {
      if (vectorStoreIds.length === 0 || fileIds?.length === 0) return [];
      const options: VectorizeQueryOptions = {
        namespace: tenantId,
        topK: Math.min(limit, MAX_RESULTS),
        returnValues: false,
        returnMetadata: 'none',
        filter: {
          vector_store: { $in: [...vectorStoreIds] },
          ...(fileIds === undefined ? {} : { file: { $in: [...fileIds] } }),
        },
      };
      const { matches } = await reach(() => index.query([...vector], options));
      return matches.map(({ id, score }) => ({ passageId: id, score }));
    },
  };
}

/** Whatever Vectorize refuses or fails at is an upstream failure: a question goes on without it, a write is retried. */
async function reach<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new Failure('upstream_failed', 'The vector index did not answer.', { cause });
  }
}

const toVector = (tenantId: TenantId, vector: PassageVector): VectorizeVector => ({
  id: vector.passageId,
  namespace: tenantId,
  values: [...vector.values],
  metadata: { vector_store: vector.vectorStoreId, file: vector.fileId },
});

function* inParts<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size);
}
