import type { Context as HonoContext } from 'hono';
import type { Environment } from '../../adapters/environment.ts';
import type { Services } from '../../adapters/services.ts';
import type { Key } from '../../core/access/key.ts';
import type { Meter } from '../../core/access/meter.ts';
import type { Scope } from '../../core/scope.ts';
import type { Trace } from '../../core/telemetry/trace.ts';

/** What every route finds in its context: set once by the middleware of `application.ts`. */
export interface Variables {
  readonly requestId: string;
  readonly trace: Trace;
  readonly services: Services;
  /** Only behind `authentication`. */
  readonly scope: Scope;
  /** Only behind `authentication`. */
  readonly key: Key;
  /** Only behind `authentication`: what the request may cost, and has cost, its key. */
  readonly meter: Meter;
  /** Work that outlives the handler (a stream, a job): the trace is written after all of it has settled. */
  readonly unfinished: Promise<unknown>[];
}

export interface Routes {
  Bindings: Environment;
  Variables: Variables;
}

export type Context = HonoContext<Routes>;
