import { McpServer } from '@modelcontextprotocol/server';
import { createMcpHandler } from 'agents/mcp/server';
import { Failure } from '../../core/failure.ts';
import packageFile from '../../package.json' with { type: 'json' };
import type { Context } from '../http/context.ts';
import { registerAgents } from './agent-tools.ts';
import { registerAsk } from './ask-tool.ts';
import { registerDocuments } from './document-tools.ts';

/**
 * What an MCP client may do here with its key: `search` and `fetch` (the pair that assistants with connectors look
 * for), `ask` for an answer with checked citations, and every agent as a tool of its own. Which tools are listed
 * depends on the scopes of the key; every call is metered like any other request of it.
 */
function createServer(c: Context): McpServer {
  const server = new McpServer(
    { name: 'selvedge', title: 'Selvedge', version: packageFile.version },
    {
      instructions:
        'Search and read the documents of this team, ask for an answer with citations, and run its agents. ' +
        'Cite what you use by file name and page.',
    },
  );
  const { scopes } = c.var.scope;
  if (scopes.includes('read')) {
    registerDocuments(server, c);
    registerAsk(server, c);
  }
  if (scopes.includes('agents')) registerAgents(server, c);
  return server;
}

/** The most that one JSON-RPC message may have, as for any JSON body. */
const MAX_BYTES = 4 * 1024 * 1024;

export async function serveMcp(c: Context): Promise<Response> {
  if (Number(c.req.header('content-length') ?? '0') > MAX_BYTES) {
    throw new Failure('payload_too_large', 'The body is larger than 4 MiB, the limit for JSON.');
  }
  const handler = createMcpHandler(() => createServer(c));
  return untilEnd(c, await handler(c.req.raw, c.env, c.executionCtx as ExecutionContext));
}

/** Tools run while their answer streams: the request goes on until that has ended, or nobody reads it any more. */
function untilEnd(c: Context, response: Response): Response {
  if (response.body === null) return response;
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  c.var.unfinished.push(response.body.pipeTo(writable).catch(() => undefined));
  return new Response(readable, response);
}
