import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';

const document = await readFile('docs/explanation/architecture.md', 'utf8');

test('every file that docs/explanation/architecture.md names is there', () => {
  const named = [...document.matchAll(/`((?:[\w-]+\/)+[\w.-]+\.tsx?)`/g)].map(([, path = '']) => path);
  expect(named.length).toBeGreaterThan(60);
  expect(named.filter((path) => !existsSync(path))).toEqual([]);
});

test('docs/explanation/architecture.md counts the files that a question passes', () => {
  const walk = document.split('### A question, to its citation')[1]?.split('### ')[0] ?? '';
  const files = [...walk.matchAll(/^\d+\. `/gm)].length;
  expect(walk).toContain(`That is ${files} files`);
});

test('docs/explanation/architecture.md names every room that the import rules know', async () => {
  const rules = await readFile('.dependency-cruiser.cjs', 'utf8');
  const rooms = [...rules.matchAll(/\brule\(\s*'([\w-]+)'/g)].map(([, room]) => room);
  expect(rooms.length).toBeGreaterThan(8);
  expect(rooms.filter((room) => !document.includes(`| \`${room}/\` |`))).toEqual([]);
});
