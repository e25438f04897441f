import type { InterruptId, KeyId, RunId, TenantId } from '../identifier.ts';
import type { JsonSchema } from '../json-schema.ts';
import type { Scope } from '../scope.ts';
import type { Json, State } from './json.ts';

/**
 * The one place where a run's truth lives: its checkpoints, its audit log and its replay are the same rows.
 *
 * Boundary. The core decides what the next change is; an implementation stores changes and gives them back.
 * It knows nothing of graphs. All verbs are synchronous: between reading and committing nothing else runs.
 *
 *  AGT-26 A step's row is written once and never changed. A run's state is the fold of its rows, the rows of the
 *         run it was forked from (up to the fork) first.
 *  AGT-27 `commit` is all or nothing, and durable before any call that follows it leaves the object.
 *  AGT-28 A run with work to do has a `wakeAt`, and the alarm is set in the same transaction: no run is forgotten.
 *  AGT-29 An answer to an interrupt is written once; an effect's outcome is written once.
 */
export interface Journal {
  run(runId: RunId): RunRecord | null;
  /** From the first step to the head, through the runs that this one was forked from. */
  steps(runId: RunId): readonly StepRecord[];
  /** Effects of the same chain from step `from` to step `to` (or on), those of the step in the making included. */
  effects(runId: RunId, from: number, to?: number): readonly EffectRecord[];
  interrupts(runId: RunId, from: number, to?: number): readonly InterruptRecord[];
  /** The runs whose `wakeAt` has come. */
  due(now: number): readonly RunRecord[];
  commit(changes: readonly Change[]): void;
}

export type Change =
  | { readonly kind: 'run'; readonly run: RunRecord }
  | { readonly kind: 'step'; readonly step: StepRecord }
  | { readonly kind: 'effect'; readonly effect: EffectRecord }
  | { readonly kind: 'interrupt'; readonly interrupt: InterruptRecord };

/** Who wants something of a run: a tenant, through one of its keys. */
export type Caller = Pick<Scope, 'tenantId' | 'keyId'>;

export const runStatuses = [
  'running',
  'interrupted',
  'completed',
  'failed',
  'cancelled',
  'stranded',
] as const;
export type RunStatus = (typeof runStatuses)[number];

export interface RunError {
  readonly code: string;
  readonly message: string;
}

export interface RunRecord {
  readonly id: RunId;
  readonly tenantId: TenantId;
  /** The key that started the run: its traces are on that key's account. */
  readonly keyId: KeyId;
  readonly agent: string;
  readonly threadId: string;
  readonly input: State;
  readonly status: RunStatus;
  readonly output: Json | null;
  readonly error: RunError | null;
  readonly origin: Origin | null;
  /** Attempts begun at what comes next; progress sets it back. */
  readonly attempts: number;
  /** How the last of them went wrong. Rows of earlier versions have none. */
  readonly lastFailure?: AttemptFailure | null;
  /** When the alarm must look at this run, or null when there is nothing to do. */
  readonly wakeAt: number | null;
  /** Rises with every change that the public index shows; `indexed` is the last one that it was told. */
  readonly version: number;
  readonly indexed: number;
  readonly createdAt: number;
}

export interface AttemptFailure {
  readonly error: RunError;
  readonly at: number;
  /** When the next attempt begins, or null while one is in flight. */
  readonly nextAt: number | null;
}

/** A change that the public index must learn. */
export const changed = (run: RunRecord, change: Partial<RunRecord>): Change => ({
  kind: 'run',
  run: { ...run, ...change, version: run.version + 1 },
});

/** Where a forked or replayed run came from. */
export interface Origin {
  readonly runId: RunId;
  /** The last step that is shared; 0 is before the first. */
  readonly step: number;
  /** Merged over the state after that step. */
  readonly patch: State | null;
  /** The node after the shared steps. */
  readonly next: string | null;
  /** What to do about an effect that the origin had after the fork. */
  readonly records: 'rerun' | 'reuse' | 'ask' | 'replay';
}

export interface StepRecord {
  /** The run in which the node ran; in a fork's shared steps that is not the fork. */
  readonly runId: RunId;
  /** From 1. */
  readonly step: number;
  readonly node: string;
  readonly write: State;
  /** What a fork at this step merged over the state. */
  readonly patch: State | null;
  readonly next: string | null;
  readonly at: number;
}

/**
 * One outside effect. `started` is written before a `once` call only: found later, it means that it is not known
 * whether it happened. `unknown` is the same after a person has decided to leave it so. `failed`: it did not happen.
 */
export interface EffectRecord {
  readonly runId: RunId;
  readonly step: number;
  readonly node: string;
  readonly name: string;
  readonly key: string;
  readonly tool: string;
  /** What the node asked for; `args` is what was sent, which a person may have edited. */
  readonly proposed: Json;
  readonly args: Json;
  readonly state: 'started' | 'done' | 'failed' | 'unknown';
  /** How often it was sent, as far as is known; 0 for arguments that broke the tool's schema. */
  readonly attempts: number;
  /** Milliseconds of the sending that ended it. Rows of earlier versions have none. */
  readonly took?: number | null;
  readonly result: Json | null;
  readonly error: RunError | null;
  /** Taken over from the origin of a fork, under the key it had there. */
  readonly reused: boolean;
  readonly at: number;
}

export const actions = ['approve', 'edit', 'reject', 'respond'] as const;
export type Action = (typeof actions)[number];

export interface Answer {
  readonly action: Action;
  readonly args?: Json;
  readonly value?: Json;
  readonly reason?: string;
  /** The id of the key that answered. */
  readonly by: string;
  readonly at: number;
}

export const interruptStatuses = ['pending', 'answered', 'cancelled'] as const;
export type InterruptStatus = (typeof interruptStatuses)[number];

export interface InterruptRecord {
  readonly id: InterruptId;
  readonly runId: RunId;
  readonly step: number;
  readonly node: string;
  /** The name of the call or question that waits. */
  readonly name: string;
  /** The sendings of the effect that are in doubt; 0 before the first. One sending is asked about once. */
  readonly attempt: number;
  readonly kind: 'tool' | 'input' | 'uncertain';
  readonly tool: string | null;
  readonly args: Json | null;
  readonly argsHash: string | null;
  readonly message: string;
  readonly allow: readonly Action[];
  readonly responseSchema: JsonSchema;
  /** For a fork that asks: the key of the origin's effect, which stands when the person says no. */
  readonly recorded: string | null;
  readonly status: InterruptStatus;
  readonly answer: Answer | null;
  readonly createdAt: number;
}
