import { type Context, Hono } from 'hono';
import * as api from '../../contract/agents.ts';
import * as examples from '../../contract/examples/agents.ts';
import { onePage } from '../../contract/examples/ids.ts';
import type { HistoryAnswer, HistoryEffect, HistoryEntry } from '../../core/agent/history.ts';
import { ownPart, runIdOf, siblingRunId } from '../../core/agent/identity.ts';
import type { RunSummary } from '../../core/agent/inbox.ts';
import type { RunStanding } from '../../core/agent/run.ts';
import { defined } from '../../core/defined.ts';
import { Failure, invalid, notFound } from '../../core/failure.ts';
import { asId, newId, type RunId } from '../../core/identifier.ts';
import { needs } from './authentication.ts';
import type { Routes } from './context.ts';
import { serializeAnswer } from './interrupts.ts';
import { operation } from './operation.ts';
import { isoTime, rangeOf, serializePage } from './paging.ts';
import { jsonBody, queryString } from './validation.ts';

const serializeRun = ({ run, step, state, waiting }: RunStanding): api.Run => ({
  id: run.id,
  agent: run.agent,
  thread_id: run.threadId,
  status: run.status,
  step,
  state,
  interrupts: waiting,
  ...(run.status === 'completed' ? { output: run.output } : {}),
  ...(run.error === null ? {} : { error: run.error }),
  ...(run.status === 'running' ? serializeAttempts(run) : {}),
  ...(run.origin === null ? {} : { forked_from: { run_id: run.origin.runId, step: run.origin.step } }),
  created_at: isoTime(run.createdAt),
});

/** What a run that makes no progress is doing. */
const serializeAttempts = ({ attempts, lastFailure }: RunStanding['run']) => ({
  attempts,
  ...(lastFailure == null
    ? {}
    : {
        last_error: { ...lastFailure.error, at: isoTime(lastFailure.at) },
        ...(lastFailure.nextAt === null ? {} : { next_attempt_at: isoTime(lastFailure.nextAt) }),
      }),
});

const serializeSummary = (run: RunSummary): api.RunSummary => ({
  id: run.id,
  agent: run.agent,
  thread_id: run.threadId,
  status: run.status,
  step: run.step,
  ...(run.error === null ? {} : { error: run.error }),
  ...(run.forkedFrom === null
    ? {}
    : { forked_from: { run_id: run.forkedFrom.runId, step: run.forkedFrom.step } }),
  created_at: isoTime(run.createdAt),
});

/** `answer` is the last of `answers`, of which a step has one a question. */
const serializeStep = (runId: string, { step, state, effects, answers }: HistoryEntry): api.HistoryStep => {
  const last = answers.at(-1);
  return {
    step: step.step,
    node: step.node,
    parent: step.step === 1 ? null : step.step - 1,
    state,
    effects: effects.map((effect) => serializeEffect(runId, effect)),
    ...(last === undefined ? {} : { answer: serializeAnswer(last) }),
    answers: answers.map(serializeHistoryAnswer),
    at: isoTime(step.at),
  };
};

/** In a fork, what the runs before it did counts as reused. */
const serializeEffect = (runId: string, effect: HistoryEffect): api.Effect => ({
  key: effect.key,
  step: effect.step,
  node: effect.node,
  name: effect.name,
  tool: effect.tool,
  outcome: outcomeOf(runId, effect),
  attempts: effect.attempts,
  ...(effect.omitted.includes('args') ? {} : { args: effect.args }),
  ...(effect.state !== 'done' || effect.omitted.includes('result') ? {} : { result: effect.result }),
  ...(effect.omitted.length === 0 ? {} : { omitted: effect.omitted }),
  ...(effect.error === null ? {} : { error: effect.error }),
  ...(effect.took == null ? {} : { duration_ms: effect.took }),
  at: isoTime(effect.at),
});

function outcomeOf(runId: string, { state, reused, runId: of }: HistoryEffect): api.Effect['outcome'] {
  if (state === 'failed') return 'failed';
  if (state !== 'done') return 'uncertain';
  return reused || of !== runId ? 'reused' : 'done';
}

const serializeHistoryAnswer = ({ interrupt, omitted, ...answer }: HistoryAnswer) => ({
  interrupt_id: interrupt.id,
  name: interrupt.name,
  kind: interrupt.kind,
  message: interrupt.message,
  ...serializeAnswer(answer),
  ...(omitted.length === 0 ? {} : { omitted }),
});

/** As Stripe has it: 1 to 255 printable characters. */
function idempotencyKeyOf(c: Context<Routes>): string | null {
  const key = c.req.header('idempotency-key');
  if (key === undefined) return null;
  if (!/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw invalid(
      'Idempotency-Key',
      "Invalid header 'Idempotency-Key': expected 1 to 255 printable ASCII characters.",
    );
  }
  return key;
}

/** The half of the new run's id that makes a retry find it (AGT-16). */
const ownPartOf = (c: Context<Routes>): Promise<string> => {
  const { services, scope } = c.var;
  return ownPart({ tenantId: scope.tenantId, idempotencyKey: idempotencyKeyOf(c) }, services.random);
};

/** A retry gets what the first request got, and a header that says so. */
function answerStarted(c: Context<Routes>, standing: RunStanding) {
  if (standing.repeated) c.header('idempotent-replayed', 'true');
  return c.json(serializeRun(standing), 201);
}

const tag = 'agents';
const oneRun = { schema: api.Run, example: examples.run };

/** What starts a run may be sent again: with the same `Idempotency-Key` it is the same run. */
const idempotent =
  'With the header `Idempotency-Key`, a repeated request answers the run that the first one started, and ' +
  '`idempotent-replayed: true`.';

export const agents = new Hono<Routes>()
  .get(
    '/',
    needs('agents', 'read'),
    operation({
      summary: 'List the agents of this deployment',
      tag,
      answers: { 200: { schema: api.AgentList, example: { data: [examples.agent], broken: [] } } },
    }),
    (c) => {
      const { agents, brokenAgents } = c.var.services;
      const data = [...agents.values()].map(({ name, title, description, inputSchema }) => ({
        name,
        title,
        description,
        input_schema: inputSchema,
      }));
      const broken = [...brokenAgents].map(([name, error]) => ({ name, error }));
      return c.json<api.AgentList>({ data, broken });
    },
  )
  .get(
    '/runs',
    needs('agents', 'read'),
    operation({
      summary: 'List runs, newest first',
      tag,
      answers: { 200: { schema: api.RunList, example: onePage(examples.runSummary) } },
    }),
    queryString(api.RunQuery),
    async (c) => {
      const { agent, thread_id: threadId, status, ...range } = c.req.valid('query');
      const wanted = {
        ...defined({ agent, threadId, status }),
      };
      const page = await c.var.services.inbox.runs(c.var.scope.tenantId, wanted, rangeOf(range));
      return c.json<api.RunList>(serializePage(page, serializeSummary));
    },
  )
  .get(
    '/runs/:id',
    needs('agents', 'read'),
    operation({ summary: 'Read a run', tag, answers: { 200: oneRun } }),
    async (c) =>
      c.json(serializeRun(await c.var.services.sessions.read(c.var.scope.tenantId, asId(c.req.param('id'))))),
  )
  .get(
    '/runs/:id/history',
    needs('agents', 'read'),
    operation({
      summary: "List a run's steps with their states, effects and answers",
      tag,
      answers: { 200: { schema: api.History, example: onePage(examples.historyStep) } },
    }),
    queryString(api.HistoryQuery),
    async (c) => {
      const id = asId<RunId>(c.req.param('id'));
      const { after = null, ...range } = c.req.valid('query');
      const { services, scope } = c.var;
      const { entries, next } = await services.sessions.history(scope.tenantId, id, { ...range, after });
      const page = { data: entries, next: next === null ? null : String(next) };
      return c.json<api.History>(serializePage(page, (entry) => serializeStep(id, entry)));
    },
  )
  .post(
    '/runs/:id/cancel',
    needs('agents'),
    operation({
      summary: 'Cancel a run',
      tag,
      answers: { 200: { schema: api.Run, example: examples.cancelledRun } },
    }),
    async (c) =>
      c.json(
        serializeRun(await c.var.services.sessions.cancel(c.var.scope.tenantId, asId(c.req.param('id')))),
      ),
  )
  .post(
    '/runs/:id/fork',
    needs('agents'),
    operation({
      summary: 'Start a new run that shares the first steps of this one',
      description: idempotent,
      tag,
      request: examples.forkRequest,
      answers: { 201: { schema: api.Run, example: examples.forkedRun } },
    }),
    jsonBody(api.ForkRequest),
    async (c) => {
      const { state, ...rest } = c.req.valid('json');
      const from = asId<RunId>(c.req.param('id'));
      const id = siblingRunId(from, await ownPartOf(c));
      const wanted = { id, ...rest, ...(state === undefined ? {} : { state }) };
      return answerStarted(c, await c.var.services.sessions.fork(c.var.scope, from, wanted));
    },
  )
  .post(
    '/runs/:id/replay',
    needs('agents'),
    operation({
      summary: 'Start a new run of the same input, from the record or live',
      description: idempotent,
      tag,
      request: examples.replayRequest,
      answers: { 201: { schema: api.Run, example: examples.forkedRun } },
    }),
    jsonBody(api.ReplayRequest),
    async (c) => {
      const { step, mode } = c.req.valid('json');
      const from = asId<RunId>(c.req.param('id'));
      const id = siblingRunId(from, await ownPartOf(c));
      const wanted = { id, mode, ...(step === undefined ? {} : { step }) };
      return answerStarted(c, await c.var.services.sessions.replay(c.var.scope, from, wanted));
    },
  )
  .post(
    '/:name/runs',
    needs('agents'),
    operation({
      summary: 'Start a run',
      description: idempotent,
      tag,
      request: examples.startRunRequest,
      answers: { 201: oneRun },
    }),
    jsonBody(api.StartRunRequest),
    async (c) => {
      const { services, scope } = c.var;
      const agent = c.req.param('name');
      const problem = services.brokenAgents.get(agent);
      if (problem !== undefined) throw new Failure('conflict', problem, { reason: 'agent_broken' });
      if (!services.agents.has(agent)) throw notFound('agent', agent);
      const own = await ownPartOf(c);
      // A retry names no thread either; its thread is then the key's.
      const keyed = idempotencyKeyOf(c) !== null;
      const { input, thread_id: threadId = keyed ? `thread_${own}` : newId('thread', services.random) } =
        c.req.valid('json');
      const id = await runIdOf(threadId, own);
      const { tenantId, keyId } = scope;
      return answerStarted(c, await services.sessions.start({ id, tenantId, keyId, agent, threadId, input }));
    },
  );
