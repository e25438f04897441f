import type { Context } from './context.ts';

export interface ServerEvent {
  /** The `event:` line; null for dialects that have none. */
  readonly event: string | null;
  readonly data: string;
  /** The first event that carries something of the answer itself. */
  readonly starts?: boolean;
}

/**
 * Milliseconds that the headers wait for the first piece of an answer. What fails in that time has a status of its own
 * (a refused request, a model that is not there, a budget), and the stages of `Server-Timing` are known. A model that
 * thinks for longer is not waited for: proxies give up on an answer without a first byte (docs/decisions/053-streams.md).
 */
const HEADERS_WAIT = 5_000;
/** Milliseconds without an event after which a comment keeps the connection; the shortest idle limits are 30 s. */
const KEEP_ALIVE = 15_000;

const encoder = new TextEncoder();
const keepAlive = encoder.encode(': keep-alive\n\n');

const frame = ({ event, data }: ServerEvent): Uint8Array =>
  encoder.encode(`${event === null ? '' : `event: ${event}\n`}data: ${data}\n\n`);

type Next = Promise<IteratorResult<ServerEvent>>;

/**
 * Server-sent events from a generator.
 *
 *  CON-10 The headers leave with the first piece of the answer, or after five seconds; from then on no 15 seconds pass
 *     without a line.
 *  CON-11 A client that goes away does not stop the work: it is finished, stored and paid for like any other. When the
 *     generator throws, it has said so in its last event; the error then ends up on the request's row.
 */
export async function eventStream(c: Context, events: AsyncGenerator<ServerEvent>): Promise<Response> {
  const { early, next } = await beginning(events);
  let gone = false;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  c.var.unfinished.push(promise);
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      let idle = false;
      const write = (bytes: Uint8Array) => {
        idle = false;
        if (!gone) controller.enqueue(bytes);
      };
      const pulse = setInterval(() => {
        if (idle) write(keepAlive);
        idle = true;
      }, KEEP_ALIVE / 2);
      for (const event of early) write(frame(event));
      void drain(next, events, (event) => write(frame(event)))
        .then(resolve, reject)
        .finally(() => {
          clearInterval(pulse);
          if (!gone) controller.close();
        });
    },
    cancel() {
      gone = true;
    },
  });
  return c.body(body, 200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
  });
}

/** The events until the first piece of the answer, or until the time is up, and the one that is awaited then. */
async function beginning(
  events: AsyncGenerator<ServerEvent>,
): Promise<{ readonly early: readonly ServerEvent[]; readonly next: Next }> {
  const early: ServerEvent[] = [];
  const late = Promise.withResolvers<null>();
  const timer = setTimeout(() => late.resolve(null), HEADERS_WAIT);
  try {
    for (;;) {
      const next = events.next();
      const result = await Promise.race([next, late.promise]);
      if (result === null || result.done === true) return { early, next };
      early.push(result.value);
      if (result.value.starts === true) return { early, next: events.next() };
    }
  } finally {
    clearTimeout(timer);
  }
}

async function drain(
  first: Next,
  events: AsyncGenerator<ServerEvent>,
  send: (event: ServerEvent) => void,
): Promise<void> {
  for (let result = await first; result.done !== true; result = await events.next()) send(result.value);
}
