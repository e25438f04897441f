import { abortAllDurableObjects, createExecutionContext, env } from 'cloudflare:test';
import { exports } from 'cloudflare:workers';
import { describe, expect, test, vi } from 'vitest';
import type { LocalEnvironment } from '../../local/account/environment.ts';
import { LocalVectorize } from '../../local/account/vectorize.ts';
import { axis, contractIndexes, vectorizeContract } from './vectorize-contract.ts';

const definition = (index: string) => ({ index, dimensions: 384, metadata_indexes: contractIndexes });

/** The binding as a Worker sees it, over RPC. */
const local = (index: string): Vectorize => exports.LocalVectorize({ props: definition(index) });

/** The same over the same storage, with writes that become visible later. */
const delayed = (index: string, milliseconds: number): LocalVectorize =>
  new LocalVectorize(Object.assign(createExecutionContext(), { props: definition(index) }), {
    ...(env as unknown as LocalEnvironment),
    VECTORIZE_DELAY_MS: String(milliseconds),
  });

const idsIn = async (index: Vectorize): Promise<string[]> =>
  (await index.query(axis(0), { topK: 100 })).matches.map((match) => match.id).sort();

vectorizeContract('the local account', () => local('contract'), 2000);

describe('the local Vectorize', { timeout: 30_000 }, () => {
  test('is bound with the metadata indexes of production', async () => {
    const metadata = { vector_store: 's', file: 'f' };
    await env.VECTORIZE.upsert([{ id: 'bound', namespace: 'n', values: axis(5), metadata }]);
    const filter = { vector_store: { $in: ['s'] }, file: 'f' };
    const { matches } = await env.VECTORIZE.query(axis(5), { namespace: 'n', filter, returnMetadata: 'all' });
    expect(matches).toEqual([{ id: 'bound', namespace: 'n', score: 1, metadata }]);
  });

  test('shows the old values of a vector until the delay is over, then the new ones', async () => {
    const index = 'delay';
    await local(index).upsert([{ id: 'v', values: axis(0) }]);
    const { mutationId } = await delayed(index, 400).upsert([{ id: 'v', values: axis(1) }]);
    expect((await local(index).getByIds(['v']))[0]?.values).toEqual(axis(0));
    expect((await local(index).describe()).processedUpToMutation).not.toBe(mutationId);
    await vi.waitFor(async () => expect((await local(index).getByIds(['v']))[0]?.values).toEqual(axis(1)));
    expect((await local(index).describe()).processedUpToMutation).toBe(mutationId);
  });

  test('LOC-15: makes writes visible in the order in which they were accepted, whatever their delays', async () => {
    const index = 'order';
    await delayed(index, 400).upsert([{ id: 'v', values: axis(0) }]);
    await delayed(index, 0).deleteByIds(['v']);
    const { mutationId } = await delayed(index, 0).upsert([{ id: 'w', values: axis(0) }]);
    expect(await idsIn(local(index))).toEqual([]);
    await vi.waitFor(async () =>
      expect((await local(index).describe()).processedUpToMutation).toBe(mutationId),
    );
    expect(await idsIn(local(index))).toEqual(['w']);
  });

  test('LOC-16: loses nothing that it accepted when it is killed, visible or not', async () => {
    const index = 'kill';
    await local(index).upsert([{ id: 'seen', values: axis(0), metadata: { label: 'kept' } }]);
    await delayed(index, 300).upsert([{ id: 'accepted', values: axis(1) }]);
    await abortAllDurableObjects();
    expect(await local(index).query(axis(0), { filter: { label: 'kept' } })).toMatchObject({ count: 1 });
    await vi.waitFor(async () => expect(await idsIn(local(index))).toEqual(['accepted', 'seen']));
  });

  test('LOC-17: keeps its matrix in step with moves between namespaces and with deletions', async () => {
    const index = local('moves');
    const at = (namespace: string) => [{ id: 'm', namespace, values: axis(0) }];
    const count = async (namespace: string) => (await index.query(axis(0), { namespace })).count;
    await index.upsert([...at('one'), { id: 'n', namespace: 'one', values: axis(0) }]);
    expect(await count('one')).toBe(2);
    await index.upsert(at('two'));
    expect([await count('one'), await count('two')]).toEqual([1, 1]);
    await index.deleteByIds(['m', 'n']);
    expect([await count('one'), await count('two')]).toEqual([0, 0]);
  });

  test('finds in 12,000 vectors exactly what a plain sort finds', async () => {
    const index = local('large');
    const random = generator(7);
    const vectors = Array.from({ length: 12_000 }, (_, at) => ({
      id: `v${at}`,
      namespace: 'large',
      values: Float32Array.from({ length: 384 }, () => random() - 0.5),
      metadata: { label: at % 2 === 0 ? 'even' : 'odd' },
    }));
    for (let at = 0; at < vectors.length; at += 1000) await index.upsert(vectors.slice(at, at + 1000));
    const probe = Float32Array.from({ length: 384 }, () => random() - 0.5);
    const expected = vectors
      .filter((vector) => vector.metadata.label === 'odd')
      .map((vector) => ({ id: vector.id, score: cosine(vector.values, probe) }))
      .sort((a, b) => b.score - a.score)
      .slice(0, 100);
    const options = { namespace: 'large', topK: 100, filter: { label: 'odd' } };
    const { matches } = await index.query(probe, options);
    expect(matches.map((match) => match.id)).toEqual(expected.map((match) => match.id));
    expect(matches[0]?.score).toBeCloseTo(expected[0]?.score ?? Number.NaN, 5);
    const began = Date.now();
    for (let round = 0; round < 20; round += 1) await index.query(probe, options);
    console.log(`12,000 × 384: ${(Date.now() - began) / 20} ms a query`);
  }, 60_000);
});

/** mulberry32, so that a failure repeats. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function cosine(a: Float32Array, b: Float32Array): number {
  const dot = (x: Float32Array, y: Float32Array) =>
    x.reduce((sum, value, at) => sum + value * (y[at] ?? 0), 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}
