import { canonicalJson } from '../canonical-json.ts';
import { errorMessage } from '../error-message.ts';
import { Failure } from '../failure.ts';
import { checkSchema } from '../schema-problem.ts';
import {
  type Agent,
  type Call,
  EffectFailed,
  fold,
  follow,
  type Node,
  type Question,
  type Reply,
  type Request,
  type Work,
} from './graph.ts';
import type { EffectRecord, InterruptRecord, RunError, RunRecord, StepRecord } from './journal.ts';
import { checkSize, freezeJson, type Json, lengthOf, MAX_RESULT_BYTES, type State } from './json.ts';
import type { Records } from './records.ts';

/**
 * What a run does next, from what its journal holds: a pure function. `advance` carries the decision out,
 * journals what came of it, and asks again.
 *
 *  AGT-6 A request whose outcome is journaled is never sent again; the node gets the journaled outcome.
 *  AGT-7 What a person approved is what the interrupt holds, never what the node proposes now.
 *  AGT-8 A `once` call in doubt is sent again only when `verify` or a person has said so for this very doubt.
 *  AGT-9 A recorded replay sends nothing and asks nobody.
 *  AGT-10 Arguments that break a tool's schema are the node's to handle, for they may come from a model: it gets an
 *         `EffectFailed` that it can catch, journaled like any other failed effect.
 */
export interface View {
  readonly run: RunRecord;
  readonly position: Position;
  readonly records: Pick<Records, 'effect' | 'interrupt' | 'recorded'>;
}

export interface Position {
  readonly state: State;
  /** The node to run, or null at the end. */
  readonly node: string | null;
  /** The number that the node's step will have. */
  readonly step: number;
}

export type Decision =
  | { readonly kind: 'step'; readonly write: State; readonly state: State; readonly next: string | null }
  /** Send the call; `attempt` counts from 1. */
  | { readonly kind: 'send'; readonly call: Call; readonly args: Json; readonly attempt: number }
  /** A `once` call in doubt: ask the tool, and if it does not know, a person. */
  | { readonly kind: 'verify'; readonly call: Call; readonly effect: EffectRecord }
  | { readonly kind: 'reuse'; readonly call: Call; readonly record: EffectRecord }
  /** The arguments cannot be sent. */
  | { readonly kind: 'refuse'; readonly call: Call; readonly error: RunError }
  | { readonly kind: 'ask'; readonly request: Request; readonly why: Why }
  /** A person has said how an effect in doubt ended. */
  | { readonly kind: 'settle'; readonly effect: EffectRecord }
  | { readonly kind: 'wait' }
  | { readonly kind: 'fail'; readonly error: RunError }
  | { readonly kind: 'strand'; readonly error: RunError };

/** Why a person is asked. */
export type Why =
  | { readonly kind: 'input' }
  | { readonly kind: 'tool'; readonly message: string; readonly recorded: string | null }
  | { readonly kind: 'uncertain'; readonly args: Json; readonly key: string; readonly attempt: number };

/** A run that goes in circles ends here; LangGraph's default is 25, which real loops over lists exceed. */
const MAX_STEPS = 1_000;

/** As JSON, all keys together: every step's state is answered in the history, and an answer has room for 32 MiB. */
const MAX_STATE_LENGTH = 4_000_000;

/** Where a run stands after its journaled steps (AGT-26). */
export function locate(
  agent: Agent,
  run: Pick<RunRecord, 'input' | 'origin'>,
  steps: readonly StepRecord[],
): Position {
  const state = fold(agent, run.input, steps);
  const last = steps.at(-1);
  const node = last?.next ?? (last === undefined ? agent.start : null);
  return { state, node, step: (last?.step ?? 0) + 1 };
}

export function decide(agent: Agent, view: View): Decision {
  const { node: name, step } = view.position;
  if (name === null)
    return failure('no_next_node', `The run has ended and cannot go on after step ${step - 1}.`);
  const node = agent.nodes[name];
  if (node === undefined) {
    return {
      kind: 'strand',
      error: {
        code: 'node_missing',
        message: `The run waits at node '${name}', which agent '${agent.name}' no longer has. Fork it from an earlier step, or bring the node back and fork from step ${step - 1}.`,
      },
    };
  }
  if (step > MAX_STEPS) return failure('too_many_steps', `The run did not end within ${MAX_STEPS} steps.`);
  try {
    return runNode(agent, view, node);
  } catch (error) {
    if (error instanceof EffectFailed) return failure(error.code, error.message);
    if (error instanceof Failure) return failure(error.code, error.message);
    return failure('node_failed', `Node '${name}' failed: ${errorMessage(error)}`);
  }
}

const failure = (code: string, message: string): Decision => ({ kind: 'fail', error: { code, message } });

function runNode(agent: Agent, view: View, node: Node<State>): Decision {
  const started = node.run(view.position.state);
  if (!isWork(started)) return stepWith(agent, view, node, started as State);
  const work = started;
  const names = new Set<string>();
  let turn = work.next();
  while (turn.done !== true) {
    const request = turn.value;
    if (names.has(request.name)) {
      throw new RangeError(
        `two requests of one step are named '${request.name}'; give the calls of one node different names`,
      );
    }
    names.add(request.name);
    const outcome = request.kind === 'call' ? settleCall(request, view) : settleQuestion(request, view);
    if (outcome.kind === 'reply') turn = work.next(outcome.reply);
    else if (outcome.kind === 'throw') turn = work.throw(outcome.error);
    else return outcome;
  }
  return stepWith(agent, view, node, turn.value as State);
}

const isWork = <T>(started: Partial<State> | Work<T>): started is Work<T> =>
  typeof (started as Partial<Work<T>>).next === 'function';

function stepWith(agent: Agent, view: View, node: Node<State>, write: State): Decision {
  const written = freezeJson(write, 'write');
  checkSize(written, 'write', MAX_RESULT_BYTES);
  const state = fold(agent, view.position.state, [{ write: written }]);
  if (lengthOf(state) > MAX_STATE_LENGTH) {
    throw new RangeError(`the state would be larger than ${MAX_STATE_LENGTH / 1e6} million characters`);
  }
  return { kind: 'step', write: written, state, next: follow(node.next, state) };
}

type Outcome =
  | { readonly kind: 'reply'; readonly reply: Reply }
  | { readonly kind: 'throw'; readonly error: EffectFailed }
  | Decision;

const rejected = (reason: string | undefined): Outcome => ({
  kind: 'reply',
  reply: { kind: 'rejected', reason: reason ?? null },
});

function settleQuestion(question: Question, view: View): Outcome {
  const interrupt = view.records.interrupt(question.name, 0);
  if (interrupt === undefined && view.run.origin?.records === 'replay') {
    const recorded = view.records.recorded.interrupts.find(isOf(question, view));
    if (recorded?.answer == null) return notRecorded(question, view);
    return { kind: 'reply', reply: { kind: 'answered', value: recorded.answer.value ?? null } };
  }
  if (interrupt === undefined) return { kind: 'ask', request: question, why: { kind: 'input' } };
  if (interrupt.answer === null) return { kind: 'wait' };
  return { kind: 'reply', reply: { kind: 'answered', value: interrupt.answer.value ?? null } };
}

function settleCall(proposed: Call, view: View): Outcome {
  const effect = view.records.effect(proposed.name);
  if (effect !== undefined && effect.state !== 'started') return outcomeOf(effect);
  const call = { ...proposed, args: freezeJson(proposed.args, `${proposed.name}.args`) };
  const interrupt = view.records.interrupt(call.name, effect?.attempts ?? 0);
  if (interrupt !== undefined) return afterAnswer(call, view, interrupt, effect);
  if (effect !== undefined) return { kind: 'verify', call, effect };
  const records = view.run.origin?.records ?? 'rerun';
  if (records === 'replay') return replayCall(call, view);
  const refusal = refusalOf(call);
  if (refusal !== null) return { kind: 'refuse', call, error: refusal };
  if (records !== 'rerun') {
    const record = view.records.recorded.effects.find(isSameCall(call, view));
    if (record !== undefined) return withRecord(call, record, records);
  }
  const message = call.tool.needsPerson?.(call.args) ?? null;
  if (message !== null) return { kind: 'ask', request: call, why: { kind: 'tool', message, recorded: null } };
  return { kind: 'send', call, args: call.args, attempt: 1 };
}

/** AGT-10 */
function refusalOf({ name, tool, args }: Call): RunError | null {
  try {
    checkSize(args, `${name}.args`);
    checkSchema(tool.parameters, args, `${name}.args`);
    return null;
  } catch (error) {
    if (error instanceof Failure) return { code: error.code, message: error.message };
    throw error;
  }
}

/** AGT-6: what a journaled effect is to the node. */
function outcomeOf(effect: EffectRecord): Outcome {
  switch (effect.state) {
    case 'done':
      return {
        kind: 'reply',
        reply: { kind: 'done', args: effect.args, result: effect.result, key: effect.key },
      };
    case 'failed':
      return {
        kind: 'throw',
        error: new EffectFailed(
          (effect.error?.code ?? 'unprocessable') as EffectFailed['code'],
          effect.error?.message ?? `'${effect.name}' failed`,
        ),
      };
    case 'unknown':
    case 'started':
      return rejected(`It is not known whether '${effect.name}' happened.`);
  }
}

function afterAnswer(
  call: Call,
  view: View,
  interrupt: InterruptRecord,
  effect: EffectRecord | undefined,
): Outcome {
  const { answer } = interrupt;
  if (answer === null) return { kind: 'wait' };
  switch (answer.action) {
    case 'approve':
    case 'edit': {
      const args = answer.args ?? interrupt.args;
      return { kind: 'send', call, args, attempt: interrupt.attempt + 1 };
    }
    case 'respond':
      if (effect === undefined) throw new TypeError(`Nothing is in doubt about '${call.name}'`);
      return { kind: 'settle', effect: { ...effect, state: 'done', result: answer.value ?? null } };
    case 'reject': {
      if (effect !== undefined) return { kind: 'settle', effect: { ...effect, state: 'unknown' } };
      const record = view.records.recorded.effects.find(({ key }) => key === interrupt.recorded);
      return record === undefined ? rejected(answer.reason) : { kind: 'reuse', call, record };
    }
  }
}

/** A call that the origin of the fork has made already. */
function withRecord(call: Call, record: EffectRecord, records: 'reuse' | 'ask'): Outcome {
  if (record.state === 'started' || record.state === 'unknown') {
    return {
      kind: 'ask',
      request: call,
      why: {
        kind: 'tool',
        recorded: null,
        message: `Run ${record.runId} may already have done "${call.name}" under the key ${record.key}: its outcome is not known. Do it now?`,
      },
    };
  }
  if (records === 'reuse') return { kind: 'reuse', call, record };
  const message = `Run ${record.runId} has already done "${call.name}" under the key ${record.key}. Do it again? If not, its result is reused.`;
  return { kind: 'ask', request: call, why: { kind: 'tool', message, recorded: record.key } };
}

/** AGT-9 */
function replayCall(call: Call, view: View): Outcome {
  const record = view.records.recorded.effects.find(isOf(call, view));
  if (record !== undefined && record.state !== 'started') return { kind: 'reuse', call, record };
  const interrupt = view.records.recorded.interrupts.find(isOf(call, view));
  if (record === undefined && interrupt?.answer?.action === 'reject')
    return rejected(interrupt.answer.reason);
  return notRecorded(call, view);
}

const notRecorded = (request: Request, view: View): Decision =>
  failure(
    'not_recorded',
    `The record of run ${view.run.origin?.runId} ends before "${request.name}" at step ${view.position.step}.`,
  );

const isOf =
  (request: Request, { position }: View) =>
  (record: { readonly step: number; readonly node: string; readonly name: string }): boolean =>
    record.step === position.step && record.node === position.node && record.name === request.name;

/** The same call at the same node, with the arguments that were proposed then or those that were sent. */
function isSameCall(call: Call, { position }: View) {
  const args = canonicalJson(call.args);
  return (record: EffectRecord): boolean =>
    record.state !== 'failed' &&
    record.node === position.node &&
    record.name === call.name &&
    record.tool === call.tool.name &&
    (canonicalJson(record.proposed) === args || canonicalJson(record.args) === args);
}
