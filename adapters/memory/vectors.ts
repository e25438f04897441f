import type { TenantId } from '../../core/identifier.ts';
import type { PassageVector, VectorIndex } from '../../core/retrieve/indexes.ts';

/** As Vectorize: the port promises no more. */
const MOST_RESULTS = 100;

/**
 * Vectors in memory, searched exactly and visible at once: for tests, and the measure of what an approximate index
 * leaves out. It obeys the contract of tests/contracts/vectors.ts, as Vectorize does.
 */
export function memoryVectors(): VectorIndex {
  const tenants = new Map<TenantId, Map<string, PassageVector>>();
  const of = (tenantId: TenantId) => tenants.get(tenantId) ?? new Map<string, PassageVector>();
  return {
    async write(tenantId, vectors) {
      const kept = of(tenantId);
      for (const vector of vectors) kept.set(vector.passageId, vector);
      tenants.set(tenantId, kept);
    },
    async remove(tenantId, passageIds) {
      for (const id of passageIds) of(tenantId).delete(id);
    },
    async visible(tenantId, passageIds) {
      return passageIds.every((id) => of(tenantId).has(id));
    },
    async search(tenantId, vector, { vectorStoreIds, fileIds, limit }) {
      return [...of(tenantId).values()]
        .filter((one) => vectorStoreIds.includes(one.vectorStoreId))
        .filter((one) => fileIds === undefined || fileIds.includes(one.fileId))
        .map(({ passageId, values }) => ({ passageId, score: cosine(vector, values) }))
        .toSorted((a, b) => b.score - a.score)
        .slice(0, Math.min(limit, MOST_RESULTS));
    },
  };
}

function cosine(a: readonly number[], b: readonly number[]): number {
  let product = 0;
  for (const [at, value] of a.entries()) product += value * (b[at] ?? 0);
  const lengths = Math.hypot(...a) * Math.hypot(...b);
  return lengths === 0 ? 0 : product / lengths;
}
