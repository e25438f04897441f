import { type Clock, DAY } from './clock.ts';

/**
 * What grows with every request, and how many days it stays. Documents, prompts, datasets and the journals of agents
 * are people's work and stay until somebody deletes them.
 */
export const agingKinds = ['spans', 'requests', 'responses', 'evaluations', 'feedback'] as const;
export type AgingKind = (typeof agingKinds)[number];
export type Retention = Readonly<Record<AgingKind, number>>;

export interface AgingRepository {
  /** Removes up to `limit` of a kind, of all tenants, that began before `before`; fewer than that: none is left. */
  remove(kind: AgingKind, before: number, limit: number): Promise<number>;
}

/** One statement; a trace has some ten spans, which keeps it far below D1's thirty seconds. */
const AT_ONCE = 200;
/** A kind and a sweep: with one every five minutes a million rows a day. The rest waits for the next. */
const MOST_BATCHES = 20;

/** Called from time to time. A row may outlive its time by as long as the sweeps need to come round to it. */
export async function expire(
  deps: { readonly clock: Clock; readonly records: AgingRepository },
  keepDays: Retention,
): Promise<void> {
  const now = deps.clock();
  for (const kind of agingKinds) {
    const before = now - keepDays[kind] * DAY;
    for (let batch = 0; batch < MOST_BATCHES; batch += 1) {
      if ((await deps.records.remove(kind, before, AT_ONCE)) < AT_ONCE) break;
    }
  }
}
