import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env } from 'node:process';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { getPlatformProxy, type PlatformProxy } from 'wrangler';
import { vectorizeContract } from '../workerd/vectorize-contract.ts';

/**
 * The contract of tests/workerd/vectorize-contract.ts over Cloudflare's own Vectorize, through a remote binding. It
 * wants an index of 384 dimensions and cosine with the metadata indexes of `contractIndexes`:
 * SELVEDGE_TEST_VECTORIZE_INDEX, CLOUDFLARE_ACCOUNT_ID and CLOUDFLARE_API_TOKEN. Vectors that it writes stay there.
 */
const index = env.SELVEDGE_TEST_VECTORIZE_INDEX;
/** Cloudflare says "a few seconds"; its jobs have been seen to take minutes. */
const SETTLES_WITHIN = 180_000;

if (
  index === undefined ||
  env.CLOUDFLARE_API_TOKEN === undefined ||
  env.CLOUDFLARE_ACCOUNT_ID === undefined
) {
  describe('Vectorize: a Cloudflare account', () => {
    test.skip(
      'is not tried: set SELVEDGE_TEST_VECTORIZE_INDEX, CLOUDFLARE_ACCOUNT_ID and CLOUDFLARE_API_TOKEN',
    );
  });
} else {
  let directory: string;
  let proxy: PlatformProxy<{ VECTORIZE: Vectorize }>;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'selvedge-vectorize-'));
    const configPath = join(directory, 'wrangler.json');
    const vectorize = [{ binding: 'VECTORIZE', index_name: index, remote: true }];
    await writeFile(
      configPath,
      JSON.stringify({ name: 'contract', compatibility_date: '2026-10-30', vectorize }),
    );
    proxy = await getPlatformProxy({ configPath });
  }, 60_000);

  afterAll(async () => {
    await proxy.dispose();
    await rm(directory, { recursive: true });
  });

  vectorizeContract('a Cloudflare account', () => proxy.env.VECTORIZE, SETTLES_WITHIN);
}
