import { env } from 'cloudflare:test';
import { describe, expect, test } from 'vitest';
import { vectorizeVectors } from '../../adapters/vectorize-vectors.ts';
import { newId } from '../../core/identifier.ts';
import { vectorsContract } from '../contracts/vectors.ts';

const index = vectorizeVectors(env.VECTORIZE);
vectorsContract('Vectorize', index);

describe('vectors', () => {
  test('what Vectorize refuses is an upstream failure', async () => {
    const tenantId = newId('tenant');
    await expect(
      index.search(tenantId, [1, 2], { vectorStoreIds: [newId('vs')], limit: 1 }),
    ).rejects.toMatchObject({
      code: 'upstream_failed',
    });
  });
});
