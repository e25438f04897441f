import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

const tracked = execFileSync('git', ['ls-files'], { encoding: 'utf8' }).trim().split('\n');

test('every link from one document to another file leads somewhere', () => {
  const broken = tracked
    .filter((path) => path.endsWith('.md') && existsSync(path))
    .flatMap((path) =>
      [...readFileSync(path, 'utf8').matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)]
        .map(([, target = '']) => target)
        .filter((target) => !/^[a-z]+:/.test(target) && !existsSync(join(dirname(path), target)))
        .map((target) => `${path} → ${target}`),
    );
  expect(broken).toEqual([]);
});

test('every document that a comment names is there', () => {
  const sources = tracked.filter((path) => /\.(ts|tsx|cjs|toml|py|sql)$/.test(path) && existsSync(path));
  const missing = sources.flatMap((path) =>
    [...readFileSync(path, 'utf8').matchAll(/docs\/[\w/-]+\.md/g)]
      .map(([target]) => target)
      .filter((target) => !existsSync(target))
      .map((target) => `${path} → ${target}`),
  );
  expect(missing).toEqual([]);
});
