import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { configuredCatalogue } from '../../adapters/catalogue-configuration.ts';
import { configuredRetention } from '../../adapters/retention-configuration.ts';
import { workerVariableNames } from '../../adapters/worker-variables.ts';

const document = await readFile('docs/reference/configuration.md', 'utf8');

const folders = ['adapters', 'workers', 'durable-objects', 'local', 'deploy', 'benchmarks', 'evals', 'gpu'];
const sources = execFileSync('git', ['ls-files', ...folders, 'app'], { encoding: 'utf8' })
  .trim()
  .split('\n')
  .filter((path) => /\.(ts|py)$/.test(path) && !/\.test\.ts$|\/tests\//.test(path));
const texts = await Promise.all(sources.map((path) => readFile(path, 'utf8')));

const names = (texts: readonly string[], pattern: RegExp): string[] =>
  texts.flatMap((text) => [...text.matchAll(pattern)].map(([, name = '']) => name));
const unnamed = (wanted: readonly string[]): string[] =>
  [...new Set(wanted)].filter((name) => !document.includes(`\`${name}\``)).toSorted();

test('docs/reference/configuration.md names every variable that the code reads', () => {
  const read = [
    ...names(texts, /\b(?:process\.env|environment|env)\??\.([A-Z][A-Z0-9_]+)\b/g),
    ...names(texts, /\b(?:environ|getenv)\b[^"\n]{0,6}\("([A-Z][A-Z0-9_]+)"/g),
    // Members of Environment, of what it extends, and of the local account's.
    ...names(texts, /^ {2}readonly ([A-Z][A-Z0-9_]+)\??:/gm),
  ];
  expect(new Set(read).size).toBeGreaterThan(40);
  expect(unnamed(read)).toEqual([]);
});

test('docs/reference/configuration.md names what wrangler.toml and .dev.vars.example set, with its default', async () => {
  const [wrangler = '', example = ''] = await Promise.all(
    ['wrangler.toml', '.dev.vars.example'].map((path) => readFile(path, 'utf8')),
  );
  const bindings = names([wrangler], /^(?:binding|name) = "([A-Z][A-Z0-9_]+)"/gm);
  const variables = names([wrangler, example], /^(?:# )?([A-Z][A-Z0-9_]+) ?=/gm);
  expect(bindings.length).toBeGreaterThan(8);
  expect(variables.length).toBeGreaterThan(8);
  expect(unnamed([...bindings, ...variables])).toEqual([]);
  for (const [kind, days] of Object.entries(configuredRetention({}))) {
    const name = `KEEP_${kind.toUpperCase()}_DAYS`;
    expect(document, name).toContain(`| \`${name}\` | ${days} |`);
    expect(example, name).toContain(`# ${name}=${days}\n`);
  }
  expect(names([example], /^(?:# )?([A-Z][A-Z0-9_]+)=/gm).toSorted()).toEqual(
    workerVariableNames(configuredCatalogue({})).toSorted(),
  );
});

test('docs/reference/configuration.md names every field of app/selvedge.config.ts', async () => {
  const services = await readFile('adapters/services.ts', 'utf8');
  const [, fields = ''] = /interface ServiceConfiguration \{(.*?)^\}/ms.exec(services) ?? [];
  const wanted = names([fields], /^ {2}readonly (\w+)\??:/gm);
  expect(wanted).toContain('agents');
  expect(unnamed(wanted)).toEqual([]);
});
