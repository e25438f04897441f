import { DurableObject } from 'cloudflare:workers';
import type { SweeperCalls } from '../adapters/durable-sweeper.ts';
import type { Environment } from '../adapters/environment.ts';
import type { Compose } from '../adapters/services.ts';
import { GRACE_MS } from '../core/ingest/lease.ts';
import { sweep } from '../core/ingest/sweep.ts';

/** Long enough for whatever stood in the way to pass, short enough for somebody who waits for a document. */
const FALLBACK_MS = 60_000;

/**
 * The clock behind unfinished documents and deletions. Alarms are stored, so they fire after a crash or a
 * deploy, which messages in a queue need not survive; what to do then is decided in `core/ingest/sweep.ts`.
 */
export const sweeper = (compose: Compose) =>
  class Sweeper extends DurableObject<Environment> implements SweeperCalls {
    /** Makes sure that a sweep follows the work which the caller is about to write down. */
    async wake(): Promise<void> {
      const at = compose(this.env).clock() + GRACE_MS + 1;
      const set = await this.ctx.storage.getAlarm();
      if (set === null || set > at) await this.ctx.storage.setAlarm(at);
    }

    override async alarm(): Promise<void> {
      const services = compose(this.env);
      // Should the sweep throw more often than alarms are retried, this one is left.
      const fallback = services.clock() + FALLBACK_MS;
      await this.ctx.storage.setAlarm(fallback);
      const next = await sweep(services);
      const set = await this.ctx.storage.getAlarm();
      if (next !== null && (set === null || set > next)) await this.ctx.storage.setAlarm(next);
      if (next === null && set === fallback) await this.ctx.storage.deleteAlarm();
    }
  };
