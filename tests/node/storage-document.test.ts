import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { configuredRetention } from '../../adapters/retention-configuration.ts';

const folders = ['migrations/main', 'migrations/search', 'durable-objects', 'adapters', 'local/account'];

async function tablesIn(folder: string): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => /\.(sql|ts)$/.test(name));
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  const named = (statement: RegExp) =>
    texts
      .map((text) => text.replaceAll(/^--.*$/gm, ''))
      .flatMap((text) => [...text.matchAll(statement)].map(([, table]) => table ?? ''));
  const dropped = new Set(named(/DROP TABLE ([a-z_]+);/g));
  return named(/CREATE TABLE (?:IF NOT EXISTS )?([a-z_]+)/g).filter((table) => !dropped.has(table));
}

test('docs/reference/storage.md names every table', async () => {
  const document = await readFile('docs/reference/storage.md', 'utf8');
  const tables = (await Promise.all(folders.map(tablesIn))).flat();
  expect(tables.length).toBeGreaterThan(20);
  expect(tables.filter((table) => !document.includes(`\`${table}\``))).toEqual([]);
});

test('docs/reference/storage.md says how long rows stay by default', async () => {
  const document = await readFile('docs/reference/storage.md', 'utf8');
  for (const [kind, days] of Object.entries(configuredRetention({}))) {
    const row = document.split('\n').find((line) => line.includes(`\`KEEP_${kind.toUpperCase()}_DAYS\``));
    expect(row, kind).toContain(`${days} days`);
  }
});
