import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import { newRunId } from '../../core/agent/identity.ts';
import type { RunSummary } from '../../core/agent/inbox.ts';
import { shownAnswer } from '../../core/agent/interrupt.ts';
import { runStatuses } from '../../core/agent/journal.ts';
import type { HistoryEntry, RunStanding } from '../../core/agent/run.ts';
import { notFound } from '../../core/failure.ts';
import { newId } from '../../core/identifier.ts';
import { needs } from './authentication.ts';
import type { Routes } from './context.ts';
import { jsonObject } from './json-value.ts';
import { paging, rangeOf, shownPage } from './paging.ts';
import { jsonBody, queryString } from './validation.ts';

const step = z.int().min(1);

const newRun = z.strictObject({ input: jsonObject, thread_id: z.string().min(1).max(200).optional() });
const fork = z.strictObject({
  step,
  state: jsonObject.optional(),
  effects: z.enum(['reuse', 'rerun', 'ask']).default('reuse'),
});
const replay = z.strictObject({ step: step.optional(), mode: z.enum(['recorded', 'live']) });
const filter = paging.extend({
  agent: z.string().optional(),
  thread_id: z.string().optional(),
  status: z.enum(runStatuses).optional(),
});

const shown = ({ run, step, state, waiting }: RunStanding) => ({
  id: run.id,
  agent: run.agent,
  thread_id: run.threadId,
  status: run.status,
  step,
  state,
  interrupts: waiting,
  ...(run.status === 'completed' ? { output: run.output } : {}),
  ...(run.error === null ? {} : { error: run.error }),
  ...(run.origin === null ? {} : { forked_from: { run_id: run.origin.runId, step: run.origin.step } }),
  created_at: new Date(run.createdAt).toISOString(),
});

const shownSummary = (run: RunSummary) => ({
  id: run.id,
  agent: run.agent,
  thread_id: run.threadId,
  status: run.status,
  step: run.step,
  ...(run.error === null ? {} : { error: run.error }),
  ...(run.forkedFrom === null
    ? {}
    : { forked_from: { run_id: run.forkedFrom.runId, step: run.forkedFrom.step } }),
  created_at: new Date(run.createdAt).toISOString(),
});

/** In a fork, what the runs before it did counts as taken over. An effect that did not happen is none. */
const shownStep = (runId: string, { step, state, effects, answer }: HistoryEntry) => ({
  step: step.step,
  node: step.node,
  parent: step.step === 1 ? null : step.step - 1,
  state,
  effects: effects
    .filter((effect) => effect.state !== 'failed')
    .map((effect) => ({
      key: effect.key,
      step: effect.step,
      node: effect.node,
      name: effect.name,
      outcome:
        effect.state !== 'done'
          ? ('uncertain' as const)
          : effect.reused || effect.runId !== runId
            ? ('reused' as const)
            : ('done' as const),
    })),
  ...(answer === null ? {} : { answer: shownAnswer(answer) }),
  at: new Date(step.at).toISOString(),
});

const describe = (summary: string) => describeRoute({ summary, tags: ['agents'] });

export const agents = new Hono<Routes>()
  .get('/', describe('The agents of this deployment'), (c) => {
    const data = [...c.var.services.agents.values()].map(({ name, title, description, inputSchema }) => ({
      name,
      title,
      description,
      input_schema: inputSchema,
    }));
    return c.json({ data });
  })
  .get('/runs', describe('Runs, newest first'), queryString(filter), async (c) => {
    const { agent, thread_id: threadId, status, ...range } = c.req.valid('query');
    const wanted = {
      ...(agent === undefined ? {} : { agent }),
      ...(threadId === undefined ? {} : { threadId }),
      ...(status === undefined ? {} : { status }),
    };
    const page = await c.var.services.inbox.runs(c.var.scope.tenantId, wanted, rangeOf(range));
    return c.json(shownPage(page, shownSummary));
  })
  .get('/runs/:id', describe('A run as it stands'), async (c) =>
    c.json(shown(await c.var.services.sessions.read(c.var.scope.tenantId, c.req.param('id')))),
  )
  .get('/runs/:id/history', describe("A run's steps with their states, effects and answers"), async (c) => {
    const id = c.req.param('id');
    const entries = await c.var.services.sessions.history(c.var.scope.tenantId, id);
    return c.json({ data: entries.map((entry) => shownStep(id, entry)) });
  })
  .post('/runs/:id/cancel', needs('agents'), describe('End a run where it is'), async (c) =>
    c.json(shown(await c.var.services.sessions.cancel(c.var.scope.tenantId, c.req.param('id')))),
  )
  .post(
    '/runs/:id/fork',
    needs('agents'),
    describe('A new run that shares the first steps of this one'),
    jsonBody(fork),
    async (c) => {
      const { state, ...rest } = c.req.valid('json');
      const wanted = { ...rest, ...(state === undefined ? {} : { state }) };
      return c.json(shown(await c.var.services.sessions.fork(c.var.scope, c.req.param('id'), wanted)), 201);
    },
  )
  .post(
    '/runs/:id/replay',
    needs('agents'),
    describe('A new run of the same input, from the record or live'),
    jsonBody(replay),
    async (c) => {
      const { step, mode } = c.req.valid('json');
      const wanted = { mode, ...(step === undefined ? {} : { step }) };
      return c.json(shown(await c.var.services.sessions.replay(c.var.scope, c.req.param('id'), wanted)), 201);
    },
  )
  .post('/:name/runs', needs('agents'), describe('Start a run'), jsonBody(newRun), async (c) => {
    const { services, scope } = c.var;
    const agent = c.req.param('name');
    if (!services.agents.has(agent)) throw notFound('agent', agent);
    const { input, thread_id: threadId = newId('thread', services.random) } = c.req.valid('json');
    const id = await newRunId(threadId, services.random);
    const { tenantId, keyId } = scope;
    return c.json(shown(await services.sessions.start({ id, tenantId, keyId, agent, threadId, input })), 201);
  });
