import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type StandIn, startStandIn } from '../../deploy/stand-in/server.ts';
import { copyRepository, type Outcome, type RepositoryCopy } from './repository-copy.ts';

/**
 * What the button "Deploy to Cloudflare" does after the click: a clone with the names of its form and the ids of what it
 * has provisioned, then Workers Builds with the scripts `build` and `deploy`, without a terminal.
 */
describe('Deploy to Cloudflare', { timeout: 600_000 }, () => {
  let cloudflare: StandIn;
  let clone: RepositoryCopy;

  beforeAll(async () => {
    cloudflare = await startStandIn();
    clone = copyRepository();
    clone.edit('wrangler.toml', 'name = "selvedge"', 'name = "our-backend"');
    clone.edit(
      'wrangler.toml',
      'database_name = "selvedge"',
      'database_name = "our-records"\ndatabase_id = "1"',
    );
    clone.edit('wrangler.toml', 'bucket_name = "selvedge-documents"', 'bucket_name = "our-documents"');
    clone.edit('wrangler.toml', 'index_name = "selvedge"', 'index_name = "our-vectors"');
    clone.commit('The clone');
  });
  afterAll(async () => {
    await cloudflare?.close();
    clone?.remove();
  });

  const build = (script: string): Promise<Outcome> =>
    clone.run('npm', ['run', script], {
      CI: 'true',
      WORKERS_CI: '1',
      WORKERS_CI_BRANCH: 'main',
      WRANGLER_CI_OVERRIDE_NAME: 'our-backend',
      CLOUDFLARE_API_BASE_URL: cloudflare.url,
      CLOUDFLARE_API_TOKEN: 'token-of-the-build',
      CLOUDFLARE_ACCOUNT_ID: 'account',
    });

  const secretsIn = (output: string) => output.match(/sk-[0-9a-f]{8,}/g);

  test('DEP-10: provisions under the names of the form, asks nobody, and writes no key into its log', async () => {
    expect(await build('build')).toMatchObject({ code: 0 });
    const first = await build('deploy');
    expect(first, first.output).toMatchObject({ code: 0 });
    expect(cloudflare.unknown).toEqual([]);
    const { account } = cloudflare;
    expect([...account.scripts.keys()]).toEqual(['our-backend']);
    expect([...account.databases.values()].map(({ name }) => name)).toEqual([
      'our-records',
      'selvedge-search',
    ]);
    expect([...account.buckets]).toEqual(['our-documents']);
    expect(account.indexes.get('our-vectors')).toMatchObject({
      config: { dimensions: 384, metric: 'cosine' },
    });
    expect(secretsIn(first.output)).toBeNull();
    expect(first.output).toContain('Add → Secret ADMIN_KEY');
    expect(account.database('our-records').prepare('SELECT count(*) AS n FROM keys').get()).toEqual({ n: 0 });
  });

  test('who has chosen an admin key in the form is asked nothing more, and a push without news changes nothing', async () => {
    const script = cloudflare.account.scripts.get('our-backend');
    script?.secrets.set('ADMIN_KEY', 'chosen in the form of the button');
    const again = await build('deploy');
    expect(again, again.output).toMatchObject({ code: 0, output: expect.stringContaining('Nothing to do.') });
    expect(again.output).toContain('First admin key: the secret ADMIN_KEY');
    expect(secretsIn(again.output)).toBeNull();
  });

  test('an index of other dimensions, as a form may leave it, is refused by name', async () => {
    cloudflare.account.indexes.set('our-vectors', {
      config: { dimensions: 1536, metric: 'cosine' },
      metadata: [],
    });
    const refused = await build('deploy');
    expect(refused.code).not.toBe(0);
    expect(refused.output).toMatch(
      /'our-vectors' has 1536 dimensions and cosine, but .* needs 384 and cosine/,
    );
  });
});
