import type { RunId } from '../identifier.ts';
import type { EffectRecord, InterruptRecord, Journal, RunRecord } from './journal.ts';
import { freezeJson } from './json.ts';

/**
 * What the journal holds about the step in the making, and about what the origin of a fork did after the fork.
 *
 * A node runs again from its first line after each of its effects, and looks its earlier ones up each time. So a drive
 * reads them once a step and keeps them up to date itself, being the only writer while it drives: a node with n calls
 * reads n records from the journal and not n² (AGT-14).
 */
export class Records {
  readonly #journal: Journal;
  readonly #run: RunRecord;
  #step: number;
  #effects: Map<string, EffectRecord> | null = null;
  #interrupts: readonly InterruptRecord[] | null = null;
  #recorded: Recorded | null = null;

  constructor(journal: Journal, run: RunRecord, step: number) {
    this.#journal = journal;
    this.#run = run;
    this.#step = step;
  }

  enter(step: number): void {
    this.#step = step;
    this.#effects = null;
    this.#interrupts = null;
  }

  effect(name: string): EffectRecord | undefined {
    this.#effects ??= new Map(
      this.#own(this.#journal.effects).map((effect) => [effect.name, freezeEffect(effect)]),
    );
    return this.#effects.get(name);
  }

  /** One sending is asked about once; 0 is before the first. */
  interrupt(name: string, attempt: number): InterruptRecord | undefined {
    this.#interrupts ??= this.#own(this.#journal.interrupts).map(freezeInterrupt);
    return this.#interrupts.find((one) => one.name === name && one.attempt === attempt);
  }

  /** What the origin did after the fork and this run has not taken over yet. */
  get recorded(): Recorded {
    this.#recorded ??= recordedBy(this.#journal, this.#run);
    return this.#recorded;
  }

  /** An effect that has just been committed. */
  add(effect: EffectRecord): void {
    this.#effects?.set(effect.name, effect);
    if (effect.reused && this.#recorded !== null) {
      const { effects, interrupts } = this.#recorded;
      this.#recorded = { interrupts, effects: effects.filter(({ key }) => key !== effect.key) };
    }
  }

  #own<T extends { readonly runId: RunId }>(
    read: (runId: RunId, from: number, to: number) => readonly T[],
  ): readonly T[] {
    return read(this.#run.id, this.#step, this.#step).filter(({ runId }) => runId === this.#run.id);
  }
}

export interface Recorded {
  readonly effects: readonly EffectRecord[];
  readonly interrupts: readonly InterruptRecord[];
}

/** An effect that a fork took over is not taken over again: a loop needs a record for every round. */
function recordedBy(journal: Journal, { id, origin }: RunRecord): Recorded {
  if (origin === null || origin.records === 'rerun') return { effects: [], interrupts: [] };
  const taken = new Set(
    journal
      .effects(id, origin.step + 1)
      .filter((effect) => effect.runId === id && effect.reused)
      .map((effect) => effect.key),
  );
  return {
    effects: journal
      .effects(origin.runId, origin.step + 1)
      .filter(({ key }) => !taken.has(key))
      .map(freezeEffect),
    interrupts: journal.interrupts(origin.runId, origin.step + 1).map(freezeInterrupt),
  };
}

/** A node gets these values, and gets the same again when it runs again (AGT-5). */
const freezeEffect = (effect: EffectRecord): EffectRecord => ({
  ...effect,
  args: freezeJson(effect.args, 'args'),
  result: freezeJson(effect.result, 'result'),
});

const freezeInterrupt = ({ answer, ...interrupt }: InterruptRecord): InterruptRecord => ({
  ...interrupt,
  answer: answer === null ? null : freezeJson(answer, 'answer'),
});
