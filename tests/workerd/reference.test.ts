import { SELF } from 'cloudflare:test';
import { waitUntil } from 'cloudflare:workers';
import { type Schema, Validator } from '@cfworker/json-schema';
import { expect, test } from 'vitest';
import { composition } from '../../adapters/services.ts';
import app from '../../app/selvedge.config.ts';
import { pageSettings } from '../../contract/examples/models.ts';
import { createApplication } from '../../workers/http/application.ts';
import { errorCodes } from '../../workers/http/error-codes.ts';
import { pdfium } from '../../workers/pdfium.ts';
import { newTenant } from './access.ts';
import { documented } from './service.ts';

interface Media {
  readonly schema?: Schema;
  readonly example?: unknown;
}

interface Operation {
  readonly summary?: string;
  readonly operationId?: string;
  readonly tags?: readonly string[];
  readonly security?: readonly unknown[];
  readonly parameters?: readonly { name: string; in: string; required?: boolean; schema?: object }[];
  readonly requestBody?: { readonly content?: Record<string, Media> };
  readonly responses?: Record<string, { readonly content?: Record<string, Media> }>;
}

interface Document {
  readonly openapi: string;
  readonly info: { readonly description?: string };
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly schemas: Record<string, Schema> };
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

/** `/mcp` speaks a protocol of its own, which says itself what it takes. */
const elsewhere = /^\/(openapi\.json|docs|docs\/errors|mcp)$/;

test('the specification names every route of the code, with what its body takes', async () => {
  const document = await read();
  const named = new Set(operationsOf(document).map(({ name }) => name));
  const routes = createApplication(composition(app, { waitUntil, pdfium }))
    .routes.filter(({ method, path }) => method !== 'ALL' && !elsewhere.test(path))
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

test('every operation has a schema and an example of its answer and of its body, and the failure of its dialect', async () => {
  const document = await read();
  const lacks: string[] = [];
  const faults: string[] = [];
  for (const { name, path, operation } of operationsOf(document)) {
    const check = (what: string, { schema, example }: Media) => {
      if (schema === undefined) return lacks.push(`${name}: the schema of ${what}`);
      if (example === undefined) return lacks.push(`${name}: an example of ${what}`);
      const whole = { ...(schema as object), components: document.components };
      const { valid, errors } = new Validator(whole, '2020-12').validate(example);
      if (!valid) faults.push(`${name}: ${what}: ${errors.map(({ error }) => error).join(' ')}`);
    };
    const answers = Object.entries(operation.responses ?? {}).filter(([status]) => /^2\d\d$/.test(status));
    if (answers.length === 0) lacks.push(`${name}: an answer`);
    for (const [status, { content }] of answers) {
      if (content === undefined && status !== '204') lacks.push(`${name}: a body of ${status}`);
      for (const [type, media] of Object.entries(content ?? {})) {
        // An event of a stream, or bytes: the example of the whole answer stands beside it.
        if (type === 'text/event-stream' || type === 'application/octet-stream') {
          if (media.schema === undefined) lacks.push(`${name}: the schema of ${type}`);
        } else check(`${status} ${type}`, media);
      }
    }
    for (const [type, media] of Object.entries(operation.requestBody?.content ?? {})) {
      if (type === 'application/json') check('its body', media);
    }
    const dialect = path.startsWith('/v1/') ? 'OpenAiError' : 'Problem';
    expect(operation.responses?.default, name).toEqual({ $ref: `#/components/responses/${dialect}` });
  }
  expect({ lacks, faults }).toEqual({ lacks: [], faults: [] });
});

test('only the three routes for those who have no key are declared without one', async () => {
  const open = operationsOf(await read()).filter(({ operation }) => operation.security?.length === 0);
  expect(open.map(({ name }) => name).sort()).toEqual([
    'get /api/page',
    'get /health',
    'get /mcp/callback/{tenant}',
  ]);
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
    expect(JSON.stringify(operation), name).not.toMatch(/Validation Error|x-request-example/);
    const inPath = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
    expect(inPath.map((parameter) => parameter.name).sort(), name).toEqual(
      [...path.matchAll(/\{(\w+)\}/g)].map(([, variable]) => variable).sort(),
    );
    for (const parameter of inPath) expect(parameter, name).toMatchObject({ required: true, schema: {} });
  }
  for (const name of Object.keys(document.components.schemas)) expect(name).toMatch(/^[A-Za-z0-9._-]+$/);
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)];
  expect(references.length).toBeGreaterThan(operations.length - 1);
  for (const [, path = ''] of references) {
    const found = path
      .split('/')
      .reduce<unknown>((node, key) => (node as Record<string, unknown>)?.[key], document);
    expect(found, path).toBeDefined();
  }
});

test('CON-8: an answer with a field too many, one too few or an undeclared status does not pass', async () => {
  const document = await documented();
  const found = document.find('GET', '/api/page');
  if (found === null) throw new Error('GET /api/page is not documented');
  const check = (status: number, type: string, body: unknown) =>
    document.answer(found.name, found.operation, status, type, body);
  const { version, ...unversioned } = pageSettings;
  expect(check(200, 'application/json', pageSettings)).toBeNull();
  expect(check(200, 'application/json', { ...pageSettings, more: 1 })).toContain('more');
  expect(check(200, 'application/json', unversioned), version).toContain('"version"');
  expect(check(201, 'application/json', pageSettings)).toContain('not documented');
  expect(check(200, 'text/html', null)).toContain('not documented');
});

test('CON-9: a body that its route would refuse does not pass, and both forms of a union do', async () => {
  const document = await documented();
  const found = document.find('POST', '/v1/responses');
  if (found === null) throw new Error('POST /v1/responses is not documented');
  const check = (body: unknown) => document.request(found.name, found.operation, body);
  expect(check({ input: 'How long?' })).toBeNull();
  expect(check({ input: [{ role: 'user', content: 'How long?' }] })).toBeNull();
  expect(check({ input: 7 })).toContain('input');
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

test('a query parameter that a route of /api does not have is refused by its name', async () => {
  const account = await newTenant();
  for (const path of ['/api/models', '/api/keys', '/api/traces', '/api/prompts/default']) {
    const refused = await account.fetch(`${path}?colour=red`);
    expect(refused.status, path).toBe(400);
    expect(await refused.json(), path).toMatchObject({ code: 'invalid_request', param: 'colour' });
  }
});

test('the type of a problem leads to the line of its code', async () => {
  const account = await newTenant();
  const { type, code } = await (await account.fetch('/api/traces/none')).json<Record<string, string>>();
  expect(type).toBe('http://selvedge.test/docs/errors#not_found');
  const page = await (await SELF.fetch('http://selvedge.test/docs/errors')).text();
  expect(page).toContain(`id="${code}"`);
  for (const known of Object.keys(errorCodes)) expect(page).toContain(`id="${known}"`);
});

test('SEC-21: the reference can be read without a key, and asks no other host for anything', async () => {
  const response = await SELF.fetch('http://selvedge.test/docs');
  const page = await response.text();
  expect(page).toContain('/openapi.json');
  expect(page).not.toMatch(/https?:\/\/(?!selvedge)/);
  expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'self';/);
  expect(response.headers.get('content-security-policy')).not.toMatch(/unsafe-eval|script-src|https?:/);
});

test('CON-15: every cursor that is taken or given out has the one documented pattern', async () => {
  const document = await read();
  const isCursor = (schema: unknown): boolean =>
    JSON.stringify(schema)?.includes('#/components/schemas/Cursor') === true ||
    JSON.stringify(schema)?.includes('[\\\\w.-]{1,200}') === true;
  const taken = operationsOf(document).flatMap(({ name, operation }) =>
    (operation.parameters ?? [])
      .filter(({ name }) => name === 'after' || name === 'before')
      .map(({ name: parameter, schema }) => [`${name} ${parameter}`, isCursor(schema)]),
  );
  expect(taken.length).toBeGreaterThan(15);
  expect(taken.filter(([, is]) => is !== true)).toEqual([]);
  const given = Object.entries(document.components.schemas).flatMap(([name, schema]) => {
    const { next } = (schema.properties ?? {}) as Record<string, unknown>;
    return next === undefined ? [] : [[name, isCursor(next)]];
  });
  expect(given.length).toBeGreaterThan(8);
  expect(given.filter(([, is]) => is !== true)).toEqual([]);
});
