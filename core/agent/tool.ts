import type { MeteredWork } from '../access/meter.ts';
import type { RunId } from '../identifier.ts';
import type { JsonSchema } from '../json-schema.ts';
import type { Json } from './json.ts';

/**
 * What may be done when it is not known whether a call happened:
 * `read` and `idempotent` are asked again under the same key; `once` never by itself.
 */
export type Repeatability = 'read' | 'idempotent' | 'once';

/** A call's own span, on the account of the run's key. */
export interface ToolContext extends MeteredWork {
  /**
   * `run:step:node:name`, the same in every attempt at this effect. Hand it to the outside as the idempotency
   * key.
   */
  readonly key: string;
  /** Aborts when the run is cancelled or the tool's time is up; a tool that goes on is no longer listened to. */
  readonly signal: AbortSignal;
}

export type Verification<Result> =
  | { readonly kind: 'done'; readonly result: Result }
  | { readonly kind: 'not-done' }
  | { readonly kind: 'unknown' };

/** Milliseconds. A tool that has not answered by then has an unknown outcome. */
export const DEFAULT_TIMEOUT_MS = 30_000;
/** For a tool that asks a model: a long answer of a reasoning model takes minutes. */
export const MODEL_TIMEOUT_MS = 300_000;
/** An alarm, which drives the run, has 15 minutes of wall time. */
export const MAX_TIMEOUT_MS = 600_000;

/**
 * Something that an agent may do outside of itself.
 *
 * `run` throws a `Failure` that is not retryable to say "this did not happen, and will not"; any other exception means
 * that the outcome is not known. `run` and `verify` get a copy of the arguments that is theirs.
 */
export interface Tool<Args extends Json, Result extends Json> {
  readonly name: string;
  readonly description: string;
  readonly repeatability: Repeatability;
  /** Proposed and edited arguments are held to it before anything runs. */
  readonly parameters: JsonSchema;
  /** What a person may answer in the tool's place when its outcome is not known. */
  readonly result: JsonSchema;
  /** How long `run` or `verify` may take; left out `DEFAULT_TIMEOUT_MS`, at most `MAX_TIMEOUT_MS`. */
  readonly timeoutMs?: number;
  /** Tries at a call that may be repeated before the run fails; left out and at most ten. */
  readonly maxAttempts?: number;
  /** The question to a person, or null when none is needed. Left out: never. */
  needsPerson?(args: Args): string | null;
  run(args: Args, context: ToolContext): Promise<Result>;
  /** Asks the outside whether the effect with this key happened. It must not guess: `unknown` asks a person. */
  verify?(args: Args, context: ToolContext): Promise<Verification<Result>>;
}

export const effectKey = (runId: RunId, step: number, node: string, name: string): string =>
  `${runId}:${step}:${node}:${name}`;
