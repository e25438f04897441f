import type { Clock } from '../clock.ts';
import type { Position, Why } from './decide.ts';
import type { Request } from './graph.ts';
import { raiseInterrupt } from './interrupt.ts';
import { changed, type Journal, type RunRecord } from './journal.ts';

/** Asks a person, and lets the run wait for the answer. */
export async function pauseRun(
  deps: { readonly journal: Journal; readonly clock: Clock },
  run: RunRecord,
  position: Position,
  request: Request,
  why: Why,
): Promise<void> {
  const interrupt = await raiseInterrupt(deps, run, position, request, why);
  const now = deps.journal.run(run.id);
  if (now?.status !== 'running') return;
  deps.journal.commit([
    { kind: 'interrupt', interrupt },
    changed(now, { status: 'interrupted', attempts: 0, lastFailure: null, wakeAt: deps.clock() }),
  ]);
}
