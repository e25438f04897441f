import type { Context } from './context.ts';

export interface ServerEvent {
  /** The `event:` line; null for dialects that have none. */
  readonly event: string | null;
  readonly data: string;
  /** The first event that carries something of the answer itself. */
  readonly starts?: boolean;
}

const encoder = new TextEncoder();

const frame = ({ event, data }: ServerEvent): Uint8Array =>
  encoder.encode(`${event === null ? '' : `event: ${event}\n`}data: ${data}\n\n`);

/**
 * Server-sent events from a generator. The headers wait for the first piece of the answer: only then are the
 * stages of `Server-Timing` known, and what fails before it still gets a status of its own.
 *
 * A client that goes away does not stop the work: it is finished, stored and paid for like any other. When the
 * generator throws, it has said so in its last event; the error then ends up on the request's row.
 */
export async function eventStream(c: Context, events: AsyncGenerator<ServerEvent>): Promise<Response> {
  const early: ServerEvent[] = [];
  for (;;) {
    const { done, value } = await events.next();
    if (done === true) break;
    early.push(value);
    if (value.starts === true) break;
  }
  let gone = false;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  c.var.unfinished.push(promise);
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      const send = (event: ServerEvent) => {
        if (!gone) controller.enqueue(frame(event));
      };
      for (const event of early) send(event);
      void drain(events, send)
        .then(resolve, reject)
        .finally(() => {
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

async function drain(events: AsyncGenerator<ServerEvent>, send: (event: ServerEvent) => void): Promise<void> {
  for await (const event of events) send(event);
}
