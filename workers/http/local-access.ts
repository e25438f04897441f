import { createMiddleware } from 'hono/factory';
import type { Environment } from '../../adapters/environment.ts';
import { Failure } from '../../core/failure.ts';
import { newId } from '../../core/identifier.ts';
import type { Routes } from './context.ts';
import { answerError } from './errors.ts';

/**
 * Where the page gets a key without asking (`PAGE_KEY`, as on a laptop), anyone who can make a browser send a request
 * here could use that key. A website can: it lets its own name resolve to 127.0.0.1 (DNS rebinding), and then its
 * script shares our origin.
 *
 * SEC-23. With `PAGE_KEY`, a request's Host is a loopback name or one of `PAGE_HOSTS`, else 403.
 * SEC-22. With `PAGE_KEY`, a request's Origin, if it has one, is the page's own or one that `CORS_ORIGINS` names, else
 *        403; its `*` would let every website in, and does not count here.
 */
export function refusedAccess(request: Request, env: AccessSettings): Failure | null {
  if ((env.PAGE_KEY ?? '') === '') return null;
  const host = request.headers.get('host') ?? new URL(request.url).host;
  const name = nameOf(host);
  if (name === null || !(LOOPBACK.test(name) || listOf(env.PAGE_HOSTS).includes(name))) {
    return new Failure(
      'forbidden',
      `The host '${host}' is not allowed here. Use localhost, or list the name in PAGE_HOSTS.`,
    );
  }
  const origin = request.headers.get('origin');
  if (origin === null || isOwn(origin, host) || listOf(env.CORS_ORIGINS).includes(origin)) return null;
  return new Failure(
    'forbidden',
    `Pages of '${origin}' may not call this service. List the origin in CORS_ORIGINS to allow it.`,
  );
}

export type AccessSettings = Pick<Environment, 'PAGE_KEY' | 'PAGE_HOSTS' | 'CORS_ORIGINS'>;

/** What `URL` makes of a loopback address: [::1], [::ffff:127.0.0.1], localhost, 127.x.x.x, x.localhost. */
const LOOPBACK = /^(?:(?:[^.]+\.)*localhost|127(?:\.\d+){3}|\[::1\]|\[::ffff:7f[0-9a-f]{2}:[0-9a-f]+\])$/;

/** Without port, in lower case, addresses in their one form; null for what is no host. */
function nameOf(host: string): string | null {
  if (/[/?#@\\\s]/.test(host)) return null;
  try {
    return new URL(`http://${host}`).hostname.replace(/\.$/, '');
  } catch {
    return null;
  }
}

function isOwn(origin: string, host: string): boolean {
  try {
    return new URL(origin).host === new URL(`${new URL(origin).protocol}//${host}`).host;
  } catch {
    return false; // `null`: a sandboxed frame, a file, a redirect across origins.
  }
}

const listOf = (text: string | undefined): readonly string[] => (text ?? '').split(/[\s,]+/).filter(Boolean);

/** Stands before everything else, the page's files included. */
export const localAccess = createMiddleware<Routes>(async (c, next) => {
  const refused = refusedAccess(c.req.raw, c.env);
  if (refused === null) return next();
  const requestId = newId('req');
  c.set('requestId', requestId);
  const answer = await answerError(refused, c);
  answer.headers.set('x-request-id', requestId);
  return answer;
});
