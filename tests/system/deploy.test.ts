import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { sha256 } from '../../core/identifier.ts';
import { type StandIn, startStandIn } from '../../deploy/stand-in/server.ts';

/** `npm run deploy` with the real wrangler against a stand-in of Cloudflare's REST API. */
describe('npm run deploy', { timeout: 300_000 }, () => {
  let cloudflare: StandIn;
  beforeAll(async () => {
    if (!existsSync('dist/web/index.html')) await run('npm', ['run', 'build'], {});
  });
  beforeEach(async () => {
    cloudflare = await startStandIn();
  });
  afterEach(() => cloudflare.close());

  const deploy = (
    args: readonly string[] = ['--yes'],
    environment: Record<string, string | undefined> = {},
  ): Promise<Outcome> =>
    run('npm', ['run', '--silent', 'deploy', '--', '--skip-build', ...args], {
      CLOUDFLARE_API_BASE_URL: cloudflare.url,
      CLOUDFLARE_API_TOKEN: 'token-of-the-test',
      CLOUDFLARE_ACCOUNT_ID: 'account',
      OPENAI_API_KEY: undefined,
      ANTHROPIC_API_KEY: undefined,
      ...environment,
    });

  const changes = () =>
    cloudflare.requests.filter((request) => !request.startsWith('GET') && !isRead(request));

  test('fills an empty account, and the second run finds nothing to do', async () => {
    const first = await deploy(['--yes'], { OPENAI_API_KEY: 'sk-secret-of-the-test' });
    expect(first).toMatchObject({ code: 0 });
    expect(cloudflare.unknown).toEqual([]);
    const { account } = cloudflare;
    expect([...account.databases.values()].map(({ name }) => name)).toEqual(['selvedge', 'selvedge-search']);
    expect([...account.buckets]).toEqual(['selvedge-documents']);
    expect([...account.queues.values()].map(({ name }) => name).sort()).toEqual([
      'selvedge-evaluations',
      'selvedge-evaluations-dead',
      'selvedge-ingest',
      'selvedge-ingest-dead',
    ]);
    expect([...account.queues.values()].map(({ consumers }) => consumers.size)).toEqual([1, 1, 1, 1]);
    expect(account.indexes.get('selvedge')).toEqual({
      config: { dimensions: 384, metric: 'cosine' },
      metadata: [
        { propertyName: 'vector_store', indexType: 'string' },
        { propertyName: 'file', indexType: 'string' },
      ],
    });
    const script = account.scripts.get('selvedge');
    expect(script?.versions).toHaveLength(1);
    expect(script?.schedules).toEqual([{ cron: '*/5 * * * *' }]);
    expect(Object.fromEntries(script?.secrets ?? [])).toEqual({ OPENAI_API_KEY: 'sk-secret-of-the-test' });
    expect(first.output).not.toContain('sk-secret-of-the-test');
    expect(first.output).not.toContain('token-of-the-test');

    const [key = ''] = /sk-[0-9a-f]{48}/.exec(first.output) ?? [];
    const keys = account.database('selvedge').prepare('SELECT * FROM keys').all();
    expect(keys).toMatchObject([{ hash: await sha256(key), scopes: expect.stringContaining('admin') }]);
    expect(JSON.stringify(keys)).not.toContain(key);

    cloudflare.requests.length = 0;
    const second = await deploy(['--yes'], { OPENAI_API_KEY: 'sk-secret-of-the-test' });
    expect(second).toMatchObject({ code: 0, output: expect.stringContaining('Nothing to do.') });
    expect(changes()).toEqual([]);
  });

  test('a run that broke off is finished by the next one', async () => {
    for (const failing of [/^POST vectorize/, /^PUT workers\/scripts/]) {
      cloudflare.failing = failing;
      expect(await deploy()).toMatchObject({ code: 1, output: expect.stringContaining('unexpected error') });
    }
    expect(cloudflare.account.scripts.size).toBe(0);
    cloudflare.failing = null;
    cloudflare.requests.length = 0;
    expect(await deploy()).toMatchObject({ code: 0, output: expect.stringContaining('first admin key') });
    expect(
      changes().filter((request) => /^POST (d1\/database|r2\/buckets|queues|vectorize.*)$/.test(request)),
    ).toEqual([]);
  });

  test('a missing permission is named, by us and for wrangler', async () => {
    const needed = {
      vectorize: 'Account · Vectorize · Edit',
      workers: 'Account · Workers Scripts · Edit',
    };
    for (const [area, permission] of Object.entries(needed)) {
      cloudflare.denied.clear();
      cloudflare.denied.add(area);
      const { code, output } = await deploy();
      expect(code).toBe(1);
      expect(output).toContain(`"${permission}"`);
    }
  });

  test('shows its plan and changes nothing until it is told to', async () => {
    const { code, output } = await deploy([]);
    expect(code).toBe(1);
    expect(output).toContain('+ create     D1 database selvedge\n');
    expect(output).toContain('Add --yes');
    expect(changes()).toEqual([]);
  });

  test('says what it needs when there is no token, and refuses an index of another model', async () => {
    const { code, output } = await deploy(['--yes'], { CLOUDFLARE_API_TOKEN: '' });
    expect(code).toBe(1);
    expect(output).toContain('CLOUDFLARE_API_TOKEN is not set');
    expect(output).toContain('Account · D1 · Edit');
    cloudflare.account.indexes.set('selvedge', {
      config: { dimensions: 768, metric: 'cosine' },
      metadata: [],
    });
    expect((await deploy()).output).toContain("'selvedge' has 768 dimensions and cosine");
    expect(changes()).toEqual([]);
  });
});

/** Statements that only read go to D1 as POST too. */
const isRead = (request: string): boolean => /^POST d1\/database\/[^/]+\/query$/.test(request);

interface Outcome {
  readonly code: number | null;
  readonly output: string;
}

async function run(
  command: string,
  args: readonly string[],
  environment: Record<string, string | undefined>,
): Promise<Outcome> {
  const child = spawn(command, args, {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, output };
}
