import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type StandIn, startStandIn } from '../../deploy/stand-in/server.ts';
import { copyRepository, type RepositoryCopy } from './repository-copy.ts';

/**
 * A user's repository over an upgrade: begun from this tree, with an agent, a prompt, a model with its own secret and
 * names of its own in `app/`; then upstream goes on everywhere else.
 */
describe('a clean upgrade', { timeout: 600_000 }, () => {
  let cloudflare: StandIn;
  let copy: RepositoryCopy;

  beforeAll(async () => {
    cloudflare = await startStandIn();
    copy = copyRepository();
    copy.commit('Upstream, as the user took it');
    copy.git('branch', 'upstream');
    copy.write('dist/web/index.html', '<!doctype html><title>Page</title>');
  });
  afterAll(async () => {
    await cloudflare?.close();
    copy?.remove();
  });

  const deploy = (...args: string[]) =>
    copy.run('node', ['deploy/command.ts', '--yes', '--skip-build', ...args], {
      ...parseEnv(readFileSync(join(copy.root, '.dev.vars'), 'utf8')),
      CLOUDFLARE_API_BASE_URL: cloudflare.url,
      CLOUDFLARE_API_TOKEN: 'token-of-the-test',
      CLOUDFLARE_ACCOUNT_ID: 'account',
    });

  test('DEP-6: what a user writes in app/ merges with a newer upstream, compiles and deploys', async () => {
    const { git, write, edit, commit, root } = copy;
    write('app/agents/mine.ts', AGENT);
    write('app/prompts/support.ts', PROMPT);
    write('app/selvedge.config.ts', CONFIGURATION);
    write('.dev.vars', 'KINGFISHER_KEY=secret-of-the-user\n');
    commit('Ours: an agent, a prompt, a model and names');
    expect(await deploy()).toMatchObject({ code: 0 });

    git('checkout', '-q', 'upstream');
    edit('core/prompts/default.ts', 'in as few sentences as it takes', 'in as few words as it takes');
    edit('workers/index.ts', 'const worker', '/** Upstream said more here. */\nconst worker');
    edit('wrangler.toml', 'crons = ["*/5', 'crons = ["*/4');
    edit('package.json', '"version": "', '"version": "9.');
    edit('docs/README.md', '\n', '\nNewer.\n');
    commit('Upstream goes on');
    git('checkout', '-q', 'main');
    git('merge', '-q', '--no-edit', 'upstream');
    expect(git('status', '--porcelain')).toBe('');
    expect(git('diff', '--name-only', 'HEAD^1', '--', 'app')).toBe('');

    const compiler = join(process.cwd(), 'node_modules', 'typescript', 'bin', 'tsc');
    execFileSync('node', [compiler, '-p', 'tsconfig.json'], { cwd: root, stdio: 'pipe', encoding: 'utf8' });

    const { account } = cloudflare;
    const before = [...account.databases.keys()];
    const upgraded = await deploy();
    expect(upgraded, upgraded.output).toMatchObject({ code: 0 });
    expect([...account.databases.keys()]).toEqual(before);
    const script = account.scripts.get('kingfisher');
    expect(script?.versions).toHaveLength(2);
    expect(Object.fromEntries(script?.secrets ?? [])).toEqual({ KINGFISHER_KEY: 'secret-of-the-user' });
    expect([...account.databases.values()].map(({ name }) => name)).toEqual([
      'kf-records',
      'kingfisher-search',
    ]);
    expect([...account.queues.values()].map(({ name }) => name).sort()).toEqual([
      'kf-inbound',
      'kf-inbound-dead',
      'kingfisher-evaluations',
      'kingfisher-evaluations-dead',
    ]);
  });

  test('DEP-8: agents that do not work are named, and nothing of the account is changed', async () => {
    const { requests } = cloudflare;
    requests.length = 0;
    copy.edit(
      'app/selvedge.config.ts',
      '[mine]',
      '[mine, mine, () => { throw new Error("No WEATHER_KEY."); }]',
    );
    const refused = await deploy();
    expect(refused.code).toBe(1);
    expect(refused.output).toContain("mine: Two agents have the name 'mine'.");
    expect(refused.output).toContain('agents[2]: The agent could not be made: No WEATHER_KEY.');
    expect(refused.output).not.toContain('    at ');
    expect(requests.filter((request) => !request.startsWith('GET'))).toEqual([]);
    copy.edit('app/selvedge.config.ts', /\[mine, mine, .*\]/, '[mine]');
  });

  test('DEP-7: a second deployment stands beside the first in the same account', async () => {
    const { account } = cloudflare;
    const staging = await deploy('--stage', 'staging');
    expect(staging, staging.output).toMatchObject({ code: 0 });
    expect([...account.scripts.keys()]).toEqual(['kingfisher', 'kingfisher-staging']);
    expect([...account.databases.values()].map(({ name }) => name)).toEqual([
      'kf-records',
      'kingfisher-search',
      'kf-records-staging',
      'kingfisher-search-staging',
    ]);
    // Each queue has one consumer: neither deployment takes the other's messages.
    expect([...account.queues.values()].map(({ consumers }) => consumers.size)).toEqual(new Array(8).fill(1));
    expect(account.scripts.get('kingfisher')?.versions).toHaveLength(2);
    expect(cloudflare.unknown).toEqual([]);
  });
});

const AGENT = `import { defineAgent } from '../../core/agent/graph.ts';

type Greeting = { readonly name: string; readonly text?: string };

export const mine = defineAgent<Greeting, 'greet'>({
  name: 'mine',
  title: 'Mine',
  description: 'Greets.',
  inputSchema: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] },
  start: 'greet',
  nodes: { greet: { run: ({ name }) => ({ text: \`Hello, \${name}.\` }), next: null } },
  output: ({ text }) => ({ text: text ?? null }),
});
`;

const PROMPT = `import { definePrompt } from '../../adapters/configuration.ts';

export default definePrompt({
  model: 'kingfisher-8b',
  retrieval: { maxResults: 8 },
  instructions: \`
Answer customers of Kingfisher Cycles from the passages, in the language of the question.
\`,
});
`;

const CONFIGURATION = `import { defineConfig } from '../adapters/configuration.ts';
import { mine } from './agents/mine.ts';
import support from './prompts/support.ts';

export default defineConfig({
  agents: () => [mine],
  prompts: { support },
  catalogue: {
    models: [
      {
        name: 'kingfisher-8b',
        task: 'chat',
        target: {
          kind: 'vllm',
          model: 'kingfisher-8b',
          base_url: 'https://models.example.invalid/v1',
          key_secret: 'KINGFISHER_KEY',
        },
      },
    ],
  },
  pages: { title: 'Kingfisher Cycles', accent: '#0b5d3b', questions: ['How long is the warranty?'] },
  names: { worker: 'kingfisher', resources: { DB: 'kf-records', INGEST: 'kf-inbound' } },
});
`;
