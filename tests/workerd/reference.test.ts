import { SELF } from 'cloudflare:test';
import { expect, test } from 'vitest';
import { createApplication } from '../../workers/http/application.ts';
import { compose } from './services.ts';

interface Operation {
  readonly summary?: string;
  readonly operationId?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly { name: string; in: string; required?: boolean; schema?: unknown }[];
  readonly requestBody?: { readonly content?: Record<string, unknown> };
  readonly responses?: Record<string, unknown>;
}

interface Document {
  readonly openapi: string;
  readonly info: { readonly description?: string };
  readonly paths: Record<string, Record<string, Operation>>;
}

async function read(): Promise<Document> {
  const response = await SELF.fetch('http://selvedge.test/openapi.json');
  expect(response.status).toBe(200);
  return response.json<Document>();
}

const operationsOf = ({ paths }: Document) =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      path,
      method,
      operation,
      name: `${method} ${path}`,
    })),
  );

test('the specification names every route of the code, with what its body takes', async () => {
  const document = await read();
  const named = new Set(operationsOf(document).map(({ name }) => name));
  const routes = createApplication(compose)
    .routes.filter(({ method, path }) => method !== 'ALL' && !['/openapi.json', '/docs'].includes(path))
    .map(
      ({ method, path }) =>
        `${method.toLowerCase()} ${path.replace(/:(\w+)(\{[^}]*\})?/g, '{$1}').replace(/(.)\/$/, '$1')}`,
    );
  expect([...named].sort()).toEqual([...new Set(routes)].sort());
  const bodyless = operationsOf(document).filter(
    ({ method, path, operation }) =>
      ['post', 'put'].includes(method) && !path.endsWith('/cancel') && operation.requestBody === undefined,
  );
  expect(bodyless.map(({ name }) => name)).toEqual([]);
});

/** What OpenAPI's own schema of 3.1 asks of operations and references, as far as a generator can break it. */
test('the specification is valid OpenAPI 3.1', async () => {
  const document = await read();
  expect(document.openapi).toMatch(/^3\.1\.\d$/);
  expect(document.info.description).toContain('GenAI');
  const operations = operationsOf(document);
  const ids = operations.map(({ operation }) => operation.operationId);
  expect(new Set(ids).size).toBe(operations.length);
  for (const { name, path, operation } of operations) {
    expect(operation.summary, name).toBeTruthy();
    expect(operation.tags, name).toHaveLength(1);
    expect(
      Object.keys(operation.responses ?? {}).filter((code) => !/^([1-5](\d\d|XX)|default)$/.test(code)),
    ).toEqual([]);
    expect(operation.responses, name).toHaveProperty('default');
    expect(JSON.stringify(operation.responses), name).not.toContain('Validation Error');
    const inPath = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
    expect(inPath.map((parameter) => parameter.name).sort(), name).toEqual(
      [...path.matchAll(/\{(\w+)\}/g)].map(([, variable]) => variable).sort(),
    );
    for (const parameter of inPath) expect(parameter, name).toMatchObject({ required: true, schema: {} });
  }
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)];
  expect(references.length).toBeGreaterThan(operations.length - 1);
  for (const [, path = ''] of references) {
    const found = path
      .split('/')
      .reduce<unknown>((node, key) => (node as Record<string, unknown>)?.[key], document);
    expect(found, path).toBeDefined();
  }
});

test('what it says of failures is what they are', async () => {
  const { paths } = await read();
  for (const [path, type, ref] of [
    ['/api/usage', 'application/problem+json', '#/components/responses/Problem'],
    ['/v1/models', 'application/json', '#/components/responses/OpenAiError'],
  ] as const) {
    expect(paths[path]?.get?.responses?.default).toEqual({ $ref: ref });
    const refused = await SELF.fetch(`http://selvedge.test${path}`);
    expect([refused.status, refused.headers.get('content-type')]).toEqual([
      401,
      expect.stringContaining(type),
    ]);
  }
});

test('the reference can be read without a key', async () => {
  const page = await (await SELF.fetch('http://selvedge.test/docs')).text();
  expect(page).toContain('/api/keys');
  expect(page).not.toMatch(/https?:\/\/(?!selvedge)/);
});
