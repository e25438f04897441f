import type { TenantId } from '../identifier.ts';
import type { Json } from './json.ts';

/**
 * Servers of the Model Context Protocol whose tools a tenant's agents may call. Who keeps the connections also keeps
 * what OAuth has given for them; nothing of it is ever shown.
 */
export interface McpConnections {
  /** Connects, and knows the server by its name from then on. `callbackUrl` is where OAuth sends the person back to. */
  add(tenantId: TenantId, server: NewMcpServer, callbackUrl: string): Promise<ConnectedMcpServer>;
  list(tenantId: TenantId): Promise<readonly ConnectedMcpServer[]>;
  /** False where there is no such server. */
  remove(tenantId: TenantId, name: string): Promise<boolean>;
  /**
   * Calls a tool. @throws Failure `not_found` for a server or tool that is not there, `upstream_unavailable` while the
   * server cannot be reached or waits for a person to authorise it, `unprocessable` where the tool says that it failed.
   */
  call(tenantId: TenantId, call: McpCall): Promise<Json>;
}

export interface NewMcpServer {
  readonly name: string;
  readonly url: string;
  /** Sent with every request: an API key of the server, say. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface ConnectedMcpServer {
  readonly name: string;
  readonly url: string;
  /** `authorizing`: a person has to open `authUrl` first. */
  readonly state: 'ready' | 'connecting' | 'authorizing' | 'failed';
  readonly authUrl: string | null;
  readonly error: string | null;
  readonly tools: readonly McpToolDescription[];
}

export interface McpToolDescription {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: { readonly [key: string]: Json };
}

export interface McpCall {
  readonly server: string;
  readonly tool: string;
  readonly args: { readonly [key: string]: Json };
  /** The effect's key, which the server gets as `_meta.idempotencyKey`. */
  readonly key: string;
  readonly timeoutMs: number;
}
