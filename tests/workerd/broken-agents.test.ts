import { createExecutionContext, env } from 'cloudflare:test';
import { expect, test } from 'vitest';
import { createWorker } from '../../workers/create-worker.ts';
import { newTenant } from './access.ts';

test('AGT-40: a list of agents that throws harms no other route, and is listed with its error', async () => {
  const worker = createWorker({
    agents: () => {
      throw new Error('No SEARCH_KEY.');
    },
  });
  const account = await newTenant();
  const call = async (path: string, body?: unknown) =>
    worker.handler.fetch(
      new Request(`http://selvedge.test${path}`, {
        headers: { authorization: `Bearer ${account.secret}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
      }),
      env,
      createExecutionContext(),
    );

  for (const path of ['/health', '/v1/models', '/v1/vector_stores', '/api/agents/runs']) {
    expect((await call(path)).status).toBe(200);
  }
  const broken = [{ name: 'agents', error: 'The list of agents could not be made: No SEARCH_KEY.' }];
  expect(await (await call('/api/agents')).json()).toEqual({ data: [], broken });
  const started = await call('/api/agents/agents/runs', { input: {} });
  expect(started.status).toBe(409);
  expect(await started.json()).toMatchObject({ code: 'agent_broken', detail: broken[0]?.error });
});
