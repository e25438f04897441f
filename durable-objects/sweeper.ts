import { DurableObject } from 'cloudflare:workers';
import { d1Backlog } from '../adapters/d1-backlog.ts';
import { d1Files } from '../adapters/d1-files.ts';
import { d1Passages } from '../adapters/d1-passages.ts';
import type { Environment } from '../adapters/environment.ts';
import { ingestQueue } from '../adapters/ingest-queue.ts';
import { r2Contents } from '../adapters/r2-contents.ts';
import { systemClock } from '../core/clock.ts';
import { GRACE_MS } from '../core/ingest/lease.ts';
import { sweep } from '../core/ingest/sweep.ts';

/** Long enough for whatever stood in the way to pass, short enough for somebody who waits for a document. */
const FALLBACK_MS = 60_000;

/**
 * The clock behind unfinished documents and deletions. Alarms are stored, so they fire after a crash or a
 * deploy, which messages in a queue need not survive; what to do then is decided in `core/ingest/sweep.ts`.
 */
export class Sweeper extends DurableObject<Environment> {
  /** Makes sure that a sweep follows the work which the caller is about to write down. */
  async wake(): Promise<void> {
    const at = Date.now() + GRACE_MS + 1;
    const set = await this.ctx.storage.getAlarm();
    if (set === null || set > at) await this.ctx.storage.setAlarm(at);
  }

  override async alarm(): Promise<void> {
    // Should the sweep throw more often than alarms are retried, this one is left.
    const fallback = Date.now() + FALLBACK_MS;
    await this.ctx.storage.setAlarm(fallback);
    const next = await sweep({
      clock: systemClock,
      backlog: d1Backlog(this.env.DB),
      files: d1Files(this.env.DB),
      contents: r2Contents(this.env.DOCUMENTS),
      passages: d1Passages(this.env.SEARCH),
      ingestQueue: ingestQueue(this.env.INGEST),
    });
    const set = await this.ctx.storage.getAlarm();
    if (next !== null && (set === null || set > next)) await this.ctx.storage.setAlarm(next);
    if (next === null && set === fallback) await this.ctx.storage.deleteAlarm();
  }
}
