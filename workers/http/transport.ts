import { cors } from 'hono/cors';
import { createMiddleware } from 'hono/factory';
import { Failure } from '../../core/failure.ts';
import type { Context, Routes } from './context.ts';
import { openAiError } from './errors.ts';

/**
 * What stands around every answer, whatever the route: which pages of other origins may call, which headers keep a
 * browser from guessing, and what an address outside the API gets.
 *
 *  CON-6 Pages of another origin may call only where the operator says so (`CORS_ORIGINS`), and never `/api/page`, which
 *     knows a key. A preflight carries no key, so it is answered before anybody asks for one.
 *  CON-7 A client of the API never gets the page with status 200: what is no file of the page and was not asked for as
 *     a page (`accept: text/html`) is a 404 in JSON, which says so when only `/v1` is missing.
 */

/** Headers of ours that a page may read. */
const exposed = [
  'openai-poll-after-ms',
  'retry-after',
  'server-timing',
  'x-request-id',
  'x-selvedge-cost-usd',
  'x-selvedge-ignored',
  'x-selvedge-prompt',
  'x-selvedge-trace-id',
  'x-upstream-request-id',
];

/** Seconds for which a browser need not ask again: a day. */
const PREFLIGHT_AGE = 86_400;

const originsOf = (setting: string | undefined): readonly string[] =>
  (setting ?? '')
    .split(',')
    .map((origin) => origin.trim())
    .filter((origin) => origin !== '');

const allowing = cors({
  origin: (origin, c: Context) => {
    const allowed = originsOf(c.env.CORS_ORIGINS);
    if (allowed.includes('*')) return '*';
    return allowed.includes(origin) ? origin : null;
  },
  allowMethods: ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'],
  exposeHeaders: exposed,
  maxAge: PREFLIGHT_AGE,
});

export const crossOrigin = createMiddleware<Routes>(async (c, next) =>
  c.req.path === '/api/page' ? next() : allowing(c, next),
);

/** No cache keeps an answer, and no browser guesses its type. */
export const safeHeaders = createMiddleware<Routes>(async (c, next) => {
  await next();
  c.res.headers.set('x-content-type-options', 'nosniff');
  if (!c.res.headers.has('cache-control')) c.res.headers.set('cache-control', 'no-store');
});

const ofTheApi = /^\/(v1|api|mcp|docs)(\/|$)|^\/(health|openapi\.json)$/;

/** Routes of OpenAI's API, by what a client asks for that was given a base URL without `/v1`. */
const withoutPrefix =
  /^\/(audio|batches|chat|completions|conversations|embeddings|evals|files|fine_tuning|images|models|moderations|responses|uploads|vector_stores|messages|rerank)(\/|$)/;

/** Everything outside the API: the page and its files. It stands before the middleware that opens traces. */
export const pages = createMiddleware<Routes>(async (c, next) => {
  if (ofTheApi.test(c.req.path)) return next();
  const { method } = c.req;
  if (method === 'GET' || method === 'HEAD') {
    const accept = c.req.header('accept') ?? '*/*';
    const asset = await c.env.ASSETS.fetch(c.req.raw);
    const isPage = asset.headers.get('content-type')?.startsWith('text/html') === true;
    const isAsked = !isPage || c.req.path === '/' || accept.includes('text/html');
    if (isAsked && asset.status !== 404) return asset;
  }
  return c.json({ error: openAiError(noPage(c)) }, 404);
});

function noPage(c: Context): Failure {
  const { path, method, url } = c.req;
  const hint = withoutPrefix.test(path)
    ? ` The API is under /v1: set the client's base URL to ${new URL(url).origin}/v1.`
    : ' The API is under /v1 and /api; GET /openapi.json lists all routes.';
  return new Failure('not_found', `No route ${method} ${path}.${hint}`);
}
