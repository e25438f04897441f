import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { otlpTraces } from '../../adapters/otlp-traces.ts';
import { asId, type KeyId, type TenantId } from '../../core/identifier.ts';
import { dollars } from '../../core/telemetry/money.ts';
import { type RequestRecord, recordOf } from '../../core/telemetry/record.ts';
import { Trace } from '../../core/telemetry/trace.ts';

interface Received {
  readonly path: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

let collector: Server;
let endpoint: string;
let received: Received[];
let statuses: number[];

beforeEach(async () => {
  received = [];
  statuses = [];
  collector = createServer(async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    received.push({ path: request.url, headers: request.headers, body: Buffer.concat(pieces) });
    response.writeHead(statuses.shift() ?? 200).end();
  });
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
});
afterEach(() => new Promise((resolve) => collector.close(resolve)));

/** A request that searched, was answered by a model for $0.0012, and lost its reranker. */
async function record(): Promise<RequestRecord> {
  let now = 1_800_000_000_000;
  let next = 1;
  const random = <Bytes extends Uint8Array>(bytes: Bytes): Bytes => {
    bytes.fill(next++);
    return bytes;
  };
  const trace = new Trace('request', { clock: () => (now += 2.5), random });
  await trace.root.within('retrieve', { limit: 10 }, async (span) => {
    await span.stage('rerank', {}, () => Promise.reject(new Error('the reranker is away'))).catch(() => {});
  });
  await trace.root.within('chat gpt', {}, async (span) =>
    span.use({
      model: 'gpt',
      operation: 'chat',
      provider: 'openai',
      inputTokens: 70,
      outputTokens: 5,
      cost: dollars(0.0012),
    }),
  );
  const ending = { requestId: 'req_1', route: 'POST /v1/responses', status: 200, prices: 'v1' };
  return recordOf(trace, { tenantId: asId<TenantId>('ten_1'), keyId: asId<KeyId>('key_1') }, ending);
}

interface OtlpSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly status: { code: number; message?: string };
  readonly attributes: readonly { key: string; value: Record<string, unknown> }[];
}

const attributesOf = (span: OtlpSpan | undefined): Record<string, unknown> =>
  Object.fromEntries(span?.attributes.map(({ key, value }) => [key, Object.values(value)[0]]) ?? []);

describe('traces for an OpenTelemetry collector', () => {
  test('OTLP/JSON: one tree with times, model, tokens, price and error', async () => {
    const writer = otlpTraces({
      OTEL_EXPORTER_OTLP_ENDPOINT: `${endpoint}/`,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Basic%20YWJj, x-project = bicycles',
    });
    await writer?.write(await record());
    expect(received).toHaveLength(1);
    const [{ path, headers, body }] = received as [Received];
    expect(path).toBe('/v1/traces');
    expect(headers).toMatchObject({
      authorization: 'Basic YWJj',
      'x-project': 'bicycles',
      'content-type': 'application/json',
    });
    const [{ resource, scopeSpans }] = JSON.parse(body.toString()).resourceSpans;
    expect(resource.attributes).toContainEqual({ key: 'service.name', value: { stringValue: 'selvedge' } });
    const spans: readonly OtlpSpan[] = scopeSpans[0].spans;
    const named = (name: string) => spans.find((span) => span.name === name);
    const root = named('POST /v1/responses');
    expect(root).toMatchObject({ traceId: '01'.repeat(16), kind: 2 });
    expect(root?.parentSpanId).toBeUndefined();
    expect(BigInt(root?.startTimeUnixNano ?? 0) / 1_000_000_000n).toBe(1_800_000_000n);
    expect(named('rerank')?.parentSpanId).toBe(named('retrieve')?.spanId);
    expect(named('rerank')?.status).toMatchObject({ code: 2, message: 'the reranker is away' });
    expect(named('chat gpt')).toMatchObject({ parentSpanId: root?.spanId, kind: 3 });
    expect(attributesOf(named('chat gpt'))).toMatchObject({
      'gen_ai.request.model': 'gpt',
      'gen_ai.usage.input_tokens': 70,
      'gen_ai.usage.cost': 0.0012,
      'openinference.span.kind': 'LLM',
      'llm.token_count.total': 75,
    });
    expect(attributesOf(root)).toMatchObject({ 'selvedge.cost_usd': '0.0012', 'selvedge.tenant': 'ten_1' });
  });

  test('OTLP/protobuf is the default: ids as bytes, names as they are', async () => {
    await otlpTraces({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint })?.write(await record());
    const [{ headers, body }] = received as [Received];
    expect(headers['content-type']).toBe('application/x-protobuf');
    expect(body.includes(Buffer.from('01'.repeat(16), 'hex'))).toBe(true);
    expect(body.includes('POST /v1/responses')).toBe(true);
    expect(body.includes('gen_ai.request.model')).toBe(true);
  });

  test('a collector that is busy is asked again, one that refuses is not, and both are said', async () => {
    const writer = otlpTraces({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint });
    statuses = [503];
    await writer?.write(await record());
    expect(received).toHaveLength(2);
    statuses = [401];
    await expect(writer?.write(await record())).rejects.toThrow('it answered 401');
    expect(received).toHaveLength(3);
  });

  test('a protocol that a Worker cannot speak is named; no endpoint, no exporter', async () => {
    const writer = otlpTraces({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' });
    await expect(writer?.write(await record())).rejects.toThrow("it is 'grpc'");
    expect(otlpTraces({})).toBeNull();
  });
});
