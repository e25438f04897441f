import { env, SELF } from 'cloudflare:test';
import { describe, expect, test } from 'vitest';
import { refusedAccess } from '../../workers/http/local-access.ts';
import { newTenant } from './access.ts';

/** The whole local Worker through its front door, with the Host that the URL has. */
const get = (url: string, headers: Record<string, string> = {}) => SELF.fetch(url, { headers });

const foreign = [
  'http://evil.example/',
  'http://evil.example:8787/',
  'http://localhost.evil.example/',
  'http://127.0.0.1.evil.example/',
  'http://192.168.1.7:8787/',
  'http://0.0.0.0/',
  'http://[2001:db8::1]/',
];
const own = [
  'http://localhost/',
  'http://localhost:8787/',
  'http://LOCALHOST:8787/',
  'http://app.localhost:8787/',
  'http://127.0.0.1:8787/',
  'http://[::1]:8787/',
  'http://[::ffff:127.0.0.1]:8787/',
  'http://selvedge.test/',
];

describe('SEC-23: where the page gets a key without asking, other hosts are refused', () => {
  test.each(foreign)('%s', async (base) => {
    for (const path of ['api/page', 'health', 'v1/models', 'openapi.json', 'docs', '', 'assets/index.js']) {
      const response = await get(base + path);
      expect(response.status, path).toBe(403);
      expect(await response.text(), path).not.toContain('sk-local');
    }
  });

  test.each(own)('%s is answered', async (base) => {
    expect(await (await get(`${base}api/page`)).json()).toMatchObject({ key: 'sk-local' });
  });

  test('a Host that is none is refused', () => {
    for (const host of [
      'localhost/@evil.example',
      'evil.example#localhost',
      'a b',
      'user@localhost',
      ':80',
    ]) {
      const request = new Request('http://localhost/', { headers: { host } });
      expect(refusedAccess(request, env), host).toMatchObject({ code: 'forbidden' });
    }
  });
});

describe('SEC-22: where the page gets a key without asking, other origins are refused', () => {
  test.each([
    'http://evil.example',
    'null',
    'http://localhost:9999',
    'file://',
    'http://localhost.evil.example:8787',
  ])('%s', async (origin) => {
    const account = await newTenant();
    const authorization = `Bearer ${account.secret}`;
    for (const path of ['api/page', 'v1/models', 'health', '']) {
      const response = await get(`http://localhost:8787/${path}`, { origin, authorization });
      expect(response.status, path).toBe(403);
    }
  });

  test("the page's own origin, and none, are answered", async () => {
    for (const base of ['http://localhost:8787', 'http://[::1]:8787', 'http://127.0.0.1']) {
      expect((await get(`${base}/api/page`, { origin: base })).status).toBe(200);
    }
  });

  test('an origin of CORS_ORIGINS is answered', () => {
    const request = new Request('http://localhost:8787/v1/models', {
      headers: { origin: 'http://localhost:3000' },
    });
    expect(refusedAccess(request, env)).not.toBeNull();
    expect(refusedAccess(request, { ...env, CORS_ORIGINS: 'http://localhost:3000' })).toBeNull();
  });
});

test('without PAGE_KEY every host is answered, as in an account', () => {
  const request = new Request('https://chat.acme.example/', { headers: { origin: 'https://acme.example' } });
  expect(refusedAccess(request, { ...env, PAGE_KEY: '' })).toBeNull();
});
