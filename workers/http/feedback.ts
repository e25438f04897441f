import { Hono } from 'hono';
import * as examples from '../../contract/examples/evaluations.ts';
import { onePage } from '../../contract/examples/ids.ts';
import {
  CreateFeedbackRequest,
  Feedback,
  FeedbackList,
  type JudgedConversation,
} from '../../contract/feedback.ts';
import { Paging } from '../../contract/paging.ts';
import {
  giveFeedback,
  type Judged,
  listFeedback,
  type JudgedConversation as StoredConversation,
  type Feedback as StoredFeedback,
} from '../../core/evaluate/feedback.ts';
import { invalid } from '../../core/failure.ts';
import { asId } from '../../core/identifier.ts';
import { needs } from './authentication.ts';
import type { Routes } from './context.ts';
import { operation } from './operation.ts';
import { isoTime, rangeOf, serializePage } from './paging.ts';
import { jsonBody, queryString } from './validation.ts';

function judgedOf({ trace_id, response_id }: CreateFeedbackRequest): Judged {
  if (trace_id !== undefined && response_id === undefined) return { traceId: asId(trace_id) };
  if (response_id !== undefined && trace_id === undefined) return { responseId: asId(response_id) };
  throw invalid('trace_id', "Expected exactly one of 'trace_id' and 'response_id'.");
}

const serializeFeedback = (feedback: StoredFeedback): Feedback => ({
  id: feedback.id,
  trace_id: feedback.traceId,
  response_id: feedback.responseId,
  score: feedback.score,
  comment: feedback.comment,
  correction: feedback.correction,
  created_at: isoTime(feedback.createdAt),
});

const serializeConversation = (judged: StoredConversation): JudgedConversation => ({
  ...serializeFeedback(judged),
  prompt_version: judged.promptVersion,
  messages: judged.messages,
});

export const feedback = new Hono<Routes>()
  .post(
    '/',
    needs('write'),
    operation({
      summary: 'Rate an answer, with a correction if you have one',
      description:
        '`score` is -1 for bad and 1 for good, or a number between 0 and 1. Name the answer by `trace_id` or by ' +
        '`response_id`, not by both.',
      tag: 'feedback',
      request: examples.createFeedbackRequest,
      answers: { 201: { schema: Feedback, example: examples.feedback } },
    }),
    jsonBody(CreateFeedbackRequest),
    async (c) => {
      const body = c.req.valid('json');
      const given = await giveFeedback(c.var.services, c.var.scope, judgedOf(body), {
        score: body.score,
        comment: body.comment ?? null,
        correction: body.correction ?? null,
      });
      return c.json(serializeFeedback(given), 201);
    },
  )
  .get(
    '/',
    needs('read'),
    operation({
      summary: 'List feedback, newest first, with the conversation that it rates',
      tag: 'feedback',
      answers: { 200: { schema: FeedbackList, example: onePage(examples.judgedConversation) } },
    }),
    queryString(Paging),
    async (c) => {
      const page = await listFeedback(c.var.services, c.var.scope.tenantId, rangeOf(c.req.valid('query')));
      return c.json(serializePage(page, serializeConversation));
    },
  );
