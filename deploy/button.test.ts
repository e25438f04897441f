import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { describe, expect, test } from 'vitest';
import { deployButton, withButton } from './button.ts';
import { bindingNames, queueNames, readConfiguration } from './configuration.ts';

const configuration = await readConfiguration(process.cwd());
const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const example = parseEnv(readFileSync('.dev.vars.example', 'utf8'));

/** https://developers.cloudflare.com/workers/platform/deploy-buttons/, as of July 2026. */
describe('what the button "Deploy to Cloudflare" needs of the repository', () => {
  test('a Wrangler file at the root, with a default name for everything that it provisions', () => {
    const { d1_databases, r2_buckets, vectorize, name } = configuration;
    const names = [
      name,
      ...d1_databases.map((each) => each.database_name),
      ...r2_buckets.map((each) => each.bucket_name),
      ...vectorize.map((each) => each.index_name),
      ...queueNames(configuration),
    ];
    expect(names.every((each) => /^[a-z][a-z0-9-]{2,62}$/.test(each))).toBe(true);
    expect(readdirSync('.').filter((file) => /^wrangler\.(jsonc?|toml)$/.test(file))).toEqual([
      'wrangler.toml',
    ]);
    // No id of somebody's account: the button, or our deploy, finds them.
    expect(readFileSync('wrangler.toml', 'utf8')).not.toMatch(/database_id|account_id/);
  });

  test('scripts that Workers Builds runs as they are', () => {
    expect(manifest.scripts).toMatchObject({ build: expect.any(String), deploy: expect.any(String) });
  });

  test('secrets to ask for: only what a new deployment has to choose', () => {
    expect(Object.keys(example)).toEqual(['ADMIN_KEY']);
  });

  test('a description for every binding, variable and secret of its form, and for nothing else', () => {
    const asked = [
      ...bindingNames(configuration).filter((name) => name !== 'ASSETS'),
      ...Object.keys(configuration.vars),
      ...Object.keys(example),
    ];
    expect(Object.keys(manifest.cloudflare.bindings).toSorted()).toEqual(asked.toSorted());
    for (const [name, { description }] of Object.entries<{ description: string }>(
      manifest.cloudflare.bindings,
    )) {
      expect(description, name).toMatch(/\.$|\.`$/);
    }
    expect(manifest.cloudflare.bindings.VECTORIZE.description).toContain('384');
  });

  test('packages that anyone can install, and nothing from outside the repository', () => {
    const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'));
    const sources = Object.values<{ resolved?: string; link?: boolean }>(lock.packages);
    const hosts = new Set(
      sources.flatMap(({ resolved }) => (resolved === undefined ? [] : [new URL(resolved).host])),
    );
    expect([...hosts].filter((host) => host !== 'registry.npmjs.org')).toEqual([]);
    expect(sources.filter(({ link }) => link === true)).toEqual([]);
    expect(execFileSync('git', ['ls-files', '.gitmodules'], { encoding: 'utf8' })).toBe('');
  });

  test("README.md has the button of package.json's repository, or says what it waits for", () => {
    const readme = readFileSync('README.md', 'utf8');
    expect(readme, 'run npm run button').toBe(withButton(readme, manifest.repository));
  });
});

test('the button leads to the address of the repository, in each form that package.json takes', () => {
  const button =
    '[![Deploy to Cloudflare](https://deploy.workers.cloudflare.com/button)](https://deploy.workers.cloudflare.com/?url=https://github.com/us/selvedge)';
  for (const repository of [
    'https://github.com/us/selvedge',
    'git+https://github.com/us/selvedge.git',
    { type: 'git', url: 'git+https://github.com/us/selvedge.git' },
  ]) {
    expect(deployButton(repository)).toBe(button);
  }
  for (const unknown of [undefined, null, '', 'https://git.example.invalid/us/selvedge', {}]) {
    expect(deployButton(unknown)).toContain('set `repository` in package.json');
  }
});
