import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Service, startService } from '../system/service.ts';
import { rowsOf } from './database.ts';

let state: string;
let service: Service;

beforeAll(async () => {
  state = await mkdtemp(join(tmpdir(), 'selvedge-unattended-'));
  service = await startService({ state });
});
afterAll(async () => {
  await service?.kill();
  await rm(state, { recursive: true, force: true });
});

const headers = () => ({ authorization: `Bearer ${service.key}`, 'content-type': 'application/json' });

/** From the lists alone: asking a run itself would wake its object. */
async function statuses(): Promise<readonly string[]> {
  const response = await fetch(`${service.url}/api/agents/runs?limit=100`, { headers: headers() });
  return (await response.json()).data.map(({ status }: { status: string }) => status);
}

test('what was started before a kill goes on by itself when the service is back', async () => {
  const starts = Array.from({ length: 30 }, (_, place) =>
    fetch(`${service.url}/api/agents/example-refund/runs`, {
      method: 'POST',
      headers: headers(),
      body: JSON.stringify({ input: { order: `order-${place}`, amount: 5 } }),
    }),
  );
  expect((await Promise.all(starts)).map(({ status }) => status)).toEqual(starts.map(() => 201));
  await service.kill();
  const query = 'SELECT status FROM agent_runs';
  const before = await rowsOf<{ status: string }>(state, 'agent_runs', query);
  service = await startService({ state });
  const deadline = Date.now() + 60_000;
  let now = await statuses();
  while (now.some((status) => status !== 'completed') && Date.now() < deadline) {
    await wait(100);
    now = await statuses();
  }
  const cut = before.filter(({ status }) => status === 'running').length;
  console.log(`${cut} of ${now.length} runs were cut off in the middle`);
  expect(now).toHaveLength(starts.length);
  expect(now).toEqual(now.map(() => 'completed'));
}, 300_000);
