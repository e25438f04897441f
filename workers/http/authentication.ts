import { createMiddleware } from 'hono/factory';
import { routePath } from 'hono/route';
import { authenticate } from '../../core/access/authenticate.ts';
import { requireScope } from '../../core/access/key.ts';
import { Meter } from '../../core/access/meter.ts';
import type { KeyScope } from '../../core/scope.ts';
import type { Routes } from './context.ts';

/** Finds the key's tenant, as OpenAI's clients send it (`Authorization`) or as Anthropic's do (`x-api-key`). */
export const authentication = createMiddleware<Routes>(async (c, next) => {
  const bearer = /^Bearer\s+(.+)$/i.exec(c.req.header('authorization') ?? '')?.[1]?.trim();
  const { scope, key } = await authenticate(c.var.services, bearer ?? c.req.header('x-api-key') ?? null);
  c.set('scope', scope);
  c.set('key', key);
  const { services, trace, requestId } = c.var;
  const route = `${c.req.method} ${routePath(c, -1)}`;
  const meter = new Meter(services, { trace, account: key, route, requestId });
  c.set('meter', meter);
  await meter.count();
  await next();
});

/** For whole sub-applications or single routes: `routes.use(needs('admin'))`. Of several scopes one is enough. */
export const needs = (...oneOf: readonly [KeyScope, ...KeyScope[]]) =>
  createMiddleware<Routes>(async (c, next) => {
    requireScope(c.var.scope, ...oneOf);
    await next();
  });
