import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import type { TestProject } from 'vitest/node';
import type { Received, Reply } from './upstream-script.ts';

interface Script {
  readonly replies: Reply[];
  readonly received: Received[];
  /** Calls whose caller went away before the answer had ended. */
  abandoned: number;
}

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the scripted model provider listens. */
    upstream: string;
  }
}

/**
 * A model provider on 127.0.0.1 that says what a test has written for it, over real HTTP. `PUT /{name}` takes the
 * replies, `GET /{name}` tells what came, and every POST below `/{name}/` is a call: the replies answer in order, and
 * the last one again and again.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const scripts = new Map<string, Script>();
  const server = createServer((request, response) => void serve(scripts, request, response));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  project.provide('upstream', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  };
}

async function serve(
  scripts: Map<string, Script>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [, name = '', ...path] = (request.url ?? '').split('/');
  if (request.method === 'PUT') {
    scripts.set(name, { replies: (await json(request)) as Reply[], received: [], abandoned: 0 });
    response.end();
    return;
  }
  const script = scripts.get(name);
  if (script === undefined) {
    response.writeHead(404).end();
    return;
  }
  if (request.method === 'GET') {
    const { received, abandoned } = script;
    response.end(JSON.stringify({ received, abandoned }));
    return;
  }
  const body = (await json(request)) as Received['body'];
  script.received.push({ path: path.join('/'), headers: request.headers as Received['headers'], body });
  const reply = script.replies.length > 1 ? script.replies.shift() : script.replies[0];
  response.on('close', () => {
    if (!response.writableFinished && reply?.ending !== 'drop') script.abandoned += 1;
  });
  await say(reply ?? { status: 500, writes: [] }, response);
}

async function say(
  { status, headers, pause, writes, ending }: Reply,
  response: ServerResponse,
): Promise<void> {
  if (pause !== undefined) await new Promise((over) => setTimeout(over, pause));
  response.writeHead(status ?? 200, { 'content-type': 'application/json', ...headers });
  for (const text of writes) await new Promise((written) => response.write(text, written));
  if (ending === 'drop') response.destroy();
  else response.end();
}
