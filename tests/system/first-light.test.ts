import { execFile } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pythonEnvironment } from '../install.ts';
import { startCheckedService } from './checked-service.ts';
import type { Service } from './service.ts';

const run = promisify(execFile);
const papers = ['lighthouse-keeper.pdf', 'sourdough-bakery.pdf', 'observatory.pdf'].map((name) =>
  join('tests/fixtures/first-light', name),
);

let service: Service;
/** What a collector of OpenTelemetry received, one body an export. */
const exported: Buffer[] = [];
const collector = createServer(async (request, response) => {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  if (request.url === '/v1/traces') exported.push(Buffer.concat(pieces));
  response.end();
});

beforeAll(async () => {
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  const { port } = collector.address() as AddressInfo;
  service = await startCheckedService({
    environment: { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` },
  });
});
afterAll(async () => {
  await service?.stop();
  collector.close();
});

interface Citation {
  readonly type: string;
  readonly file_id: string;
  readonly filename: string;
  readonly quote: string;
  readonly page: number;
  readonly start: number;
  readonly end: number;
}

/** The parsed text of a file: its blocks joined by a blank line (the contract's definition). */
async function parsedText(client: OpenAI, store: string, file: string): Promise<string> {
  const blocks: string[] = [];
  for await (const block of client.vectorStores.files.content(file, { vector_store_id: store })) {
    blocks.push(block.text ?? '');
  }
  return blocks.join('\n\n');
}

describe('first light, through the official OpenAI SDK', () => {
  test('TypeScript: three PDFs, a question, a streamed answer whose citation opens at its passage', async () => {
    const client = new OpenAI({ baseURL: `${service.url}/v1`, apiKey: service.key });
    const store = await client.vectorStores.create({ name: 'first light' });
    const batch = await client.vectorStores.fileBatches.uploadAndPoll(store.id, {
      files: papers.map((path) => createReadStream(path)),
    });
    expect(batch.status).toBe('completed');
    expect(batch.file_counts).toMatchObject({ completed: 3, failed: 0, total: 3 });

    const stream = client.responses.stream({
      model: 'default',
      input: 'How many steps does the lighthouse tower have?',
      tools: [{ type: 'file_search', vector_store_ids: [store.id] }],
    });
    const deltas: string[] = [];
    stream.on('response.output_text.delta', (event) => deltas.push(event.delta));
    const response = await stream.finalResponse();
    expect(response.output_text).toContain('142');
    expect(deltas.length).toBeGreaterThan(1);
    expect(deltas.join('')).toBe(response.output_text);

    const message = response.output.find((item) => item.type === 'message');
    const part = message?.type === 'message' ? message.content[0] : undefined;
    const citations = (part?.type === 'output_text' ? part.annotations : []) as unknown as Citation[];
    expect(citations.length).toBeGreaterThan(0);
    for (const citation of citations) {
      expect(citation).toMatchObject({ type: 'file_citation', filename: 'lighthouse-keeper.pdf' });
      const text = await parsedText(client, store.id, citation.file_id);
      expect(text.slice(citation.start, citation.end)).toBe(citation.quote);
    }
  });

  test('what the documents do not say is not answered, and nothing is cited', async () => {
    const client = new OpenAI({ baseURL: `${service.url}/v1`, apiKey: service.key });
    const store = await client.vectorStores.create({ name: 'nothing relevant' });
    await client.vectorStores.files.uploadAndPoll(store.id, createReadStream(papers[1] ?? ''));
    const response = await client.responses.create({
      model: 'default',
      input: 'Who won the chess world championship in 1972?',
      tools: [{ type: 'file_search', vector_store_ids: [store.id] }],
    });
    expect(JSON.stringify(response.output)).not.toContain('file_citation');
    expect(response.output_text).not.toBe('');
  });

  test('the trace of an answer reaches the collector that the environment names', async () => {
    const client = new OpenAI({ baseURL: `${service.url}/v1`, apiKey: service.key });
    const { response } = await client.embeddings
      .create({ model: 'default-embedding', input: 'a lighthouse' })
      .withResponse();
    const trace = Buffer.from(response.headers.get('x-selvedge-trace-id') ?? '', 'hex');
    expect(trace).toHaveLength(16);
    // The contract gives the export 30 s.
    await expect
      .poll(() => exported.find((body) => body.includes(trace))?.includes('gen_ai.request.model'), {
        timeout: 30_000,
      })
      .toBe(true);
  });

  test('Python: the same road with the same words', async () => {
    const { stdout } = await run(
      await pythonEnvironment('tests/system/requirements.txt'),
      ['tests/system/first_light.py', service.url, service.key, ...papers],
      { timeout: 110_000 },
    );
    expect(JSON.parse(stdout)).toMatchObject({
      status: 'completed',
      answer: expect.stringContaining('142'),
      cited: true,
    });
  });
});
