import type { RunId, TenantId } from '../identifier.ts';
import { fold } from './graph.ts';
import type { Answer, EffectRecord, InterruptRecord, StepRecord } from './journal.ts';
import { freezeJson, type Json, lengthOf, type State } from './json.ts';
import { ownRun, type RunDependencies, withoutReducers } from './run.ts';

/** What a run did, step by step, the shared steps of a fork first; read a page at a time (AGT-30). */
export interface HistoryRange {
  readonly limit: number;
  /** The step behind which the page begins, in the order of the page; null begins at its start. */
  readonly after: number | null;
  readonly order: 'asc' | 'desc';
}

export interface HistoryPage {
  readonly entries: readonly HistoryEntry[];
  /** The last step of this page, if there are more behind it. */
  readonly next: number | null;
}

export interface HistoryEntry {
  readonly step: StepRecord;
  readonly state: State;
  /** In the order in which they ended, those that failed included. */
  readonly effects: readonly HistoryEffect[];
  readonly answers: readonly HistoryAnswer[];
}

/** What was too long for the page is null and named. */
export interface HistoryEffect extends EffectRecord {
  readonly omitted: readonly ('args' | 'result')[];
}

export interface HistoryAnswer extends Answer {
  readonly interrupt: Pick<InterruptRecord, 'id' | 'name' | 'kind' | 'message'>;
  readonly omitted: readonly ('args' | 'value')[];
}

/**
 * Characters of a page, as JSON: it ends before the state that would exceed them, and leaves out the arguments and
 * results that would. Its first state is always there, so it may be longer by one state (`MAX_STATE_LENGTH`); both
 * together stay below the 32 MiB that an object may answer.
 */
const PAGE_LENGTH = 2_000_000;

export function readHistory(
  deps: RunDependencies,
  tenantId: TenantId,
  runId: RunId,
  { limit, after, order }: HistoryRange,
): HistoryPage {
  const run = ownRun(deps.journal, tenantId, runId);
  const agent = deps.agents.get(run.agent) ?? withoutReducers(run.agent);
  let state = run.input;
  const located = deps.journal.steps(runId).map((step) => {
    state = fold(agent, state, [step]);
    return { step, state };
  });
  if (order === 'desc') located.reverse();
  const begin = after === null ? 0 : located.findIndex(({ step }) => step.step === after) + 1;
  const rest = after !== null && begin === 0 ? [] : located.slice(begin);

  const room = new Room(PAGE_LENGTH);
  const page = rest.slice(0, limit).filter((one, place) => room.takesState(one.state, place === 0));
  const numbers = page.map(({ step }) => step.step);
  const [first, last] = [Math.min(...numbers), Math.max(...numbers)];
  const effects = page.length === 0 ? [] : deps.journal.effects(runId, first, last);
  const interrupts = page.length === 0 ? [] : deps.journal.interrupts(runId, first, last);
  const entries = page.map((one): HistoryEntry => {
    const here = (record: { readonly runId: RunId; readonly step: number }) =>
      record.runId === one.step.runId && record.step === one.step.step;
    return {
      ...one,
      effects: effects.filter(here).map((effect) => {
        const { args, result } = effect;
        const omitted = room.omits({ args, result });
        return {
          ...effect,
          proposed: null,
          args: omitted.includes('args') ? null : args,
          result: omitted.includes('result') ? null : result,
          omitted,
        };
      }),
      answers: interrupts.filter(here).flatMap(({ answer, id, name, kind, message }) => {
        if (answer === null) return [];
        const { args, value, ...rest } = answer;
        const omitted = room.omits({ args, value });
        return [
          {
            ...rest,
            ...(args === undefined || omitted.includes('args') ? {} : { args }),
            ...(value === undefined || omitted.includes('value') ? {} : { value }),
            interrupt: { id, name, kind, message },
            omitted,
          },
        ];
      }),
    };
  });
  return { entries, next: page.length < rest.length ? (page.at(-1)?.step.step ?? null) : null };
}

/** What is left of a page's length. */
class Room {
  #left: number;
  #full = false;

  constructor(length: number) {
    this.#left = length;
  }

  takesState(state: State, always: boolean): boolean {
    const length = lengthOf(state);
    this.#full ||= length > this.#left && !always;
    if (!this.#full) this.#left -= length;
    return !this.#full;
  }

  omits<Name extends string>(values: Readonly<Record<Name, Json | undefined>>): Name[] {
    return (Object.entries(values) as [Name, Json | undefined][]).flatMap(([name, value]) => {
      if (value === undefined || value === null) return [];
      const length = lengthOf(freezeJson(value, name));
      if (length > this.#left) return [name];
      this.#left -= length;
      return [];
    });
  }
}
