import { DurableObject } from 'cloudflare:workers';
import type { Lifecycle } from 'agents/lifecycle';
import type { MCPClientManager } from 'agents/mcp/client';
import type { McpConnectionCalls } from '../adapters/durable-mcp-connections.ts';
import { type Reply, toReply } from '../adapters/durable-reply.ts';
import type { Environment } from '../adapters/environment.ts';
import type { Json } from '../core/agent/json.ts';
import type { ConnectedMcpServer, McpCall, McpToolDescription, NewMcpServer } from '../core/agent/mcp.ts';
import { Failure, notFound } from '../core/failure.ts';
import packageFile from '../package.json' with { type: 'json' };

const CONNECT_MS = 15_000;

/**
 * One object a tenant: the MCP servers that it has connected. Cloudflare's `MCPClientManager` keeps the connections, the
 * tokens of OAuth and their renewal in this object's storage; this class only speaks to it. The packages (0.7 MB) are
 * loaded when an object is first used, so that no other request evaluates them.
 */
export class McpConnections extends DurableObject<Environment> implements McpConnectionCalls {
  #started: Promise<MCPClientManager> | null = null;

  add({ name, url, headers }: NewMcpServer, callbackUrl: string): Promise<Reply<ConnectedMcpServer>> {
    return toReply(async () => {
      const manager = await this.#manager();
      // The same name again starts over: other headers, another address, a new authorisation.
      if (manager.listServers().some(({ id }) => id === name)) await manager.removeServer(name);
      await manager.registerServer(name, {
        name,
        url,
        callbackUrl,
        transport: { type: 'auto', requestInit: { headers } },
      });
      const { state } = await manager.connectToServer(name);
      if (state === 'connected') await manager.discoverIfConnected(name, { timeoutMs: CONNECT_MS });
      return describe(manager, name);
    });
  }

  list(): Promise<Reply<readonly ConnectedMcpServer[]>> {
    return toReply(async () => {
      const manager = await this.#manager();
      return manager.listServers().map(({ id }) => describe(manager, id));
    });
  }

  remove(name: string): Promise<Reply<boolean>> {
    return toReply(async () => {
      const manager = await this.#manager();
      if (!manager.listServers().some(({ id }) => id === name)) return false;
      await manager.removeServer(name);
      return true;
    });
  }

  call({ server, tool, args, key, timeoutMs }: McpCall): Promise<Reply<Json>> {
    return toReply(async () => {
      const manager = await this.#manager();
      if (!manager.listServers().some(({ id }) => id === server)) throw notFound('MCP server', server);
      const { state, error, tools } = describe(manager, server);
      if (state !== 'ready') {
        const why =
          state === 'authorizing' ? 'waits for a person to authorise it' : (error ?? 'is not connected');
        throw new Failure('upstream_unavailable', `The MCP server '${server}' ${why}.`);
      }
      if (!tools.some(({ name }) => name === tool)) throw notFound('tool', tool);
      const result = await manager.callTool(
        { serverId: server, name: tool, arguments: { ...args }, _meta: { idempotencyKey: key } },
        { timeout: timeoutMs },
      );
      const text = textOf(result.content);
      if (result.isError === true) throw new Failure('unprocessable', text === '' ? `${tool} failed.` : text);
      return (result.structuredContent ?? { text }) as Json;
    });
  }

  /** Where OAuth sends a person's browser back to; the manager knows its own callbacks and refuses all others. */
  override async fetch(request: Request): Promise<Response> {
    const manager = await this.#manager();
    if (!manager.isCallbackRequest(request)) return new Response('Not found', { status: 404 });
    const { authSuccess, authError, serverId } = await manager.handleCallbackRequest(request);
    if (!authSuccess) {
      return new Response(`The authorisation failed: ${authError ?? 'no reason was given'}`, { status: 400 });
    }
    await manager.establishConnection(serverId);
    return new Response('Connected. You can close this window.');
  }

  async #manager(): Promise<MCPClientManager> {
    this.#started ??= this.#start();
    const manager = await this.#started;
    await manager.waitForConnections({ timeout: CONNECT_MS });
    return manager;
  }

  async #start(): Promise<MCPClientManager> {
    const [{ Lifecycle }, { MCPClientManager }] = await Promise.all([
      import('agents/lifecycle'),
      import('agents/mcp/client'),
    ]);
    const manager = new MCPClientManager('selvedge', packageFile.version);
    const lifecycle: Lifecycle = new Lifecycle(this).use(manager) as Lifecycle;
    await lifecycle.start();
    return manager;
  }
}

const states = {
  ready: 'ready',
  authenticating: 'authorizing',
  failed: 'failed',
} as const satisfies Record<string, ConnectedMcpServer['state']>;

function describe(manager: MCPClientManager, name: string): ConnectedMcpServer {
  const row = manager.listServers().find(({ id }) => id === name);
  const connection = manager.mcpConnections[name];
  const state = connection?.connectionState;
  const tools = connection?.tools ?? [];
  return {
    name,
    url: row?.server_url ?? '',
    state: states[state as keyof typeof states] ?? 'connecting',
    authUrl: row?.auth_url ?? null,
    error: connection?.connectionError ?? null,
    tools: tools.map(
      (tool): McpToolDescription => ({
        name: tool.name,
        description: tool.description ?? '',
        inputSchema: tool.inputSchema as McpToolDescription['inputSchema'],
      }),
    ),
  };
}

const textOf = (content: unknown): string =>
  Array.isArray(content)
    ? content
        .map((part: { readonly text?: unknown }) => (typeof part.text === 'string' ? part.text : ''))
        .join('\n')
    : '';
