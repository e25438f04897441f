import { Hono } from 'hono';
import type { Routes } from './context.ts';

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
  .get('/callback/:tenant', (c) => c.env.MCP_CONNECTIONS.getByName(c.req.param('tenant')).fetch(c.req.raw));
