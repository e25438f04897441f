import { createMiddleware } from 'hono/factory';
import { routePath } from 'hono/route';
import type { Compose } from '../../adapters/services.ts';
import type { Meter } from '../../core/access/meter.ts';
import { newId } from '../../core/identifier.ts';
import { decimal } from '../../core/telemetry/money.ts';
import { Trace } from '../../core/telemetry/trace.ts';
import type { Context, Routes } from './context.ts';

/**
 * Opens the request's trace, puts its ids, cost and stages on the answer, and writes one row when all work
 * has ended, streams included. A request without a valid key leaves no row: it belongs to no tenant.
 */
export const telemetry = (compose: Compose) =>
  createMiddleware<Routes>(async (c, next) => {
    const services = compose(c.env);
    const trace = new Trace('request', services);
    c.set('services', services);
    c.set('trace', trace);
    c.set('requestId', newId('req', services.random));
    c.set('unfinished', []);
    await next();
    const route = `${c.req.method} ${routePath(c, -1)}`;
    trace.root.set({ 'http.route': route, 'http.response.status_code': c.res.status });
    describeAnswer(c);
    c.executionCtx.waitUntil(finish(c));
  });

function describeAnswer(c: Context): void {
  const { trace, requestId } = c.var;
  const headers = new Headers(c.res.headers);
  headers.set('x-request-id', requestId);
  headers.set('x-selvedge-trace-id', trace.traceId);
  if (trace.promptVersion !== null) headers.set('x-selvedge-prompt', trace.promptVersion);
  if (trace.pipeline !== null) headers.set('x-selvedge-pipeline', trace.pipeline);
  headers.set('x-selvedge-cost-usd', decimal(trace.totals.cost));
  const stages = [...trace.stages].map(([stage, time]) => `${stage};dur=${time}`);
  if (trace.timeToFirstToken !== null) stages.push(`generate;desc="ttft";dur=${trace.timeToFirstToken}`);
  headers.set('server-timing', [...stages, `total;dur=${trace.now() - trace.startedAt}`].join(', '));
  c.res = new Response(c.res.body, { status: c.res.status, statusText: c.res.statusText, headers });
}

async function finish(c: Context): Promise<void> {
  const settled = await allSettled(c.var.unfinished);
  const meter = c.var.meter as Meter | undefined;
  if (meter === undefined) return;
  const failed = settled.find((work) => work.status === 'rejected');
  const error: unknown = failed?.reason ?? c.error;
  await meter.end({ status: c.res.status, error });
}

/** Also what is begun while the others end. */
async function allSettled(
  work: readonly Promise<unknown>[],
): Promise<readonly PromiseSettledResult<unknown>[]> {
  let settled: readonly PromiseSettledResult<unknown>[] = [];
  while (settled.length < work.length) settled = await Promise.allSettled(work);
  return settled;
}
