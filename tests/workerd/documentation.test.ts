/// <reference types="vite/client" />
import { env } from 'cloudflare:test';
import { expect, test } from 'vitest';
import { configuredCatalogue } from '../../adapters/catalogue-configuration.ts';
import { CreateDatasetRequest } from '../../contract/datasets.ts';
import { documented } from './service.ts';

const pages = {
  ...import.meta.glob<string>('../../README.md', { query: '?raw', import: 'default', eager: true }),
  ...import.meta.glob<string>('../../docs/{tutorials,how-to,reference,explanation}/*.md', {
    query: '?raw',
    import: 'default',
    eager: true,
  }),
};

/** What a block of JSON may be, by the mark above it: `<!-- json: dataset case -->`. */
const kinds: Readonly<Record<string, (text: string) => unknown>> = {
  catalogue: (text) => configuredCatalogue({ ...env, CATALOGUE: text } as never),
  'dataset case': (text) =>
    text
      .trim()
      .split('\n')
      .map((line) => CreateDatasetRequest.shape.cases.element.parse(JSON.parse(line))),
};

test('every block of JSON in the documents says what it is, and is that', () => {
  const blocks = Object.entries(pages).flatMap(([page, text]) =>
    [...text.matchAll(/(?:<!-- json: ([\w ]+) -->\n)?```json\n([\s\S]*?)```/g)].map(([, kind, json]) => ({
      page,
      kind,
      json: json ?? '',
    })),
  );
  expect(blocks.length).toBeGreaterThan(2);
  for (const { page, kind, json } of blocks) {
    const check = kinds[kind ?? ''];
    expect(check, `${page}: a block without a known mark: ${json.slice(0, 80)}`).toBeDefined();
    expect(() => check?.(json), `${page}: ${json.slice(0, 80)}`).not.toThrow();
  }
});

/** A call whose body stands whole in its command; what the shell puts together is run by the tutorial's own test. */
const call =
  /curl (?<before>[^\n]*?)(?:\$URL|localhost:8787|https?:\/\/[^/\s]+)(?<path>\/(?:api|v1)\/[^\s'"]+)(?<after>(?:[^\n]*\\\n)*[^\n]*)/g;

test('every body that a command in the documents sends is one that its route takes', async () => {
  const document = await documented();
  const checked: string[] = [];
  for (const [page, text] of Object.entries(pages)) {
    for (const { groups = {} } of text.matchAll(call)) {
      const { before = '', path = '', after = '' } = groups;
      const body = /-d '([^']*)'/.exec(before + after)?.[1];
      if (body === undefined) continue;
      const method = /-X (\w+)/.exec(before + after)?.[1] ?? 'POST';
      const found = document.find(method, path);
      expect(found, `${page}: ${method} ${path}`).not.toBeNull();
      if (found === null) continue;
      expect(document.request(found.name, found.operation, JSON.parse(body)), `${page}: ${path}`).toBeNull();
      checked.push(path);
    }
  }
  expect(checked.length).toBeGreaterThan(5);
});
