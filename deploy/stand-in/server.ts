import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Account, type Call, Refusal, type Routes } from './account.ts';
import { resourceRoutes } from './resources.ts';
import { workerRoutes } from './workers.ts';

/**
 * Cloudflare's REST API on this machine, as far as `npm run deploy` and wrangler use it, over one account. What
 * nobody has asked for yet answers 404 and is listed in `unknown`.
 */
export interface StandIn {
  /** For `CLOUDFLARE_API_BASE_URL`. */
  readonly url: string;
  readonly account: Account;
  /** "METHOD path" of each request, below the account. */
  readonly requests: string[];
  readonly unknown: string[];
  /** Areas (`d1`, `r2`, `queues`, `vectorize`, `workers`) that the token may read but not change. */
  readonly denied: Set<string>;
  /** Requests that match fail with a 500. */
  failing: RegExp | null;
  close(): Promise<void>;
}

const routes: Routes = { ...resourceRoutes, ...workerRoutes };

export async function startStandIn(): Promise<StandIn> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const standIn: StandIn = {
    url: `http://127.0.0.1:${port}/client/v4`,
    account: new Account(),
    requests: [],
    unknown: [],
    denied: new Set(),
    failing: null,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
  server.on('request', async (request, response) => {
    const { status, body } = await answer(standIn, request);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  return standIn;
}

async function answer(standIn: StandIn, request: IncomingMessage): Promise<{ status: number; body: object }> {
  try {
    const result = await handle(standIn, request);
    const page = { page: 1, per_page: 1000, count: 1, total_count: 1, total_pages: 1 };
    return { status: 200, body: { success: true, result, errors: [], messages: [], result_info: page } };
  } catch (error) {
    const { status, code, message } =
      error instanceof Refusal ? error : new Refusal(500, 10001, `The stand-in broke: ${error}`);
    return { status, body: { success: false, result: null, errors: [{ code, message }], messages: [] } };
  }
}

async function handle(standIn: StandIn, request: IncomingMessage): Promise<unknown> {
  const url = new URL(request.url ?? '/', 'http://stand-in');
  const path = url.pathname.replace(/^\/client\/v4(\/accounts\/[^/]+\/)?/, '');
  const called = `${request.method} ${path}`;
  standIn.requests.push(called);
  const body = await read(request);
  if (request.method !== 'GET' && standIn.denied.has(path.split('/')[0] ?? '')) {
    throw new Refusal(403, 10000, 'Authentication error');
  }
  if (standIn.failing?.test(called)) throw new Refusal(500, 10001, 'An unexpected error occurred.');
  for (const [pattern, route] of Object.entries(routes)) {
    const segments = new RegExp(`^${pattern.replace(/:(\w+)/g, '(?<$1>[^/]+)')}$`).exec(called);
    if (segments === null) continue;
    const call: Call = {
      account: standIn.account,
      query: url.searchParams,
      segment: (name) => segments.groups?.[name] ?? '',
      json: <T>() => JSON.parse(new TextDecoder().decode(body)) as T,
      form: () =>
        new Response(body, { headers: { 'content-type': request.headers['content-type'] ?? '' } }).formData(),
    };
    return route(call);
  }
  standIn.unknown.push(called);
  throw new Refusal(
    404,
    7003,
    `Could not route to ${url.pathname}, perhaps your object identifier is invalid?`,
  );
}

async function read(request: IncomingMessage): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return new Uint8Array(Buffer.concat(chunks));
}
