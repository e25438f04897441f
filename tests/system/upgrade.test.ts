import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseEnv } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type StandIn, startStandIn } from '../../deploy/stand-in/server.ts';

/**
 * A user's repository over an upgrade: begun from this tree, with an agent, a prompt, a model with its own secret and
 * names of its own in `app/`; then upstream goes on everywhere else.
 */
describe('a clean upgrade', { timeout: 600_000 }, () => {
  const root = mkdtempSync(join(tmpdir(), 'selvedge-upgrade-'));
  let cloudflare: StandIn;

  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=User', '-c', 'user.email=user@example.invalid', ...args], {
      cwd: root,
      encoding: 'utf8',
    });
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const edit = (path: string, from: string, to: string) => {
    const text = readFileSync(join(root, path), 'utf8');
    expect(text).toContain(from);
    write(path, text.replace(from, to));
  };
  const commit = (message: string) => {
    git('add', '-A');
    git('commit', '-qm', message);
  };

  beforeAll(async () => {
    cloudflare = await startStandIn();
    const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard']);
    for (const path of new Set(listed.toString('utf8').split('\0'))) {
      if (path !== '') cpSync(path, join(root, path), { recursive: true });
    }
    git('init', '-q', '-b', 'main');
    commit('Upstream, as the user took it');
    git('branch', 'upstream');
    // Neither is in the repository: packages are this tree's, and the page is not what is asked here.
    symlinkSync(join(process.cwd(), 'node_modules'), join(root, 'node_modules'));
    git('config', 'core.excludesFile', join(root, '.git', 'ignored'));
    writeFileSync(join(root, '.git', 'ignored'), 'node_modules\n');
    write('dist/web/index.html', '<!doctype html><title>Page</title>');
  });
  afterAll(async () => {
    await cloudflare?.close();
    rmSync(root, { recursive: true, force: true });
  });

  const deploy = async (...args: string[]) => {
    const child = spawn('node', ['deploy/command.ts', '--yes', '--skip-build', ...args], {
      cwd: root,
      env: {
        ...process.env,
        ...parseEnv(readFileSync(join(root, '.dev.vars'), 'utf8')),
        CLOUDFLARE_API_BASE_URL: cloudflare.url,
        CLOUDFLARE_API_TOKEN: 'token-of-the-test',
        CLOUDFLARE_ACCOUNT_ID: 'account',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
    return { code, output };
  };

  test('DEP-6: what a user writes in app/ merges with a newer upstream, compiles and deploys', async () => {
    write('app/agents/mine.ts', AGENT);
    write('app/prompts/support.ts', PROMPT);
    write('app/selvedge.config.ts', CONFIGURATION);
    write('.dev.vars', 'KINGFISHER_KEY=secret-of-the-user\n');
    commit('Ours: an agent, a prompt, a model and names');
    expect(await deploy()).toMatchObject({ code: 0 });

    git('checkout', '-q', 'upstream');
    edit('core/prompts/default.ts', 'in as few sentences as it takes', 'in as few words as it takes');
    edit('workers/index.ts', 'const worker', '/** Upstream said more here. */\nconst worker');
    edit('wrangler.toml', 'KEEP_SPANS_DAYS = "30"', 'KEEP_SPANS_DAYS = "31"');
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
