import { z } from 'zod';
import { badInput, noSuchModel, outOfCapacity } from './workers-ai-error.ts';

/** What the local model server (local/models) says of itself; the rest of its wire is OpenAI's and Cohere's. */
const servedModel = z.object({
  /** The hosted name that it answers to, such as `@cf/baai/bge-small-en-v1.5`. */
  name: z.string(),
  /** What it really is. */
  model: z.string(),
  kind: z.enum(['embedding', 'rerank', 'chat', 'ocr']),
  stands_in: z.boolean(),
  state: z.enum(['ready', 'missing']),
  reason: z.string().nullable(),
  licence: z.string(),
  description: z.string(),
  /** How a chat model answers best: by writing, or by quoting because it is too small to be trusted with writing. */
  fit: z.enum(['quote', 'generate']).nullable(),
});

export type ServedModel = z.infer<typeof servedModel>;

const health = z.object({ models: z.array(servedModel) });
const refusal = z.object({ error: z.object({ message: z.string() }) });

/**
 * Kinds of ready models by server and name, so that an inference asks once and not twice. A name keeps its kind;
 * should its model go away, the server itself refuses the inference.
 */
const readyKinds = new Map<string, ServedModel['kind']>();

export class ModelServer {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  async models(): Promise<readonly ServedModel[]> {
    const response = await this.#fetch('/health');
    return health.parse(await response.json()).models;
  }

  /** What the ready model behind a hosted name is for. */
  async kind(name: string): Promise<ServedModel['kind']> {
    const known = readyKinds.get(`${this.#url} ${name}`);
    if (known !== undefined) return known;
    const found = (await this.models()).find((model) => model.name === name);
    if (found === undefined) throw noSuchModel(name);
    if (found.state === 'missing') throw noSuchModel(name, found.reason);
    readyKinds.set(`${this.#url} ${name}`, found.kind);
    return found.kind;
  }

  /** Aborting `signal` or cancelling the body stops the inference on the other side. */
  async post(path: string, body: unknown, signal?: AbortSignal): Promise<Response> {
    const response = await this.#fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      ...(signal === undefined ? {} : { signal }),
    });
    if (response.ok) return response;
    const said = refusal.safeParse(await response.json());
    const message = said.success ? said.data.error.message : `status ${response.status}`;
    throw response.status < 500 ? badInput(message) : outOfCapacity(message);
  }

  async #fetch(path: string, init: RequestInit = {}): Promise<Response> {
    try {
      return await fetch(new URL(path, this.#url), init);
    } catch (error) {
      if (init.signal?.aborted) throw error;
      throw outOfCapacity('the local model server does not answer');
    }
  }
}
