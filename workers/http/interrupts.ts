import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import type { ListedInterrupt } from '../../core/agent/inbox.ts';
import { shownAnswer } from '../../core/agent/interrupt.ts';
import { actions, interruptStatuses } from '../../core/agent/journal.ts';
import { needs } from './authentication.ts';
import type { Routes } from './context.ts';
import { jsonValue } from './json-value.ts';
import { paging, rangeOf, shownPage } from './paging.ts';
import { jsonBody, queryString } from './validation.ts';

const filter = paging.extend({
  status: z.enum(interruptStatuses).optional(),
  run_id: z.string().optional(),
  order: z.enum(['asc', 'desc']).default('desc'),
});

const answer = z.strictObject({
  action: z.enum(actions),
  args: jsonValue.optional(),
  value: jsonValue.optional(),
  reason: z.string().max(2_000).optional(),
  args_hash: z.string().max(200).nullish(),
});

/** A list says how many there are, up to this many: each counted one is a row that is read. */
const MOST_COUNTED = 10_000;

const serializeInterrupt = (interrupt: ListedInterrupt) => ({
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
  ...(interrupt.answer === null ? {} : { answer: shownAnswer(interrupt.answer) }),
  created_at: new Date(interrupt.createdAt).toISOString(),
});

const describe = (summary: string) => describeRoute({ summary, tags: ['agents'] });

export const interrupts = new Hono<Routes>()
  .get('/', needs('agents', 'read'), describe('List what runs wait for'), queryString(filter), async (c) => {
    const { status, run_id: runId, order, ...range } = c.req.valid('query');
    const { services, scope } = c.var;
    const wanted = {
      order,
      ...(status === undefined ? {} : { status }),
      ...(runId === undefined ? {} : { runId }),
    };
    const [page, total] = await Promise.all([
      services.inbox.interrupts(scope.tenantId, wanted, rangeOf(range)),
      services.inbox.countInterrupts(scope.tenantId, wanted, MOST_COUNTED),
    ]);
    return c.json({ ...shownPage(page, serializeInterrupt), total });
  })
  .get('/:id', needs('agents', 'read'), describe('Read an interrupt and its answer'), async (c) =>
    c.json(
      serializeInterrupt(await c.var.services.sessions.interrupt(c.var.scope.tenantId, c.req.param('id'))),
    ),
  )
  .post(
    '/:id',
    needs('agents'),
    describe('Answer an interrupt; the first answer wins'),
    jsonBody(answer),
    async (c) => {
      const { action, args, value, reason, args_hash: argsHash } = c.req.valid('json');
      const given = {
        action,
        ...(args === undefined ? {} : { args }),
        ...(value === undefined ? {} : { value }),
        ...(reason === undefined ? {} : { reason }),
        ...(argsHash == null ? {} : { argsHash }),
      };
      const answered = await c.var.services.sessions.answer(c.var.scope, c.req.param('id'), given);
      return c.json({
        id: answered.id,
        status: answered.status,
        ...(answered.answer === null ? {} : { answer: shownAnswer(answered.answer) }),
      });
    },
  );
