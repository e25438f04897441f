import { homedir } from 'node:os';
import { join } from 'node:path';
import OpenAI from 'openai';
import { startService } from '../tests/system/service.ts';

/** A laptop reranks slowly while it does something else; nothing is gained by giving up on it. */
const PATIENCE_MS = 300_000;

/**
 * Runs `work` with the official client against the service at `url`; without one, against a service that is started for
 * it, whose state is kept in the user's cache so that what was loaded once need not be loaded again.
 */
export async function withService(
  { url, key }: { readonly url: string | undefined; readonly key: string },
  work: (client: OpenAI) => Promise<void>,
): Promise<void> {
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
  const service =
    url === undefined
      ? await startService({
          state: join(cache, 'selvedge', 'benchmarks'),
          // Its own: a model server that somebody keeps warm may be taken away in the middle.
          environment: { SELVEDGE_MODEL_SERVER_URL: '' },
        })
      : null;
  try {
    const baseURL = `${service?.url ?? url}/v1`;
    await work(new OpenAI({ baseURL, apiKey: key, timeout: PATIENCE_MS, maxRetries: 5 }));
  } finally {
    await service?.stop();
  }
}
