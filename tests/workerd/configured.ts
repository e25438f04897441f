import { createExecutionContext, env } from 'cloudflare:test';
import type { Configuration } from '../../adapters/configuration.ts';
import { createWorker } from '../../workers/create-worker.ts';
import { newTenant } from './access.ts';

/** A Worker of one's own configuration, called over HTTP by a new tenant. */
export async function configured(configuration: Partial<Configuration>) {
  const worker = createWorker({ agents: () => [], ...configuration });
  const account = await newTenant();
  return async (path: string, body?: unknown): Promise<{ status: number; body: unknown }> => {
    const response = await worker.handler.fetch(
      new Request(`http://selvedge.test${path}`, {
        headers: { authorization: `Bearer ${account.secret}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
      }),
      env,
      createExecutionContext(),
    );
    return { status: response.status, body: await response.json() };
  };
}
