import type { McpConnections } from '../core/agent/mcp.ts';
import type { TenantId } from '../core/identifier.ts';
import { type Reply, unwrapReply } from './durable-reply.ts';
import type { ObjectNamespace } from './object-namespace.ts';

type WithoutTenant<Verb> = Verb extends (tenantId: TenantId, ...args: infer Args) => Promise<infer Result>
  ? (...args: Args) => Promise<Reply<Result>>
  : never;

/** What a tenant's object answers to. */
export type McpConnectionCalls = {
  readonly [Verb in keyof McpConnections]: WithoutTenant<McpConnections[Verb]>;
};

/** One Durable Object a tenant, made by the first server that it connects or the first list that it reads. */
export function durableMcpConnections(namespace: ObjectNamespace<McpConnectionCalls>): McpConnections {
  const of = (tenantId: TenantId) => namespace.getByName(tenantId);
  return {
    add: async (tenantId, server, callbackUrl) => unwrapReply(await of(tenantId).add(server, callbackUrl)),
    list: async (tenantId) => unwrapReply(await of(tenantId).list()),
    remove: async (tenantId, name) => unwrapReply(await of(tenantId).remove(name)),
    call: async (tenantId, call) => unwrapReply(await of(tenantId).call(call)),
  };
}
