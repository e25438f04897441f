import { JsonTraceSerializer, ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { errorMessage } from '../core/error-message.ts';
import { decimal, inDollars } from '../core/telemetry/money.ts';
import type { RequestRecord, RequestWriter } from '../core/telemetry/record.ts';
import type { Attributes, SpanRecord, Usage } from '../core/telemetry/trace.ts';
import packageJson from '../package.json' with { type: 'json' };

/** OpenTelemetry's own variables, as its specification of exporters defines them. */
export interface CollectorVariables {
  /** Traces go to `<endpoint>/v1/traces`. Without it nothing is sent. */
  readonly OTEL_EXPORTER_OTLP_ENDPOINT?: string;
  readonly OTEL_EXPORTER_OTLP_PROTOCOL?: string;
  /** `name=value` pairs with commas between them, values percent-encoded. */
  readonly OTEL_EXPORTER_OTLP_HEADERS?: string;
}

type OtlpSpan = Parameters<typeof JsonTraceSerializer.serializeRequest>[0][number];

/** Phoenix takes protobuf alone, Langfuse both; a Worker cannot speak the third, gRPC. */
const protocols = {
  'http/protobuf': { serializer: ProtobufTraceSerializer, contentType: 'application/x-protobuf' },
  'http/json': { serializer: JsonTraceSerializer, contentType: 'application/json' },
};

/** Seconds before each try; the specification wants a growing wait, and a Worker may work 30 s after its answer. */
const WAITS = [0, 1, 4];
const TIMEOUT_MS = 5_000;
/** Those that the specification calls retryable. */
const RETRYABLE = new Set([429, 502, 503, 504]);

/**
 * Sends each request's tree of spans to an OpenTelemetry collector: Phoenix, Langfuse, or any other. A record that
 * cannot be delivered rejects with a reason; the rows in `DB` stay the truth.
 */
export function otlpTraces(variables: CollectorVariables): Pick<RequestWriter, 'write'> | null {
  const {
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_EXPORTER_OTLP_PROTOCOL: protocol = 'http/protobuf',
    OTEL_EXPORTER_OTLP_HEADERS: headers = '',
  } = variables;
  if (endpoint === undefined || endpoint === '') return null;
  return {
    async write(record) {
      if (!isProtocol(protocol)) {
        const known = Object.keys(protocols).join(' or ');
        throw new Error(`OTEL_EXPORTER_OTLP_PROTOCOL takes ${known}; it is '${protocol}'.`);
      }
      const { serializer, contentType } = protocols[protocol];
      const body = serializer.serializeRequest(otlpSpans(record));
      if (body === undefined) throw new Error(`Trace ${record.traceId} cannot be written as ${protocol}.`);
      await deliver(`${endpoint.replace(/\/+$/, '')}/v1/traces`, body, {
        ...pairs(headers),
        'content-type': contentType,
      });
    },
  };
}

const isProtocol = (name: string): name is keyof typeof protocols => Object.hasOwn(protocols, name);

const pairs = (text: string): Record<string, string> =>
  Object.fromEntries(
    text.split(',').flatMap((pair) => {
      const at = pair.indexOf('=');
      return at < 1 ? [] : [[pair.slice(0, at).trim(), decodeURIComponent(pair.slice(at + 1).trim())]];
    }),
  );

async function deliver(url: string, body: Uint8Array, headers: Record<string, string>): Promise<void> {
  let reason = '';
  for (const seconds of WAITS) {
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    const outcome = await post(url, body, headers);
    if (outcome === null) return;
    reason = outcome.reason;
    if (!outcome.again) break;
  }
  throw new Error(`No trace reached ${new URL(url).origin}: ${reason}.`);
}

/** Null where the collector took it. */
async function post(
  url: string,
  body: Uint8Array,
  headers: Record<string, string>,
): Promise<{ readonly reason: string; readonly again: boolean } | null> {
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const response = await fetch(url, { method: 'POST', body, headers, signal });
    await response.body?.cancel();
    return response.ok
      ? null
      : { reason: `it answered ${response.status}`, again: RETRYABLE.has(response.status) };
  } catch (error) {
    return { reason: errorMessage(error), again: true };
  }
}

function otlpSpans(record: RequestRecord): OtlpSpan[] {
  const resource = resourceFromAttributes({
    'service.name': 'selvedge',
    'service.version': packageJson.version,
  });
  return record.spans.map((span) => {
    const context = (spanId: string) => ({ traceId: record.traceId, spanId, traceFlags: 1 });
    return {
      name: span.parentId === null ? record.route : span.name,
      // SERVER for the request itself, CLIENT for a call of a model, else INTERNAL.
      kind: span.parentId === null ? 1 : span.usage === null ? 0 : 2,
      spanContext: () => context(span.spanId),
      ...(span.parentId !== null && { parentSpanContext: context(span.parentId) }),
      startTime: timeOf(span.startedAt),
      endTime: timeOf(span.endedAt),
      duration: timeOf(span.endedAt - span.startedAt),
      ended: true,
      status: span.error === null ? { code: 0 } : { code: 2, message: span.error },
      attributes: {
        ...span.attributes,
        ...attributesOf(span),
        ...(span.parentId === null && rootOf(record)),
      },
      links: [],
      events: [],
      resource,
      instrumentationScope: { name: 'selvedge', version: packageJson.version },
      droppedAttributesCount: 0,
      droppedEventsCount: 0,
      droppedLinksCount: 0,
    };
  });
}

/** Milliseconds → whole seconds and the nanoseconds that remain. */
const timeOf = (milliseconds: number): [number, number] => [
  Math.floor(milliseconds / 1000),
  Math.round((milliseconds % 1000) * 1e6),
];

const rootOf = (record: RequestRecord): Attributes => ({
  'selvedge.request_id': record.requestId,
  'selvedge.tenant': record.tenantId,
  'selvedge.key': record.keyId,
  'selvedge.cost_usd': decimal(record.cost),
  ...(record.promptVersion !== null && { 'selvedge.prompt_version': record.promptVersion }),
  ...(record.timeToFirstToken !== null && { 'selvedge.time_to_first_token_ms': record.timeToFirstToken }),
});

const retrievers: ReadonlySet<string> = new Set(['retrieve', 'dense', 'sparse']);

/** What Phoenix's model and retrieval views are drawn from (OpenInference), and the price under Langfuse's name. */
function attributesOf({ name, usage }: SpanRecord): Attributes {
  if (usage === null) return { 'openinference.span.kind': retrievers.has(name) ? 'RETRIEVER' : 'CHAIN' };
  return { ...modelAttributes(usage), 'gen_ai.usage.cost': inDollars(usage.cost) };
}

function modelAttributes({ operation, model, provider, inputTokens, outputTokens, cost }: Usage): Attributes {
  switch (operation) {
    case 'chat':
      return {
        'openinference.span.kind': 'LLM',
        'llm.model_name': model,
        'llm.provider': provider,
        'llm.token_count.prompt': inputTokens,
        'llm.token_count.completion': outputTokens,
        'llm.token_count.total': inputTokens + outputTokens,
        'llm.cost.total': inDollars(cost),
      };
    case 'embeddings':
      return { 'openinference.span.kind': 'EMBEDDING', 'embedding.model_name': model };
    case 'rerank':
      return { 'openinference.span.kind': 'RERANKER', 'reranker.model_name': model };
    default:
      return operation satisfies never;
  }
}
