import { WorkerEntrypoint } from 'cloudflare:workers';
import { z } from 'zod';
import { chatCompletionRequest, chatEvents, chatInput, chatOutput } from './chat.ts';
import type { LocalEnvironment } from './environment.ts';
import { ModelServer, type ServedModel } from './model-server.ts';
import { badInput, notLocal, WorkersAiError } from './workers-ai-error.ts';

/**
 * Workers AI's binding over the local model server. It knows no model: which names there are, what each one is
 * for and what really answers comes from the server. `models()` says where another model stands in.
 * `aiGatewayLogId` is left out: a property does not pass RPC, and there is no gateway here.
 */
export class LocalWorkersAi extends WorkerEntrypoint<LocalEnvironment> implements Omit<Ai, 'aiGatewayLogId'> {
  run<Name extends keyof AiModels>(
    model: Name,
    inputs: { requests: AiModels[Name]['inputs'][] },
    options: AiOptions & { queueRequest: true },
  ): Promise<AiAsyncBatchResponse>;
  run<Name extends keyof AiModels>(
    model: Name,
    inputs: AiModels[Name]['inputs'],
    options: AiOptions & ({ returnRawResponse: true } | { websocket: true }),
  ): Promise<Response>;
  run<Name extends keyof AiModels>(
    model: Name,
    inputs: AiModels[Name]['inputs'] & { stream: true },
    options?: AiOptions,
  ): Promise<ReadableStream>;
  run<Name extends keyof AiModels>(
    model: Name,
    inputs: AiModels[Name]['inputs'],
    options?: AiOptions,
  ): Promise<AiModels[Name]['postProcessedOutputs']>;
  run<Model extends string>(
    model: Model extends keyof AiModels ? never : Model,
    inputs: Record<string, unknown>,
    options?: AiOptions,
  ): Promise<Record<string, unknown>>;
  async run(model: string, inputs: unknown, options: AiOptions = {}): Promise<unknown> {
    if (options.queueRequest === true) throw notLocal("Workers AI's asynchronous batch");
    if (options.websocket === true) throw notLocal("Workers AI's WebSocket");
    if (options.returnRawResponse !== true) return this.#infer(model, inputs, options.signal);
    try {
      const output = await this.#infer(model, inputs, options.signal);
      return output instanceof ReadableStream
        ? new Response(output, { headers: { 'content-type': 'text/event-stream' } })
        : Response.json(output);
    } catch (error) {
      if (!(error instanceof WorkersAiError)) throw error;
      return Response.json({ errors: [{ message: error.message }] }, { status: error.status });
    }
  }

  async models(params: AiModelsSearchParams = {}): Promise<AiModelsSearchObject[]> {
    const found = (await this.#server.models()).map(asListed).filter((model) => matches(model, params));
    const perPage = params.per_page ?? found.length;
    const from = ((params.page ?? 1) - 1) * perPage;
    return found.slice(from, from + perPage);
  }

  gateway(_gatewayId: string): never {
    throw notLocal('AI Gateway');
  }

  websearch(_request: AiWebSearchRequest): never {
    throw notLocal("Workers AI's web search");
  }

  aiSearch(): never {
    throw notLocal('AI Search');
  }

  autorag(_autoragId: string): never {
    throw notLocal('AutoRAG');
  }

  toMarkdown(): never {
    throw notLocal("Workers AI's Markdown conversion");
  }

  get #server(): ModelServer {
    return new ModelServer(this.env.MODEL_SERVER_URL);
  }

  async #infer(name: string, inputs: unknown, signal: AbortSignal | undefined): Promise<unknown> {
    switch (await this.#server.kind(name)) {
      case 'embedding':
        return embed(this.#server, name, validate(embeddingInput, inputs), signal);
      case 'rerank':
        return rerank(this.#server, name, validate(rerankInput, inputs), signal);
      case 'chat':
      case 'ocr':
        return chat(this.#server, name, validate(chatInput, inputs), signal);
    }
  }
}

/** Limits of the published input schema of the `bge` models. */
const embeddingInput = z.object({
  text: z.union([z.string().min(1), z.array(z.string().min(1)).min(1).max(100)]),
  pooling: z.enum(['mean', 'cls']).optional(),
});

const rerankInput = z.object({
  query: z.string().min(1),
  contexts: z.array(z.object({ text: z.string().min(1) })).min(1),
  top_k: z.number().int().positive().optional(),
});

function validate<T>(schema: z.ZodType<T>, inputs: unknown): T {
  const parsed = schema.safeParse(inputs);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw badInput(issue === undefined ? 'invalid input' : `${issue.message} at '/${issue.path.join('/')}'`);
}

const embeddings = z.object({
  data: z.array(z.object({ index: z.number(), embedding: z.array(z.number()) })),
});

async function embed(
  server: ModelServer,
  model: string,
  { text, pooling = 'mean' }: z.infer<typeof embeddingInput>,
  signal: AbortSignal | undefined,
): Promise<Ai_Cf_Baai_Bge_Small_En_V1_5_Output> {
  const body = { model, input: text, pooling };
  const response = await server.post('/v1/embeddings', body, signal);
  const rows = embeddings.parse(await response.json()).data;
  const data = rows.toSorted((a, b) => a.index - b.index).map((row) => row.embedding);
  return { shape: [data.length, data[0]?.length ?? 0], data, pooling };
}

const ranking = z.object({ results: z.array(z.object({ index: z.number(), relevance_score: z.number() })) });

async function rerank(
  server: ModelServer,
  model: string,
  { query, contexts, top_k }: z.infer<typeof rerankInput>,
  signal: AbortSignal | undefined,
): Promise<Ai_Cf_Baai_Bge_Reranker_Base_Output> {
  const documents = contexts.map((context) => context.text);
  const response = await server.post(
    '/v1/rerank',
    { model, query, documents, top_n: Math.min(top_k ?? documents.length, documents.length) },
    signal,
  );
  const results = ranking.parse(await response.json()).results;
  return { response: results.map((result) => ({ id: result.index, score: result.relevance_score })) };
}

async function chat(
  server: ModelServer,
  model: string,
  input: z.infer<typeof chatInput>,
  signal: AbortSignal | undefined,
): Promise<ReadableStream<Uint8Array> | Record<string, unknown>> {
  const response = await server.post('/v1/chat/completions', chatCompletionRequest(model, input), signal);
  if (input.stream !== true) return chatOutput(await response.json(), input);
  if (response.body === null) throw new Error('The model server answered a stream without a body.');
  return chatEvents(response.body);
}

/** Cloudflare's own names for the tasks. */
const tasks: Readonly<Record<ServedModel['kind'], string>> = {
  embedding: 'Text Embeddings',
  rerank: 'Text Classification',
  chat: 'Text Generation',
  // Cloudflare lists vision models here too.
  ocr: 'Text Generation',
};

/**
 * `state` and `reason`, `stands_in`, `answers` and `notional` are ours: whether it is there, what really answers
 * under this name, what it is fit for, and that the hosted price is not really paid.
 */
function asListed(model: ServedModel): AiModelsSearchObject {
  const properties: AiModelsSearchObject['properties'] = [
    { property_id: 'state', value: model.state },
    { property_id: 'notional', value: 'true' },
  ];
  if (model.stands_in) properties.push({ property_id: 'stands_in', value: model.model });
  if (model.fit !== null) properties.push({ property_id: 'answers', value: model.fit });
  if (model.reason !== null) properties.push({ property_id: 'reason', value: model.reason });
  return {
    id: model.name,
    source: 1,
    name: model.name,
    description: `${model.description}. ${model.licence}`,
    task: { id: model.kind, name: tasks[model.kind], description: '' },
    tags: [],
    properties,
  };
}

const matches = (model: AiModelsSearchObject, params: AiModelsSearchParams): boolean =>
  (params.task === undefined || model.task.name === params.task) &&
  (params.search === undefined || model.name.includes(params.search)) &&
  (params.author === undefined || model.name.split('/')[1] === params.author);
