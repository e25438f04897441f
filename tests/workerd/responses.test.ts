import type { ResponseStreamEvent } from 'openai/resources/responses/responses';
import { beforeAll, describe, expect, test } from 'vitest';
import { ingest } from '../../core/ingest/ingest.ts';
import { pdf } from '../documents.ts';
import { type Account, newTenant } from './access.ts';
import { pending, services, trace } from './documents.ts';
import { library, shop } from './library.ts';
import { openai } from './openai.ts';

let account: Account;
let store: string;

beforeAll(async () => {
  account = await newTenant();
  store = await library(account, shop);
}, 60_000);

const search = (id = store) => [{ type: 'file_search' as const, vector_store_ids: [id] }];

interface Citation {
  readonly type: string;
  readonly file_id: string;
  readonly filename: string;
  readonly index: number;
  readonly quote: string;
  readonly page?: number;
  readonly page_end?: number;
  readonly start: number;
  readonly end: number;
}

async function parsedText(fileId: string): Promise<string> {
  const response = await account.fetch(`/v1/vector_stores/${store}/files/${fileId}/content`);
  const page = await response.json<{ data: { text: string }[] }>();
  return page.data.map((block) => block.text).join('\n\n');
}

describe('POST /v1/responses', () => {
  test('answers from documents, and every citation is in its document at its offsets', async () => {
    const response = await openai(account).responses.create({
      input: 'How long are frames guaranteed?',
      tools: search(),
      include: ['file_search_call.results'],
    });
    expect(response.status).toBe('completed');
    expect(response.output_text).toContain('ten years');
    const [call, message] = response.output;
    expect(call).toMatchObject({ type: 'file_search_call', status: 'completed' });
    expect(call?.type === 'file_search_call' && call.results?.[0]).toMatchObject({ filename: 'warranty.md' });
    const part = message?.type === 'message' ? message.content[0] : undefined;
    const citations = (part?.type === 'output_text' ? part.annotations : []) as unknown as Citation[];
    expect(citations.length).toBeGreaterThan(0);
    for (const [place, citation] of citations.entries()) {
      expect(citation.type).toBe('file_citation');
      expect((await parsedText(citation.file_id)).slice(citation.start, citation.end)).toBe(citation.quote);
      const marker = `[${place + 1}]`;
      expect(response.output_text.slice(citation.index, citation.index + marker.length)).toBe(marker);
    }
  });

  test('ING-30: a citation names the page of its quote, though one passage holds all pages', async () => {
    const reader = await newTenant();
    const duties = ['wheels', 'chains', 'brakes', 'saddles'].map((part, at) => [
      { text: `Section ${at + 1}: the ${part} are looked after by team ${(at + 1) * 11}.`, y: 700 },
    ]);
    const { ids } = await pending(reader, pdf(duties), 'duties.pdf');
    expect(await ingest(services(), ids, trace())).toBeNull();
    const response = await openai(reader).responses.create({
      input: 'Which team looks after the brakes?',
      tools: [{ type: 'file_search', vector_store_ids: [ids.vectorStoreId] }],
    });
    expect(response.output_text).toContain('According to duties.pdf, page 3: “Section 3');
    const [, message] = response.output;
    const part = message?.type === 'message' ? message.content[0] : undefined;
    const citations = (part?.type === 'output_text' ? part.annotations : []) as unknown as Citation[];
    expect(citations.map(({ quote }) => quote).join(' ')).toContain('team 33');
    for (const { quote, page, page_end: end } of citations) {
      const sections = [...quote.matchAll(/Section (\d)/g)].map(([, number]) => Number(number));
      expect(sections).toEqual([page]);
      expect(end ?? page).toBe(page);
    }
  });

  test('says which prompt version answered and what it cost, in body and headers', async () => {
    const response = await account.send('POST', '/v1/responses', {
      input: 'How long are frames guaranteed?',
      tools: search(),
    });
    expect(response.headers.get('x-selvedge-prompt')).toBe('default@1');
    expect(response.headers.get('server-timing')).toMatch(
      /embed;dur=.*rerank;dur=.*generate;desc="ttft";dur=/s,
    );
    const body = await response.json<{
      usage: { cost_usd: number; input_tokens: number };
      prompt: unknown;
    }>();
    expect(body.prompt).toMatchObject({ id: 'default', version: '1' });
    expect(body.usage.cost_usd).toBeGreaterThan(0);
    expect(Number(response.headers.get('x-selvedge-cost-usd'))).toBe(body.usage.cost_usd);
  });

  test('streams the same answer as typed events, numbered without a gap', async () => {
    const events: ResponseStreamEvent[] = [];
    const stream = openai(account).responses.stream({
      input: 'Within how many days may I return a bicycle?',
      tools: search(),
    });
    for await (const event of stream) events.push(event);
    expect(events.map((event) => event.sequence_number)).toEqual(events.map((_, place) => place));
    const kinds = events.map((event) => event.type).filter((type, at, all) => type !== all[at - 1]);
    expect(kinds.slice(0, 9)).toEqual([
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.file_search_call.in_progress',
      'response.file_search_call.searching',
      'response.file_search_call.completed',
      'response.output_item.done',
      'response.output_item.added',
      'response.content_part.added',
    ]);
    expect(kinds.slice(-4)).toEqual([
      'response.output_text.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.completed',
    ]);
    const deltas = events.filter((event) => event.type === 'response.output_text.delta');
    expect(deltas.length).toBeGreaterThan(2);
    const final = await stream.finalResponse();
    expect(deltas.map((event) => event.delta).join('')).toBe(final.output_text);
    expect(final.output_text).toContain('30 days');
    expect(final.usage).toMatchObject({ cost_usd: expect.any(Number) });
  });

  test('says that it found nothing, and cites nothing', async () => {
    const response = await openai(account).responses.create({
      input: 'Who won the football world championship in 1974?',
      tools: search(),
    });
    expect(response.status).toBe('completed');
    expect(response.output_text).toBe('I could not find an answer to this in the documents.');
    expect(JSON.stringify(response.output)).not.toContain('file_citation');
  });

  test('keeps an answer, shows it, continues from it and forgets it', async () => {
    const client = openai(account);
    const first = await client.responses.create({
      input: 'Are frames guaranteed?',
      tools: search(),
    });
    expect(await client.responses.retrieve(first.id)).toMatchObject({ id: first.id, output: first.output });
    const second = await client.responses.create({
      previous_response_id: first.id,
      input: 'For how long?',
      tools: search(),
    });
    expect(second.previous_response_id).toBe(first.id);
    expect(second.output_text).toContain('ten years');
    await client.responses.delete(first.id);
    await expect(client.responses.retrieve(first.id)).rejects.toMatchObject({ status: 404 });
  });

  test.each(['stream=true', 'starting_after=3'])(
    'a stored answer is not read with ?%s, which is refused by name',
    async (query) => {
      const response = await account.fetch(`/v1/responses/resp_1?${query}`);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ error: { param: query.split('=')[0] } });
    },
  );

  test('store: false keeps nothing', async () => {
    const client = openai(account);
    const answer = await client.responses.create({ input: 'Refunds?', tools: search(), store: false });
    await expect(client.responses.retrieve(answer.id)).rejects.toMatchObject({ status: 404 });
  });

  test("another tenant's store, response and previous response are not found", async () => {
    const client = openai(account);
    const stranger = openai(await newTenant());
    const mine = await client.responses.create({ input: 'Refunds?', tools: search() });
    await expect(stranger.responses.retrieve(mine.id)).rejects.toMatchObject({ status: 404 });
    await expect(stranger.responses.delete(mine.id)).rejects.toMatchObject({ status: 404 });
    await expect(stranger.responses.create({ input: 'Refunds?', tools: search() })).rejects.toMatchObject({
      status: 404,
      param: 'tools[0].vector_store_ids',
    });
    await expect(
      stranger.responses.create({ input: 'Refunds?', previous_response_id: mine.id }),
    ).rejects.toMatchObject({ status: 404, param: 'previous_response_id' });
  });

  test.each([
    [{ input: 'x', colour: 'red' }, 'colour'],
    [{ input: 'x', background: true }, 'background'],
    [{ input: 'x', conversation: 'conv_1' }, 'conversation'],
    [{ input: 'x', tools: [{ type: 'mcp' }] }, 'tools[0].type'],
    [{ input: 'x', tools: [{ type: 'file_search' }] }, 'tools[0].vector_store_ids'],
    [{ input: 'x', temperature: 3 }, 'temperature'],
    [{ input: [{ role: 'user', content: [{ type: 'input_image' }] }] }, 'input[0].content[0].type'],
    [{ input: 'x', include: ['everything'] }, 'include[0]'],
  ])('refuses %j by the name of the field', async (body, param) => {
    const response = await account.send('POST', '/v1/responses', body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { param } });
  });

  test('a body that is empty, or no object, is refused', async () => {
    const headers = { 'content-type': 'application/json' };
    const empty = await account.fetch('/v1/responses', { method: 'POST', headers, body: '' });
    expect(empty.status).toBe(400);
    expect(await empty.json()).toMatchObject({ error: { param: 'input' } });
    const list = await account.send('POST', '/v1/responses', []);
    expect(list.status).toBe(400);
    expect(await list.json()).toMatchObject({ error: { param: null } });
  });

  test('an unknown model is not found, and one of another task is refused', async () => {
    const unknown = await account.send('POST', '/v1/responses', { model: 'gpt-0', input: 'x' });
    expect(unknown.status).toBe(404);
    expect(await unknown.json()).toMatchObject({ error: { code: 'model_not_found', param: 'model' } });
    const other = await account.send('POST', '/v1/responses', { model: 'default-embedding', input: 'x' });
    expect(other.status).toBe(400);
  });

  test('a schema with documents is refused up front where the model can only quote', async () => {
    const response = await account.send('POST', '/v1/responses', {
      input: 'How long are frames guaranteed?',
      tools: search(),
      text: { format: { type: 'json_schema', name: 'years', schema: { type: 'object' } } },
    });
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ error: { code: 'schema_not_supported' } });
  });
});
