import { SELF } from 'cloudflare:test';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Account, newTenant } from './access.ts';
import { streamed, Upstream, workerWith } from './upstream.ts';

let account: Account;

beforeAll(async () => {
  account = await newTenant();
});

const json = { 'content-type': 'application/json' };

async function packed(text: string, encoding: 'gzip' | 'deflate'): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream(encoding));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

describe('CON-6: pages of other origins', () => {
  /** As in an account: SEC-2 is stricter where the page gets a key without asking. */
  const deployed = (variables: Record<string, string>) => workerWith({ PAGE_KEY: '', ...variables });

  const preflight = (variables: Record<string, string>, origin: string, path = '/v1/chat/completions') =>
    deployed(variables)(`http://selvedge.test${path}`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type,x-stainless-os',
      },
    });

  test('may call where CORS_ORIGINS says so, without a key for the preflight', async () => {
    for (const allowed of ['*', 'https://a.example, https://b.example']) {
      const answer = await preflight({ CORS_ORIGINS: allowed }, 'https://b.example');
      expect(answer.status).toBe(204);
      expect(answer.headers.get('access-control-allow-origin')).toBe(
        allowed === '*' ? '*' : 'https://b.example',
      );
      expect(answer.headers.get('access-control-allow-headers')).toContain('x-stainless-os');
    }
    const answer = await deployed({ CORS_ORIGINS: '*' })('http://selvedge.test/v1/models', {
      headers: { origin: 'https://b.example', authorization: `Bearer ${account.secret}` },
    });
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect(answer.headers.get('access-control-expose-headers')).toContain('x-request-id');
    const refused = await deployed({ CORS_ORIGINS: '*' })('http://selvedge.test/v1/models', {
      headers: { origin: 'https://b.example' },
    });
    expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([401, '*']);
  });

  test('may not, where it does not; and never read the key of our own page', async () => {
    for (const [variables, path] of [
      [{}, '/v1/models'],
      [{ CORS_ORIGINS: 'https://a.example' }, '/v1/models'],
      [{ CORS_ORIGINS: '*' }, '/api/page'],
    ] as const) {
      const answer = await preflight(variables, 'https://b.example', path);
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    }
  });
});

describe('bodies', () => {
  const body = JSON.stringify({ input: 'hello' });

  test.each(['gzip', 'deflate'] as const)('in %s are read', async (encoding) => {
    const response = await account.fetch('/v1/embeddings', {
      method: 'POST',
      headers: { ...json, 'content-encoding': encoding },
      body: await packed(body, encoding),
    });
    expect(response.status).toBe(200);
  });

  test('that unpack to more than the limit, or are not what they say, are refused', async () => {
    const post = (content: BodyInit, encoding: string) =>
      account.fetch('/v1/embeddings', {
        method: 'POST',
        headers: { ...json, 'content-encoding': encoding },
        body: content,
      });
    const bomb = await packed(JSON.stringify({ input: 'x'.repeat(8 * 1024 * 1024) }), 'gzip');
    expect((await post(bomb, 'gzip')).status).toBe(413);
    expect((await post(body, 'gzip')).status).toBe(400);
    expect((await post(body, 'zstd')).status).toBe(415);
  });
});

describe('addresses', () => {
  test('with a slash at the end are the same', async () => {
    expect((await account.fetch('/v1/models/')).status).toBe(200);
    const response = await account.send('POST', '/v1/embeddings/', { input: 'hello' });
    expect(response.status).toBe(200);
  });

  test.each([
    ['POST', '/chat/completions'],
    ['GET', '/models'],
    ['POST', '/responses'],
  ])('CON-7: without /v1 say so: %s %s', async (method, path) => {
    const response = await SELF.fetch(`http://selvedge.test${path}`, {
      method,
      headers: { accept: 'application/json', ...json },
      ...(method === 'POST' ? { body: '{}' } : {}),
    });
    expect(response.status).toBe(404);
    const { error } = await response.json<{ error: { message: string } }>();
    expect(error.message).toContain('base URL to http://selvedge.test/v1');
  });

  test('of no route are 404 whatever they send', async () => {
    const form = new FormData();
    form.set('file', new Blob(['x']), 'x.wav');
    const response = await account.fetch('/v1/audio/transcriptions', { method: 'POST', body: form });
    expect(response.status).toBe(404);
    expect((await SELF.fetch('http://selvedge.test/V1/models')).headers.get('content-type')).toContain(
      'json',
    );
  });

  test('answer with headers that keep a browser from guessing and a cache from keeping', async () => {
    for (const path of ['/v1/models', '/v1/nothing', '/api/models']) {
      const { headers } = await account.fetch(path);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('cache-control')).toBe('no-store');
    }
  });
});

describe('CON-10: a model that thinks for long', () => {
  const slow = { ...streamed([{ content: 'Hello.' }]), pause: 10_000 };

  test.each([
    ['/v1/responses', { input: 'x', stream: true }, 'event: response.created'],
    [
      '/v1/chat/completions',
      { messages: [{ role: 'user', content: 'x' }], stream: true },
      'data: {"id":"chatcmpl',
    ],
  ])('sends the headers of %s before it is done, and all of the answer after', async (path, body, first) => {
    const upstream = await Upstream.saying(slow);
    const response = await workerWith({ CATALOGUE: JSON.stringify(upstream.catalogue()) })(
      `http://selvedge.test${path}`,
      {
        method: 'POST',
        headers: { ...json, authorization: `Bearer ${account.secret}` },
        body: JSON.stringify(body),
      },
    );
    expect(response.status).toBe(200);
    // The headers come after five seconds, the answer after ten: what is there with them is not the answer yet.
    const decoder = new TextDecoder();
    const pieces: string[] = [];
    for await (const bytes of response.body ?? []) pieces.push(decoder.decode(bytes, { stream: true }));
    expect(pieces[0]?.startsWith(first)).toBe(true);
    expect(pieces[0]).not.toContain('Hello.');
    expect(pieces.join('')).toContain('Hello.');
  });
});
