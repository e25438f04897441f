import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json, text } from 'node:stream/consumers';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the MCP server of others listens. */
    mcpServer: string;
  }
}

/**
 * A server of the Model Context Protocol as somebody else runs it, in plain JSON-RPC (revision 2025-11-25): `/open/mcp`
 * for everybody, `/key/mcp` for who sends `x-api-key: right`, and `/oauth/mcp` behind OAuth 2.1 with an authorization
 * server that agrees at once. Its one tool, `find_customer`, knows one customer and fails for others.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = createServer((request, response) => void serve(base, request, response));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  project.provide('mcpServer', base);
  return async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  };
}

const send = (
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
) => response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));

async function serve(base: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', base);
  switch (url.pathname) {
    case '/open/mcp':
      return speak(request, response);
    case '/key/mcp':
      if (request.headers['x-api-key'] === 'right') return speak(request, response);
      return void send(response, 403, { error: 'forbidden' });
    case '/oauth/mcp':
      if (request.headers.authorization === 'Bearer granted') return speak(request, response);
      return void send(
        response,
        401,
        { error: 'unauthorized' },
        {
          'www-authenticate': `Bearer resource_metadata="${base}/.well-known/oauth-protected-resource/oauth/mcp"`,
        },
      );
    case '/.well-known/oauth-protected-resource/oauth/mcp':
      return void send(response, 200, { resource: `${base}/oauth/mcp`, authorization_servers: [base] });
    case '/.well-known/oauth-authorization-server':
      return void send(response, 200, {
        issuer: base,
        authorization_endpoint: `${base}/authorize`,
        token_endpoint: `${base}/token`,
        registration_endpoint: `${base}/register`,
        response_types_supported: ['code'],
        grant_types_supported: ['authorization_code', 'refresh_token'],
        code_challenge_methods_supported: ['S256'],
        token_endpoint_auth_methods_supported: ['none'],
      });
    case '/register':
      return void send(response, 201, { ...((await json(request)) as object), client_id: 'client_1' });
    case '/authorize': {
      const back = new URL(url.searchParams.get('redirect_uri') ?? base);
      back.searchParams.set('code', 'code_1');
      back.searchParams.set('state', url.searchParams.get('state') ?? '');
      back.searchParams.set('iss', base);
      return void response.writeHead(302, { location: back.toString() }).end();
    }
    case '/token': {
      const form = new URLSearchParams(await text(request));
      if (form.get('code') !== 'code_1') return void send(response, 400, { error: 'invalid_grant' });
      return void send(response, 200, { access_token: 'granted', token_type: 'Bearer', expires_in: 3600 });
    }
    default:
      return void send(response, 404, { error: 'not found' });
  }
}

interface Message {
  readonly id?: number | string;
  readonly method: string;
  readonly params?: { readonly protocolVersion?: string; readonly arguments?: { readonly name?: string } };
}

async function speak(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== 'POST') return void send(response, 405, { error: 'only POST' });
  const { id, method, params } = (await json(request)) as Message;
  const result = (value: unknown) => void send(response, 200, { jsonrpc: '2.0', id, result: value });
  switch (method) {
    case 'initialize':
      return result({
        protocolVersion: '2025-11-25',
        capabilities: { tools: {} },
        serverInfo: { name: 'customers', version: '1' },
      });
    case 'tools/list':
      return result({
        tools: [
          {
            name: 'find_customer',
            description: 'Finds a customer by name.',
            inputSchema: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] },
          },
        ],
      });
    case 'tools/call':
      if (params?.arguments?.name !== 'Acme') {
        return result({ isError: true, content: [{ type: 'text', text: 'No such customer.' }] });
      }
      return result({
        content: [{ type: 'text', text: 'Acme, since 2019' }],
        structuredContent: { name: 'Acme', since: 2019 },
      });
    default:
      if (id === undefined) return void response.writeHead(202).end();
      return void send(response, 200, {
        jsonrpc: '2.0',
        id,
        error: { code: -32601, message: 'Method not found' },
      });
  }
}
