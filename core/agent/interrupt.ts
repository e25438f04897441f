import { canonicalJson } from '../canonical-json.ts';
import type { Clock } from '../clock.ts';
import { defined } from '../defined.ts';
import { Failure, invalid, notFound } from '../failure.ts';
import { type InterruptId, sha256, type TenantId } from '../identifier.ts';
import type { JsonSchema } from '../json-schema.ts';
import { checkSchema } from '../schema-problem.ts';
import type { Position, Why } from './decide.ts';
import type { Request } from './graph.ts';
import { interruptId, runOfInterrupt } from './identity.ts';
import {
  type Action,
  type Answer,
  type Caller,
  changed,
  type InterruptRecord,
  type Journal,
  type RunRecord,
} from './journal.ts';
import { checkSize, type Json } from './json.ts';

/**
 * A question to a person, and the answer.
 *
 *  AGT-23 The first answer wins, whoever else answers; the others learn who was first.
 *  AGT-24 An answer is for the arguments that the person saw (`argsHash`), and these are what is sent.
 *  AGT-25 Only a pending interrupt of the caller's own tenant can be answered: nothing a client holds is trusted.
 */
export async function raiseInterrupt(
  deps: { readonly journal: Journal; readonly clock: Clock },
  run: RunRecord,
  position: Position,
  request: Request,
  why: Why,
): Promise<InterruptRecord> {
  const text = wording(request, why);
  const argsHash = text.args === null ? null : await sha256(canonicalJson(text.args));
  const before = deps.journal.interrupts(run.id, 0).filter(({ runId }) => runId === run.id).length;
  return {
    id: interruptId(run.id, before + 1),
    runId: run.id,
    step: position.step,
    node: position.node ?? '',
    name: request.name,
    attempt: why.kind === 'uncertain' ? why.attempt : 0,
    kind: why.kind,
    tool: request.kind === 'call' ? request.tool.name : null,
    argsHash,
    recorded: why.kind === 'tool' ? why.recorded : null,
    status: 'pending',
    answer: null,
    createdAt: deps.clock(),
    ...text,
  };
}

interface Wording {
  readonly args: Json | null;
  readonly message: string;
  readonly allow: readonly Action[];
  readonly responseSchema: JsonSchema;
}

function wording(request: Request, why: Why): Wording {
  if (request.kind === 'question') {
    return { args: null, message: request.message, allow: ['respond'], responseSchema: request.schema };
  }
  const { tool } = request;
  if (why.kind === 'uncertain') {
    return {
      args: why.args,
      message: `It is not known whether ${tool.name} happened: it was sent under the key ${why.key}, and no answer came. Approve to send it again under the same key, respond with its result if it did happen, or reject to go on without it.`,
      allow: ['approve', 'respond', 'reject'],
      responseSchema: tool.result,
    };
  }
  return {
    args: request.args,
    message: why.kind === 'tool' ? why.message : tool.description,
    allow: ['approve', 'edit', 'reject'],
    responseSchema: tool.parameters,
  };
}

export interface GivenAnswer {
  readonly action: Action;
  readonly args?: Json;
  readonly value?: Json;
  readonly reason?: string;
  /** The hash of the arguments that the person saw. */
  readonly argsHash?: string;
}

/** Throws `not_found`. */
export function readInterrupt(
  deps: { readonly journal: Journal },
  tenantId: TenantId,
  id: InterruptId,
): InterruptRecord & { readonly agent: string } {
  const { interrupt, run } = ownInterrupt(deps.journal, tenantId, id);
  return { ...interrupt, agent: run.agent };
}

function ownInterrupt(journal: Journal, tenantId: TenantId, id: InterruptId) {
  const runId = runOfInterrupt(id);
  const run = journal.run(runId);
  const interrupt = journal.interrupts(runId, 0).find((one) => one.id === id);
  if (run === null || run.tenantId !== tenantId || interrupt === undefined) throw notFound('interrupt', id);
  return { run, interrupt };
}

/** The interrupt as answered. The run goes on at the next alarm, which this commit has set. */
export function answerInterrupt(
  deps: { readonly journal: Journal; readonly clock: Clock },
  by: Caller,
  id: InterruptId,
  given: GivenAnswer,
): InterruptRecord {
  const { run, interrupt } = ownInterrupt(deps.journal, by.tenantId, id);
  if (interrupt.status === 'cancelled') {
    throw new Failure('conflict', `Run ${run.id} has ended: ${run.status}.`, { reason: 'run_ended' });
  }
  if (interrupt.answer !== null) {
    throw new Failure('conflict', 'This interrupt has already been answered.', {
      reason: 'already_answered',
      members: { winner: shownAnswer(interrupt.answer) },
    });
  }
  const { argsHash, ...answer } = given;
  if (argsHash !== undefined && argsHash !== interrupt.argsHash) {
    throw new Failure(
      'conflict',
      'The arguments have changed since you saw them. Read the interrupt again.',
      {
        reason: 'args_changed',
        param: 'args_hash',
        members: { args_hash: interrupt.argsHash },
      },
    );
  }
  validate(interrupt, answer);
  const at = deps.clock();
  const answered: InterruptRecord = {
    ...interrupt,
    status: 'answered',
    answer: { ...answer, by: by.keyId, at },
  };
  deps.journal.commit([
    { kind: 'interrupt', interrupt: answered },
    changed(run, { status: 'running', wakeAt: at }),
  ]);
  return answered;
}

/** Throws a `Failure` naming the field; a field that the action does not use is refused, never ignored. */
function validate(interrupt: InterruptRecord, given: GivenAnswer): void {
  const { action, args, value } = given;
  if (!interrupt.allow.includes(action)) {
    throw invalid('action', `This interrupt allows ${interrupt.allow.join(', ')}, not '${action}'.`);
  }
  if (action === 'edit') {
    if (args === undefined) throw invalid('args', "Missing 'args': the edited arguments.");
    checkSize(args, 'args');
    checkSchema(interrupt.responseSchema, args, 'args');
  } else if (args !== undefined) {
    throw invalid('args', `'args' belongs to the action 'edit', not to '${action}'.`);
  }
  if (action === 'respond') {
    if (value === undefined) throw invalid('value', "Missing 'value': the answer.");
    checkSize(value, 'value');
    checkSchema(interrupt.responseSchema, value, 'value');
  } else if (value !== undefined) {
    throw invalid('value', `'value' belongs to the action 'respond', not to '${action}'.`);
  }
}

/** As JSON says it, on an interrupt, in a history and in a conflict alike. */
export const shownAnswer = (answer: Answer) => ({
  action: answer.action,
  ...defined({ args: answer.args, value: answer.value, reason: answer.reason }),
  by: answer.by,
  at: new Date(answer.at).toISOString(),
});
