import { describe, expect, test } from 'vitest';
import { type FileId, newId, type VectorStoreId } from '../../core/identifier.ts';
import type { VectorIndex } from '../../core/retrieve/indexes.ts';

const DIMENSIONS = 384;

/** Unit vectors in a plane: similarity falls with the angle, in degrees. */
export const at = (angle: number): readonly number[] => {
  const vector = new Array<number>(DIMENSIONS).fill(0);
  vector[0] = Math.cos((angle * Math.PI) / 180);
  vector[1] = Math.sin((angle * Math.PI) / 180);
  return vector;
};

const made = (vectorStoreId: VectorStoreId, angle: number, fileId = newId('file')) => ({
  passageId: newId('passage'),
  vectorStoreId,
  fileId,
  values: at(angle),
});

/** What every `VectorIndex` promises: run over Vectorize in workerd and over the one in memory in node. */
export function vectorsContract(name: string, index: VectorIndex): void {
  describe(`vectors: ${name}`, () => {
    test('the nearest comes first, with its cosine', async () => {
      const tenantId = newId('tenant');
      const store = newId('vs');
      const vectors = [60, 0, 30].map((angle) => made(store, angle));
      await index.write(tenantId, vectors);
      const found = await index.search(tenantId, at(0), { vectorStoreIds: [store], limit: 2 });
      expect(found.map(({ passageId }) => passageId)).toEqual([vectors[1]?.passageId, vectors[2]?.passageId]);
      expect(found[1]?.score).toBeCloseTo(Math.cos(Math.PI / 6), 3);
    });

    test('a search stays in its tenant, its stores and its files', async () => {
      const [own, other] = [newId('tenant'), newId('tenant')];
      const [store, second] = [newId('vs'), newId('vs')];
      const [a, b, c] = [made(store, 0), made(store, 10), made(second, 20)];
      await index.write(own, [a, b, c]);
      await index.write(other, [made(store, 0)]);
      const ids = async (range: { vectorStoreIds: readonly VectorStoreId[]; fileIds?: readonly FileId[] }) =>
        (await index.search(own, at(0), { ...range, limit: 100 })).map(({ passageId }) => passageId);
      expect(await ids({ vectorStoreIds: [store] })).toEqual([a.passageId, b.passageId]);
      expect(await ids({ vectorStoreIds: [store, second] })).toEqual([a.passageId, b.passageId, c.passageId]);
      expect(await ids({ vectorStoreIds: [store, second], fileIds: [c.fileId, b.fileId] })).toEqual([
        b.passageId,
        c.passageId,
      ]);
      expect(await ids({ vectorStoreIds: [store], fileIds: [] })).toEqual([]);
      expect(await index.visible(own, [a.passageId, b.passageId])).toBe(true);
      expect(await index.visible(other, [a.passageId])).toBe(false);
    });

    test('more than a call takes is written, seen and removed whole, and a search answers at most 100', async () => {
      const tenantId = newId('tenant');
      const store = newId('vs');
      const vectors = Array.from({ length: 1050 }, (_, n) => made(store, n / 100));
      const ids = vectors.map(({ passageId }) => passageId);
      await index.write(tenantId, vectors);
      expect(await index.visible(tenantId, ids)).toBe(true);
      await index.remove(tenantId, ids.slice(0, 250));
      expect(await index.visible(tenantId, ids.slice(0, 1))).toBe(false);
      expect(await index.visible(tenantId, ids)).toBe(false);
      expect(await index.visible(tenantId, ids.slice(250))).toBe(true);
      expect(await index.search(tenantId, at(0), { vectorStoreIds: [store], limit: 200 })).toHaveLength(100);
    }, 60_000);
  });
}
