import { createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer, text } from 'node:stream/consumers';
import { Documented, type OpenApi } from '../documented.ts';
import { type Service, type ServiceOptions, startService } from './service.ts';

/**
 * `npm start` behind a proxy that holds every answer and every event to `/openapi.json` (CON-8, CON-9), whoever asks: an
 * official client, a script in Python, a browser. `stop` throws on what did not fit.
 */
export async function startCheckedService(options: ServiceOptions = {}): Promise<Service> {
  const service = await startService(options);
  const document = new Documented((await (await fetch(`${service.url}/openapi.json`)).json()) as OpenApi);
  const faults = new Set<string>();
  const note = (fault: string | null): void => {
    if (fault !== null) faults.add(fault);
  };
  const proxy = createServer(
    (request, response) => void pass(service.url, document, note, request, response),
  );
  await new Promise<void>((listening) => proxy.listen(0, '127.0.0.1', listening));
  const close = async (): Promise<void> => {
    proxy.closeAllConnections();
    await new Promise((closed) => proxy.close(closed));
  };
  return {
    ...service,
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    async stop() {
      await close();
      await service.stop();
      if (faults.size > 0) throw new Error(`Not as documented:\n${[...faults].join('\n')}`);
    },
    async kill() {
      await close();
      await service.kill();
    },
  };
}

async function pass(
  origin: string,
  document: Documented,
  note: (fault: string | null) => void,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method = 'GET', url = '/' } = request;
  const { 'accept-encoding': _, ...headers } = request.headers;
  const forwarded = send(new URL(url, origin), { method, headers });
  // Whoever goes away takes the connection behind along, and the reverse.
  response.on('close', () => forwarded.destroy());
  forwarded.on('error', () => response.destroy());
  const found = document.find(method, new URL(url, origin).pathname);
  const isJson = request.headers['content-type']?.startsWith('application/json') === true;
  const body = found !== null && isJson ? buffer(request) : null;
  if (body === null) request.pipe(forwarded);
  else void body.then((bytes) => forwarded.end(bytes));
  forwarded.on('response', async (answer) => {
    const { statusCode = 0 } = answer;
    response.writeHead(statusCode, answer.headers);
    response.flushHeaders();
    if (found === null || statusCode === 405 || method === 'HEAD') {
      answer.pipe(response);
      return;
    }
    const { name, operation } = found;
    const type = answer.headers['content-type']?.split(';')[0]?.trim() ?? '';
    const asked = parse((await body)?.toString('utf8'));
    if (statusCode < 300 && asked !== undefined && request.headers['content-encoding'] === undefined) {
      note(document.request(name, operation, asked));
    }
    if (type === 'text/event-stream') {
      watch(answer, (event) => note(document.event(name, operation, event)));
      answer.pipe(response);
      return;
    }
    const isAnswer = type === 'application/json' || type === 'application/problem+json';
    if (!isAnswer) {
      note(document.answer(name, operation, statusCode, type, null));
      answer.pipe(response);
      return;
    }
    try {
      const said = await text(answer);
      note(document.answer(name, operation, statusCode, type, parse(said) ?? null));
      response.end(said);
    } catch {
      // It broke off, and so does ours.
      response.destroy();
    }
  });
}

/** Looks at each event as it passes. */
function watch(answer: IncomingMessage, check: (event: unknown) => void): void {
  const decoder = new TextDecoder();
  let rest = '';
  answer.on('data', (bytes: Buffer) => {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line.startsWith('data: ') && line !== 'data: [DONE]') check(parse(line.slice(6)));
    }
  });
}

function parse(json: string | undefined): unknown {
  try {
    return json === undefined ? undefined : JSON.parse(json);
  } catch {
    return undefined;
  }
}
