import { beforeAll, describe, expect, test } from 'vitest';
import { type Account, newTenant } from './access.ts';
import { library, shop } from './library.ts';
import { openai } from './openai.ts';

let account: Account;
let store: string;

beforeAll(async () => {
  account = await newTenant();
  store = await library(account, { 'warranty.md': shop['warranty.md'] });
}, 60_000);

const ask = () =>
  openai(account)
    .responses.create({
      input: 'How long are frames guaranteed?',
      tools: [{ type: 'file_search', vector_store_ids: [store] }],
    })
    .withResponse();

interface Given {
  readonly id: string;
  readonly trace_id: string;
  readonly response_id: string | null;
}

describe('feedback', () => {
  test('by response or by trace, it is listed with the conversation it judges', async () => {
    const { data: answer, response } = await ask();
    const traceId = response.headers.get('x-selvedge-trace-id');
    const byResponse = await account.send('POST', '/api/feedback', { response_id: answer.id, score: 1 });
    expect(byResponse.status).toBe(201);
    expect(await byResponse.json()).toMatchObject({ trace_id: traceId, response_id: answer.id, score: 1 });
    const byTrace = await account.send('POST', '/api/feedback', {
      trace_id: traceId,
      score: -1,
      comment: 'Too short.',
      correction: 'Ten years, from the day of purchase.',
    });
    expect(await byTrace.json()).toMatchObject({ trace_id: traceId, response_id: answer.id, score: -1 });

    const list = await (await account.fetch('/api/feedback')).json<{ data: Given[] }>();
    expect(list.data).toHaveLength(2);
    expect(list.data).toContainEqual(
      expect.objectContaining({
        correction: 'Ten years, from the day of purchase.',
        prompt_version: 'default@1',
        messages: [
          { role: 'user', content: 'How long are frames guaranteed?' },
          { role: 'assistant', content: answer.output_text },
        ],
      }),
    );
  });

  test('an answer that is gone leaves feedback without text', async () => {
    const owner = account;
    const { data: answer } = await ask();
    const given = await (
      await owner.send('POST', '/api/feedback', { response_id: answer.id, score: 0.5 })
    ).json<Given>();
    await openai(owner).responses.delete(answer.id);
    const list = await (await owner.fetch('/api/feedback')).json<{ data: Given[] }>();
    expect(list.data.find((each) => each.id === given.id)).toMatchObject({
      messages: [],
      prompt_version: null,
    });
  });

  test("another tenant's answer is not found, and its feedback is not listed", async () => {
    const { data: answer, response } = await ask();
    const other = await newTenant();
    const traceId = response.headers.get('x-selvedge-trace-id');
    for (const body of [{ response_id: answer.id }, { trace_id: traceId }]) {
      const refused = await other.send('POST', '/api/feedback', { ...body, score: 1 });
      expect([refused.status, await refused.json()]).toMatchObject([404, { param: Object.keys(body)[0] }]);
    }
    expect(await (await other.fetch('/api/feedback')).json()).toMatchObject({ data: [] });
  });

  test.each([
    [{ response_id: 'r', score: 2 }, 'score'],
    [{ response_id: 'r', score: -0.5 }, 'score'],
    [{ response_id: 'r' }, 'score'],
    [{ score: 1 }, 'trace_id'],
    [{ response_id: 'r', trace_id: '0'.repeat(32), score: 1 }, 'trace_id'],
    [{ trace_id: 'short', score: 1 }, 'trace_id'],
    [{ response_id: 'r', score: 1, stars: 5 }, 'stars'],
  ])('bad feedback %j is refused naming the field', async (body, param) => {
    const response = await account.send('POST', '/api/feedback', body);
    expect([response.status, await response.json()]).toMatchObject([400, { param }]);
  });
});
