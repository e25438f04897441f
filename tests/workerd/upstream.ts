import { createExecutionContext, env, waitOnExecutionContext } from 'cloudflare:test';
import OpenAI from 'openai';
import { inject } from 'vitest';
import worker from '../../workers/index.ts';
import type { Received, Reply } from '../upstream-script.ts';
import type { Account } from './access.ts';

/** A provider that answers what this test has written for it (tests/upstream.ts). */
export class Upstream {
  readonly #at: string;

  constructor(at: string) {
    this.#at = at;
  }

  static async saying(...replies: readonly Reply[]): Promise<Upstream> {
    const at = `${inject('upstream')}/${crypto.randomUUID()}`;
    await fetch(at, { method: 'PUT', body: JSON.stringify(replies) });
    return new Upstream(at);
  }

  get baseUrl(): string {
    return `${this.#at}/v1`;
  }

  async received(): Promise<readonly Received[]> {
    return (await this.#report()).received;
  }

  /** Calls that we left before their answer had ended. */
  async abandoned(): Promise<number> {
    return (await this.#report()).abandoned;
  }

  async #report() {
    const response = await fetch(this.#at);
    return response.json<{ received: readonly Received[]; abandoned: number }>();
  }

  /** A `CATALOGUE` in which this provider is `default`, under the name `scripted`. */
  catalogue(entry: Readonly<Record<string, unknown>> = {}): unknown {
    return {
      models: [
        {
          name: 'scripted',
          task: 'chat',
          target: { kind: 'openai-compatible', model: 'upstream-model', base_url: this.baseUrl },
          price: { input_per_million: 1, output_per_million: 2 },
          tools: true,
          json_schema: true,
          ...entry,
        },
      ],
      aliases: { default: 'scripted' },
    };
  }
}

/** The Worker of an operator who has set these variables: `fetch`, with all that it leaves to do afterwards. */
export function workerWith(variables: Readonly<Record<string, string>>): typeof fetch {
  const own = { ...env, ...variables };
  return async (input, init) => {
    const context = createExecutionContext();
    const response = await worker.fetch(new Request(input, init), own, context);
    void waitOnExecutionContext(context);
    return response;
  };
}

/** The official client of that Worker. */
export const clientWith = (
  account: Account,
  catalogue: unknown,
  variables: Readonly<Record<string, string>> = {},
): OpenAI =>
  new OpenAI({
    apiKey: account.secret,
    baseURL: 'http://selvedge.test/v1',
    maxRetries: 0,
    fetch: workerWith({ ...variables, CATALOGUE: JSON.stringify(catalogue) }),
  });

const usage = { prompt_tokens: 7, completion_tokens: 5, total_tokens: 12 };

/** A chat completion that is sent whole. */
export const completion = (message: object, finish_reason = 'stop'): Reply => ({
  writes: [
    JSON.stringify({
      id: 'up_1',
      object: 'chat.completion',
      created: 1,
      model: 'upstream-model',
      choices: [{ index: 0, message: { role: 'assistant', content: null, ...message }, finish_reason }],
      usage,
    }),
  ],
});

const sse = { 'content-type': 'text/event-stream' };
const line = (value: unknown): string => `data: ${JSON.stringify(value)}\n\n`;
const chunk = (delta: object, finish_reason: string | null = null): string =>
  line({
    id: 'up_1',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'upstream-model',
    choices: [{ index: 0, delta, finish_reason }],
  });

/** A chat completion that is streamed: these deltas, the reason, the usage and what else is counted. */
export const streamed = (deltas: readonly object[], finish_reason = 'stop', counted: object = {}): Reply => ({
  headers: sse,
  writes: [
    ...deltas.map((delta) => chunk(delta)),
    chunk({}, finish_reason),
    line({ id: 'up_1', choices: [], usage: { ...usage, ...counted } }),
    'data: [DONE]\n\n',
  ],
});

/** A stream whose connection breaks after these deltas. */
export const interrupted = (deltas: readonly object[]): Reply => ({
  headers: sse,
  writes: deltas.map((delta) => chunk(delta)),
  ending: 'drop',
});
