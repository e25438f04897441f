import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const folders = ['migrations/main', 'migrations/search', 'durable-objects', 'adapters', 'local/account'];

async function tablesIn(folder: string): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => /\.(sql|ts)$/.test(name));
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  return texts.flatMap((text) =>
    [...text.matchAll(/CREATE TABLE (?:IF NOT EXISTS )?([a-z_]+)/g)].map(([, table]) => table ?? ''),
  );
}

test('docs/reference/storage.md names every table', async () => {
  const document = await readFile('docs/reference/storage.md', 'utf8');
  const tables = (await Promise.all(folders.map(tablesIn))).flat();
  expect(tables.length).toBeGreaterThan(20);
  expect(tables.filter((table) => !document.includes(`\`${table}\``))).toEqual([]);
});

test('docs/reference/storage.md says how long rows stay as wrangler.toml sets it', async () => {
  const [document, production] = await Promise.all(
    ['docs/reference/storage.md', 'wrangler.toml'].map((path) => readFile(path, 'utf8')),
  );
  const settings = (text = '') =>
    Object.fromEntries([...text.matchAll(/^(KEEP_\w+) = "(\d+)"$/gm)].map(([, name, days]) => [name, days]));
  expect(Object.keys(settings(production))).toHaveLength(5);
  for (const [name, days] of Object.entries(settings(production))) {
    const row = document?.split('\n').find((line) => line.includes(`\`${name}\``));
    expect(row, name).toContain(`${days} days`);
  }
});
