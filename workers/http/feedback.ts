import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import {
  type Feedback,
  giveFeedback,
  type JudgedConversation,
  listFeedback,
} from '../../core/evaluate/feedback.ts';
import { invalid } from '../../core/failure.ts';
import { needs } from './authentication.ts';
import type { Routes } from './context.ts';
import { paging, rangeOf, shownPage } from './paging.ts';
import { jsonBody, queryString } from './validation.ts';

const MAX_TEXT = 20_000;

const newFeedback = z.strictObject({
  trace_id: z
    .string()
    .regex(/^[0-9a-f]{32}$/, 'expected 32 hex digits')
    .optional(),
  response_id: z.string().min(1).max(100).optional(),
  score: z.union([z.literal(-1), z.number().min(0).max(1)], 'expected -1, 1 or a number within 0…1'),
  comment: z.string().min(1).max(MAX_TEXT).optional(),
  correction: z.string().min(1).max(MAX_TEXT).optional(),
});

function judgedOf({ trace_id, response_id }: z.infer<typeof newFeedback>) {
  if (trace_id !== undefined && response_id === undefined) return { traceId: trace_id };
  if (response_id !== undefined && trace_id === undefined) return { responseId: response_id };
  throw invalid('trace_id', "Expected exactly one of 'trace_id' and 'response_id'.");
}

const shown = (feedback: Feedback) => ({
  id: feedback.id,
  trace_id: feedback.traceId,
  response_id: feedback.responseId,
  score: feedback.score,
  comment: feedback.comment,
  correction: feedback.correction,
  created_at: new Date(feedback.createdAt).toISOString(),
});

const shownConversation = (judged: JudgedConversation) => ({
  ...shown(judged),
  prompt_version: judged.promptVersion,
  messages: judged.messages,
});

export const feedback = new Hono<Routes>()
  .post(
    '/',
    needs('write'),
    describeRoute({
      summary: 'Say what an answer was worth: −1 or 1, or a share, and what it should have been',
      tags: ['feedback'],
    }),
    jsonBody(newFeedback),
    async (c) => {
      const body = c.req.valid('json');
      const given = await giveFeedback(c.var.services, c.var.scope, judgedOf(body), {
        score: body.score,
        comment: body.comment ?? null,
        correction: body.correction ?? null,
      });
      return c.json(shown(given), 201);
    },
  )
  .get(
    '/',
    needs('read'),
    describeRoute({
      summary: 'Feedback, newest first, with the stored conversation that it judges',
      tags: ['feedback'],
    }),
    queryString(paging),
    async (c) => {
      const page = await listFeedback(c.var.services, c.var.scope.tenantId, rangeOf(c.req.valid('query')));
      return c.json(shownPage(page, shownConversation));
    },
  );
