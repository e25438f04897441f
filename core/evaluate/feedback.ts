import type { ResponseRepository } from '../answer/response-repository.ts';
import type { Clock } from '../clock.ts';
import { notFound } from '../failure.ts';
import {
  type FeedbackId,
  type KeyId,
  newId,
  type Random,
  type ResponseId,
  type TenantId,
  type TraceId,
} from '../identifier.ts';
import { type Message, textOf } from '../models/conversation.ts';
import type { Page, PageRange } from '../page.ts';
import type { Scope } from '../scope.ts';
import type { RequestRepository } from '../telemetry/usage.ts';

/** What a person or a program thought of an answer. */
export interface Feedback {
  readonly id: FeedbackId;
  readonly tenantId: TenantId;
  readonly keyId: KeyId;
  readonly traceId: TraceId;
  /** Null when the answer was not stored: then its text is nowhere. */
  readonly responseId: ResponseId | null;
  /** −1 (bad) or 0…1; a thumb up is 1. */
  readonly score: number;
  readonly comment: string | null;
  /** What the answer should have been. */
  readonly correction: string | null;
  readonly createdAt: number;
}

export interface Turn {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/** Feedback with the conversation it is about, the judged answer last; empty when that was not stored. */
export interface JudgedConversation extends Feedback {
  readonly promptVersion: string | null;
  readonly messages: readonly Turn[];
}

export interface FeedbackRepository {
  add(feedback: Feedback): Promise<void>;
  list(tenantId: TenantId, range: PageRange): Promise<Page<Feedback>>;
  /** The stored answer of a trace, if there is one. */
  responseOf(tenantId: TenantId, traceId: TraceId): Promise<ResponseId | null>;
}

export interface FeedbackDependencies {
  readonly feedback: FeedbackRepository;
  readonly responses: ResponseRepository;
  readonly usage: RequestRepository;
  readonly clock: Clock;
  readonly random: Random;
}

export type Judged = { readonly traceId: TraceId } | { readonly responseId: ResponseId };

/** @throws Failure `not_found` when the tenant has no such trace or stored response. */
export async function giveFeedback(
  deps: FeedbackDependencies,
  scope: Scope,
  judged: Judged,
  opinion: Pick<Feedback, 'score' | 'comment' | 'correction'>,
): Promise<Feedback> {
  const feedback = {
    id: newId('fb', deps.random),
    tenantId: scope.tenantId,
    keyId: scope.keyId,
    ...(await place(deps, scope, judged)),
    ...opinion,
    createdAt: deps.clock(),
  };
  await deps.feedback.add(feedback);
  return feedback;
}

async function place(
  deps: FeedbackDependencies,
  scope: Scope,
  judged: Judged,
): Promise<Pick<Feedback, 'traceId' | 'responseId'>> {
  if ('responseId' in judged) {
    const response = await deps.responses.find(scope.tenantId, judged.responseId);
    if (response === null) throw notFound('response', judged.responseId, 'response_id');
    return { traceId: response.traceId, responseId: response.id };
  }
  const { traceId } = judged;
  // The trace's own row is written when the answer has ended, the response a moment earlier: look at both.
  const responseId = await deps.feedback.responseOf(scope.tenantId, traceId);
  if (responseId === null && (await deps.usage.find(scope.tenantId, traceId)) === null) {
    throw notFound('trace', traceId, 'trace_id');
  }
  return { traceId, responseId };
}

export async function listFeedback(
  deps: Pick<FeedbackDependencies, 'feedback' | 'responses'>,
  tenantId: TenantId,
  range: PageRange,
): Promise<Page<JudgedConversation>> {
  const page = await deps.feedback.list(tenantId, range);
  const data = await Promise.all(
    page.data.map(async (feedback): Promise<JudgedConversation> => {
      const { responseId } = feedback;
      const response = responseId === null ? null : await deps.responses.find(tenantId, responseId);
      if (response === null) return { ...feedback, promptVersion: null, messages: [] };
      const messages = (await deps.responses.conversation(tenantId, response.id)) ?? [];
      return { ...feedback, promptVersion: response.promptVersion, messages: messages.flatMap(turnOf) };
    }),
  );
  return { data, next: page.next };
}

/** Tool calls and their results are no text of the conversation. */
function turnOf(message: Message): readonly Turn[] {
  if (message.role === 'tool') return [];
  const content = textOf([message]);
  return content === '' ? [] : [{ role: message.role, content }];
}
