import { Hono } from 'hono';
import { z } from 'zod';
import { notFound } from '../../core/failure.ts';
import { asId, type TenantId } from '../../core/identifier.ts';
import type { Routes } from './context.ts';
import { operation } from './operation.ts';

const authorized = operation({
  summary: 'Take a browser back from the authorisation of an MCP server',
  description:
    'Where OAuth sends a person back to after `auth_url`. It asks for no key: the state in the query is checked.',
  tag: 'agents',
  public: true,
  answers: {
    200: { schema: z.string(), type: 'text/plain', example: 'Connected. You can close this window.' },
  },
});

/**
 * The Model Context Protocol over streamable HTTP, in the revision of 2026-07-28 and the one before it, at one address
 * and without sessions: each request gets a server of its own, made for its key.
 *
 * The protocol's packages are loaded with the first request for them, so that no other request pays for them.
 */
export const mcp = new Hono<Routes>()
  .all('/', async (c) => {
    const { serveMcp } = await import('../mcp/server.ts');
    return serveMcp(c);
  })
  // A browser that comes back from an authorisation carries no key; the object knows the state that it gave out.
  .get('/callback/:tenant', authorized, async (c) => {
    const tenant = asId<TenantId>(c.req.param('tenant'));
    // An object takes space forever once it is addressed, so only a tenant has one.
    if ((await c.var.services.keys.list(tenant, { limit: 1, after: null })).data.length === 0)
      throw notFound('tenant', tenant);
    return c.env.MCP_CONNECTIONS.getByName(tenant).fetch(c.req.raw);
  });
