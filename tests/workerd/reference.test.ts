import { SELF } from 'cloudflare:test';
import { expect, test } from 'vitest';

test('the specification names every route under /v1 and /api with what its body takes', async () => {
  const response = await SELF.fetch('http://selvedge.test/openapi.json');
  expect(response.status).toBe(200);
  const document = await response.json<{
    openapi: string;
    paths: Record<string, Record<string, { requestBody?: unknown; summary?: string }>>;
  }>();
  expect(document.openapi).toMatch(/^3\.1/);
  expect(document.paths['/api/keys']?.post?.requestBody).toBeDefined();
  const nameless = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, operation]) =>
      operation.summary ? [] : [`${method} ${path}`],
    ),
  );
  expect(nameless).toEqual([]);
});

test('the reference can be read without a key', async () => {
  const page = await (await SELF.fetch('http://selvedge.test/docs')).text();
  expect(page).toContain('/api/keys');
  expect(page).not.toMatch(/https?:\/\/(?!selvedge)/);
});
