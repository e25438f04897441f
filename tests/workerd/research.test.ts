import { describe, expect, inject, test, vi } from 'vitest';
import { newTenant } from './access.ts';
import * as api from './agents-api.ts';
import { library, shop } from './library.ts';

vi.setConfig({ testTimeout: 60_000 });

describe.skipIf(!inject('models').embedding)('example-research, with the packaged models', () => {
  test('searches the documents, answers with checked citations, and sends what a person approves', async () => {
    const account = await newTenant();
    const store = await library(account, shop);
    const question = 'How long are frames guaranteed?';
    const { id } = await api.started(account, '/api/agents/example-research/runs', {
      input: { question, vector_store_ids: [store] },
    });
    const waiting = await api.settled(account, id);
    expect(waiting, JSON.stringify(waiting.error)).toMatchObject({ status: 'interrupted' });
    expect(waiting.state).toMatchObject({
      queries: [question],
      sources: expect.arrayContaining(['warranty.md']),
      text: expect.stringContaining('ten years'),
      citations: expect.arrayContaining([
        expect.objectContaining({ filename: 'warranty.md', quote: expect.stringContaining('ten years') }),
      ]),
    });
    const [interrupt = ''] = waiting.interrupts;
    const approved = await account.send('POST', `/api/interrupts/${interrupt}`, { action: 'approve' });
    expect(approved.status).toBe(200);
    const done = await api.settled(account, id);
    expect(done).toMatchObject({ status: 'completed', output: { receipt: `${id}:5:send:send_answer` } });
  });

  test('a store that is not there fails the run and says which', async () => {
    const account = await newTenant();
    const { id } = await api.started(account, '/api/agents/example-research/runs', {
      input: { question: 'Anything?', vector_store_ids: ['vs_nowhere'] },
    });
    const ended = await api.settled(account, id);
    expect(ended).toMatchObject({
      status: 'failed',
      error: { message: expect.stringContaining('vs_nowhere') },
    });
  });
});
