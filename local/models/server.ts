import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { z } from 'zod';
import { errorMessage } from '../../core/error-message.ts';
import { endWithParent, settingsFromParent } from '../child.ts';
import { modelCache } from './cache.ts';
import { chatCompletions } from './chat-completions.ts';
import { chatBody } from './chat-request.ts';
import { embeddings, embeddingsBody } from './embeddings.ts';
import { type Engines, loadEngines, type Served } from './engines.ts';
import type { ModelKind } from './manifest.ts';
import { pictureBody, readPicture } from './ocr/read-picture.ts';
import { Refusal } from './refusal.ts';
import { rerank, rerankBody } from './rerank.ts';

/**
 * The model server behind the local Workers AI: real models over OpenAI-shaped and Cohere-shaped HTTP, for
 * this machine only. `node local/models/server.ts PORT` (0 takes a free one) prints its address when ready.
 */
const longestBody = 16 * 1024 * 1024;

export function modelServer(engines: Engines): Server {
  return createServer((request, response) => {
    const gone = new AbortController();
    response.on('close', () => gone.abort(new Error('The client went away.')));
    answer(engines, request, response, gone.signal).catch((error: unknown) => {
      if (gone.signal.aborted || response.headersSent) return void response.end();
      const refusal =
        error instanceof Refusal ? error : new Refusal(500, 'internal_error', 'The local model failed.');
      if (!(error instanceof Refusal)) console.error(error);
      sendJson(response, refusal.status, refusal.body());
    });
  });
}

async function answer(
  engines: Engines,
  request: IncomingMessage,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  const route = `${request.method} ${new URL(request.url ?? '/', 'http://local').pathname}`;
  switch (route) {
    case 'GET /health':
      return sendJson(response, 200, { status: 'ok', models: modelsOf(engines) });
    case 'GET /v1/models':
      return sendJson(response, 200, {
        object: 'list',
        data: modelsOf(engines)
          .filter((model) => model.state === 'ready')
          .map((model) => ({ id: model.name, object: 'model', created: 0, owned_by: model.model })),
      });
    case 'POST /v1/embeddings': {
      const body = await parseBody(request, embeddingsBody);
      return sendJson(response, 200, await embeddings(body, ready(engines.embedding, body.model), signal));
    }
    case 'POST /v1/rerank': {
      const body = await parseBody(request, rerankBody);
      return sendJson(response, 200, await rerank(body, ready(engines.rerank, body.model), signal));
    }
    case 'POST /v1/chat/completions': {
      const json = await readJson(request);
      if (names(engines.ocr, modelIn(json))) {
        const body = parsed(json, pictureBody);
        return sendJson(response, 200, await readPicture(body, ready(engines.ocr, body.model), signal));
      }
      const body = parsed(json, chatBody);
      return chatCompletions(body, ready(engines.chat, body.model), response, signal);
    }
    default:
      throw new Refusal(404, 'not_found', `No route ${route}.`);
  }
}

/** What `/health` says of each model; `npm start` and the local Workers AI read it. */
export interface ModelHealth {
  /** The hosted model that callers name. */
  readonly name: string;
  readonly kind: ModelKind;
  /** What really answers. */
  readonly model: string;
  readonly stands_in: boolean;
  readonly licence: string;
  readonly description: string;
  readonly fit: 'generate' | 'quote' | null;
  readonly context_tokens: number | null;
  readonly state: 'ready' | 'missing';
  readonly reason: string | null;
}

const modelsOf = (engines: Engines): ModelHealth[] =>
  [engines.embedding, engines.rerank, engines.chat, engines.ocr].map(({ model, ...served }) => ({
    name: model.answersFor,
    kind: model.kind,
    model: model.id,
    stands_in: model.standsIn,
    licence: model.licence,
    description: model.description,
    fit: model.fit ?? null,
    context_tokens: model.contextTokens ?? null,
    state: served.state,
    reason: served.state === 'missing' ? served.reason : null,
  }));

const names = ({ model }: Served<unknown>, name: string): boolean =>
  name === model.answersFor || name === model.id;

const modelIn = (json: unknown): string =>
  typeof json === 'object' && json !== null && 'model' in json ? String(json.model) : '';

function ready<Engine>(served: Served<Engine>, name: string): Engine {
  if (!names(served, name)) {
    throw new Refusal(
      404,
      'model_not_found',
      `model: '${name}' is not served here; see /v1/models.`,
      'model',
    );
  }
  if (served.state === 'missing') {
    throw new Refusal(503, 'model_missing', `${served.model.id} is not here. ${served.reason}`, 'model');
  }
  return served.engine;
}

async function parseBody<T>(request: IncomingMessage, schema: z.ZodType<T>): Promise<T> {
  return parsed(await readJson(request), schema);
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of request) {
    bytes += piece.length;
    if (bytes > longestBody) throw new Refusal(413, 'payload_too_large', 'The body is beyond 16 MiB.');
    pieces.push(piece);
  }
  try {
    return JSON.parse(Buffer.concat(pieces).toString('utf8'));
  } catch (error) {
    throw new Refusal(400, 'invalid_json', `The body is not JSON: ${errorMessage(error)}`);
  }
}

function parsed<T>(json: unknown, schema: z.ZodType<T>): T {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = [
    ...(issue?.path ?? []),
    ...(issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : []),
  ];
  const param = path.length === 0 ? null : z.core.toDotPath(path);
  throw new Refusal(400, 'invalid_value', `${param ?? 'body'}: ${issue?.message ?? 'invalid'}`, param);
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

export interface ModelServerSettings {
  /** 0 takes a free one. */
  readonly port: number;
}

export interface ModelServerReady {
  readonly url: string;
}

if (import.meta.main) {
  const forked = process.send !== undefined;
  if (forked) endWithParent(async () => {});
  const { port } = forked
    ? await settingsFromParent<ModelServerSettings>()
    : { port: Number(process.argv[2] ?? 0) };
  const server = modelServer(await loadEngines(modelCache()));
  server.listen(port, '127.0.0.1', () => {
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('The server has no port.');
    const ready: ModelServerReady = { url: `http://127.0.0.1:${address.port}` };
    if (forked) process.send?.(ready);
    else console.log(ready.url);
  });
}
