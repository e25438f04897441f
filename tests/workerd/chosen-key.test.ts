import { createExecutionContext, env } from 'cloudflare:test';
import { expect, test } from 'vitest';
import worker from '../../workers/index.ts';

test('KEY-2: who chose ADMIN_KEY makes a key with it, over HTTP and without a terminal', async () => {
  const chosen = 'the-harbour-at-six-2291-in-rain';
  const call = (path: string, secret: string, body?: unknown, settings: Partial<typeof env> = {}) =>
    worker.fetch(
      new Request(`http://selvedge.test${path}`, {
        headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
      }),
      { ...env, ...settings },
      createExecutionContext(),
    );
  expect((await call('/api/keys', chosen)).status).toBe(401);
  const made = await call('/api/keys', chosen, { name: 'app' }, { ADMIN_KEY: chosen });
  expect(made.status).toBe(201);
  const { key } = await made.json<{ key: string }>();
  expect((await call('/v1/models', key)).status).toBe(200);
  // Without the secret it is no key, though its row is there.
  expect((await call('/api/keys', chosen)).status).toBe(401);
});
