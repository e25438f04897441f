import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { APICallError, type EmbeddingModelV4, type LanguageModelV4 } from '@ai-sdk/provider';
import { createWorkersAI } from 'workers-ai-provider';
import { Failure } from '../core/failure.ts';
import type { Target } from '../core/models/catalogue.ts';
import type { ModelProvider, PassedOn } from '../core/models/provider.ts';
import type { Environment } from './environment.ts';

type Secrets = (name: string) => string | undefined;

/** A secret is looked up when it is used: the catalogue only holds its name. */
export const secretsOf =
  (env: Environment): Secrets =>
  (name) => {
    const value: unknown = Reflect.get(env, name);
    return typeof value === 'string' && value !== '' ? value : undefined;
  };

/** workerd throws a plain Error when the connection fails, which the AI SDK would take for a bug. */
const reach: typeof fetch = async (input, init) => {
  try {
    return await fetch(input, init);
  } catch (cause) {
    if (init?.signal?.aborted === true) throw cause;
    const url = input instanceof Request ? input.url : String(input);
    throw new APICallError({ message: 'no answer', url, requestBodyValues: {}, isRetryable: true, cause });
  }
};

/**
 * How one target is called. The call's own body stands over what is passed on: nothing that we say can be said
 * otherwise. And a provider that repeats the key in an error does not get it any further.
 */
const fetchWith =
  (key: string | null, more: PassedOn = {}): typeof fetch =>
  async (input, init) => {
    const body = typeof init?.body === 'string' ? (JSON.parse(init.body) as PassedOn) : null;
    const response = await reach(
      input,
      body === null ? init : { ...init, body: JSON.stringify({ ...more, ...body }) },
    );
    if (response.ok) return new Response(response.body?.pipeThrough(atMost(LONGEST_BODY)) ?? null, response);
    const said = await new Response(response.body?.pipeThrough(atMost(LONGEST_ERROR)) ?? null)
      .text()
      .catch(() => '');
    const text = key === null ? said : said.replaceAll(key, '…');
    // Our callers do not get to read this (core/models/upstream.ts, MOD-3), so the operator's log has to have it.
    if (response.status >= 500) {
      const { host } = new URL(response.url || String(input instanceof Request ? input.url : input));
      console.warn(
        JSON.stringify({ event: 'upstream_failed', host, status: response.status, said: text.slice(0, 500) }),
      );
    }
    return new Response(text, response);
  };

/** Bytes of an answer with all the frames of its stream; a Worker has 128 MB for all that it does at the moment. */
const LONGEST_BODY = 32 * 1024 * 1024;
const LONGEST_ERROR = 64 * 1024;

/** A body that breaks off with an error where it grows too long. */
function atMost(limit: number): TransformStream<Uint8Array, Uint8Array> {
  let length = 0;
  return new TransformStream({
    transform(bytes, controller) {
      length += bytes.byteLength;
      if (length > limit) controller.error(new Error(`The answer is longer than ${limit} bytes.`));
      else controller.enqueue(bytes);
    },
  });
}

/**
 * The bge models were trained to be read at their [CLS] token; Workers AI takes the mean of all tokens unless it
 * is told, and workers-ai-provider has no way to tell it.
 */
function withClsPooling(ai: Ai): Ai {
  const run = (model: string, inputs: Record<string, unknown>, options?: AiOptions) =>
    ai.run(
      model,
      model.startsWith('@cf/baai/bge-') && 'text' in inputs ? { ...inputs, pooling: 'cls' } : inputs,
      options,
    );
  return new Proxy(ai, { get: (target, name) => (name === 'run' ? run : Reflect.get(target, name)) });
}

export function providers(ai: Ai, secret: Secrets): ModelProvider {
  const workersAi = createWorkersAI({ binding: withClsPooling(ai) });
  const keyOf = (name: string): string => {
    const key = secret(name);
    if (key === undefined) throw new Failure('upstream_failed', `The secret ${name} is not set.`);
    return key;
  };
  const openAi = (more?: PassedOn) => {
    const apiKey = keyOf('OPENAI_API_KEY');
    return createOpenAI({ fetch: fetchWith(apiKey, more), apiKey });
  };
  const anthropic = () => {
    const apiKey = keyOf('ANTHROPIC_API_KEY');
    return createAnthropic({ fetch: fetchWith(apiKey), apiKey });
  };
  const compatible = (target: Extract<Target, { baseUrl: string }>, more?: PassedOn) => {
    const apiKey = target.secret === null ? null : keyOf(target.secret);
    return createOpenAICompatible({
      name: target.kind,
      baseURL: target.baseUrl,
      fetch: fetchWith(apiKey, more),
      includeUsage: true,
      supportsStructuredOutputs: true,
      ...(apiKey === null ? {} : { apiKey }),
    });
  };
  return {
    chat(target, more): LanguageModelV4 {
      switch (target.kind) {
        case 'workers-ai':
          return workersAi(target.model);
        case 'openai':
          // Not its Responses API, which has no `seed` and no `stop`, and would keep every answer at OpenAI.
          return openAi(more).chat(target.model);
        case 'anthropic':
          return anthropic()(target.model);
        case 'openai-compatible':
        case 'vllm':
          return compatible(target, more).chatModel(target.model);
      }
    },
    embedding(target): EmbeddingModelV4 {
      switch (target.kind) {
        case 'workers-ai':
          return workersAi.embedding(target.model);
        case 'openai':
          return openAi().embedding(target.model);
        case 'openai-compatible':
        case 'vllm':
          return compatible(target).embeddingModel(target.model);
        case 'anthropic':
          throw new Failure('upstream_failed', 'Anthropic has no embedding models.');
      }
    },
    reranking(target) {
      if (target.kind === 'workers-ai') return workersAi.reranking(target.model);
      throw new Failure('upstream_failed', `Targets of the kind '${target.kind}' cannot rerank.`);
    },
  };
}
