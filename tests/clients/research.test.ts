import { expect, inject, test, vi } from 'vitest';
import type { Run } from '../../contract/agents.ts';

const { url, key, store } = inject('place');

async function send<Body>(method: string, path: string, body?: unknown): Promise<Body> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  expect(response.ok, `${method} ${path}: ${response.status}`).toBe(true);
  return (await response.json()) as Body;
}

const standing = (id: string, status: Run['status']): Promise<Run> =>
  vi.waitFor(
    async () => {
      const run = await send<Run>('GET', `/api/agents/runs/${id}`);
      expect(run, JSON.stringify(run.error)).toMatchObject({ status });
      return run;
    },
    { timeout: 60_000, interval: 200 },
  );

/** With a model that can plan and write, as an operator of the cloud has one. */
test('example-research plans with the model, searches for each part, and pays for all of it from its key', async () => {
  const before = await send<{ total: { cost_usd: number } }>('GET', '/api/usage');
  const question = 'How many steps does the tower have?';
  const { id } = await send<Run>('POST', '/api/agents/example-research/runs', {
    input: { question, vector_store_ids: [store] },
  });
  const waiting = await standing(id, 'interrupted');
  expect(waiting.state).toMatchObject({
    queries: [question, 'steps of the tower', 'when the lamp was lit'],
    sources: ['lighthouse.txt'],
    text: expect.stringContaining('142'),
    citations: [
      expect.objectContaining({ filename: 'lighthouse.txt', quote: expect.stringContaining('142') }),
    ],
  });
  await send('POST', `/api/interrupts/${waiting.interrupts[0]}`, { action: 'approve' });
  expect(await standing(id, 'completed')).toMatchObject({ output: { receipt: `${id}:5:send:send_answer` } });
  const after = await send<{ total: { cost_usd: number } }>('GET', '/api/usage');
  expect(after.total.cost_usd).toBeGreaterThan(before.total.cost_usd);
});
