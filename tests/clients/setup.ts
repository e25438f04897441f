import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import OpenAI, { toFile } from 'openai';
import type { TestProject } from 'vitest/node';
import { startCheckedService } from '../system/checked-service.ts';
import { startUpstream } from './upstream.ts';

/** What a client is given to talk to. */
export interface Place {
  /** Where the service listens, without `/v1`. */
  readonly url: string;
  readonly key: string;
  /** The scripted model behind it, which can be asked what it received. */
  readonly upstream: string;
  /** A collection with one document about a lighthouse of 142 steps. */
  readonly store: string;
  /** Stands in for everything outside: remembers who was called and answers nobody. */
  readonly outside: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    place: Place;
  }
}

/**
 * `npm start` with the scripted model as its default chat model, once for all clients. OpenAI's names are aliases, as
 * docs/how-to/move-from-openai.md tells a team to have them: some clients take no others.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const upstream = await startUpstream();
  const outside = await startOutside();
  const service = await startCheckedService({
    environment: { CATALOGUE: JSON.stringify(catalogue(upstream.url)) },
  });
  const { url, key } = service;
  project.provide('place', {
    url,
    key,
    upstream: upstream.url,
    outside: outside.url,
    store: await library(url, key),
  });
  return async () => {
    try {
      await service.stop();
    } finally {
      await Promise.all([upstream.close(), outside.close()]);
    }
  };
}

const catalogue = (upstream: string) => ({
  models: [
    {
      name: 'scripted',
      task: 'chat',
      target: { kind: 'openai-compatible', model: 'upstream-model', base_url: `${upstream}/v1` },
      answers: 'generate',
      tools: true,
      json_schema: true,
      context_tokens: 32_768,
      price: { input_per_million: 1, output_per_million: 2 },
    },
  ],
  aliases: { ...documentedAliases(), default: 'scripted', 'gpt-4o': 'scripted', 'gpt-4o-mini': 'scripted' },
});

/** The aliases of the how-to itself, so that its JSON is one that the service takes. */
function documentedAliases(): Record<string, string> {
  const page = readFileSync('docs/how-to/move-from-openai.md', 'utf8');
  const block = /```json\n([\s\S]*?)```/.exec(page)?.[1] ?? '{}';
  return (JSON.parse(block) as { aliases: Record<string, string> }).aliases;
}

async function library(url: string, key: string): Promise<string> {
  const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: key });
  const store = await client.vectorStores.create({ name: 'clients' });
  const text = 'The tower of the Skerry lighthouse has 142 steps. Its lamp was lit first in 1871.';
  const file = await client.vectorStores.files.uploadAndPoll(
    store.id,
    await toFile(Buffer.from(text), 'lighthouse.txt'),
  );
  if (file.status !== 'completed') throw new Error(`The document of the clients is ${file.status}.`);
  return store.id;
}

/** A proxy that no call gets through; `GET /called` says who wanted to go where. */
async function startOutside(): Promise<{ readonly url: string; close(): Promise<void> }> {
  const called: string[] = [];
  const server = createServer((request, response) => {
    if (request.url === '/called') response.end(JSON.stringify(called));
    else {
      called.push(request.url ?? '');
      response.writeHead(403).end();
    }
  });
  server.on('connect', (request, socket) => {
    called.push(request.url ?? '');
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
