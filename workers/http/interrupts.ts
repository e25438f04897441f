import { Hono } from 'hono';
import * as examples from '../../contract/examples/agents.ts';
import { onePage } from '../../contract/examples/ids.ts';
import * as api from '../../contract/interrupts.ts';
import type { ListedInterrupt } from '../../core/agent/inbox.ts';
import { shownAnswer } from '../../core/agent/interrupt.ts';
import type { Answer } from '../../core/agent/journal.ts';
import { defined } from '../../core/defined.ts';
import { asId, type RunId } from '../../core/identifier.ts';
import { needs } from './authentication.ts';
import type { Routes } from './context.ts';
import { operation } from './operation.ts';
import { isoTime, rangeOf, serializePage } from './paging.ts';
import { jsonBody, queryString } from './validation.ts';

/** A list says how many there are, up to this many: each counted one is a row that is read. */
const MOST_COUNTED = 10_000;

export const serializeAnswer = (answer: Answer): api.InterruptAnswer => shownAnswer(answer);

const serializeInterrupt = (interrupt: ListedInterrupt): api.Interrupt => ({
  id: interrupt.id,
  run_id: interrupt.runId,
  agent: interrupt.agent,
  step: interrupt.step,
  node: interrupt.node,
  kind: interrupt.kind,
  ...(interrupt.tool === null ? {} : { tool: interrupt.tool }),
  ...(interrupt.args === null ? {} : { args: interrupt.args, args_hash: interrupt.argsHash }),
  message: interrupt.message,
  allow: interrupt.allow,
  response_schema: interrupt.responseSchema,
  status: interrupt.status,
  ...(interrupt.answer === null ? {} : { answer: serializeAnswer(interrupt.answer) }),
  created_at: isoTime(interrupt.createdAt),
});

const tag = 'agents';
const oneInterrupt = { schema: api.Interrupt, example: examples.interrupt };

export const interrupts = new Hono<Routes>()
  .get(
    '/',
    needs('agents', 'read'),
    operation({
      summary: 'List interrupts, newest first: what runs are waiting for',
      description: '`total` counts the matching interrupts, up to 10,000.',
      tag,
      answers: {
        200: { schema: api.InterruptList, example: { ...onePage(examples.interrupt), total: 1 } },
      },
    }),
    queryString(api.InterruptQuery),
    async (c) => {
      const { status, run_id: runId, order, ...range } = c.req.valid('query');
      const { services, scope } = c.var;
      const wanted = {
        order,
        ...(status === undefined ? {} : { status }),
        ...(runId === undefined ? {} : { runId: asId<RunId>(runId) }),
      };
      const [page, total] = await Promise.all([
        services.inbox.interrupts(scope.tenantId, wanted, rangeOf(range)),
        services.inbox.countInterrupts(scope.tenantId, wanted, MOST_COUNTED),
      ]);
      return c.json<api.InterruptList>({ ...serializePage(page, serializeInterrupt), total });
    },
  )
  .get(
    '/:id',
    needs('agents', 'read'),
    operation({ summary: 'Read an interrupt and its answer', tag, answers: { 200: oneInterrupt } }),
    async (c) =>
      c.json(
        serializeInterrupt(
          await c.var.services.sessions.interrupt(c.var.scope.tenantId, asId(c.req.param('id'))),
        ),
      ),
  )
  .post(
    '/:id',
    needs('agents'),
    operation({
      summary: 'Answer an interrupt; the first answer wins',
      description:
        'Send the `args_hash` that you were shown: if the arguments have changed since, the answer is refused with 409, ' +
        '`args_changed`. If somebody answered first: 409, `already_answered`, with the `winner`.',
      tag,
      request: examples.answerInterruptRequest,
      answers: { 200: { schema: api.AnsweredInterrupt, example: examples.answeredInterrupt } },
    }),
    jsonBody(api.AnswerInterruptRequest),
    async (c) => {
      const { action, args, value, reason, args_hash: argsHash } = c.req.valid('json');
      const given = {
        action,
        ...defined({ args, value, reason }),
        ...(argsHash == null ? {} : { argsHash }),
      };
      const answered = await c.var.services.sessions.answer(c.var.scope, asId(c.req.param('id')), given);
      return c.json<api.AnsweredInterrupt>({
        id: answered.id,
        status: answered.status,
        ...(answered.answer === null ? {} : { answer: serializeAnswer(answered.answer) }),
      });
    },
  );
