import type { AnswerDependencies } from '../../core/answer/answer.ts';
import { worstCase } from '../../core/answer/call.ts';
import { type Extras, extrasFor, refuseUnknown } from '../../core/answer/extras.ts';
import type { AnswerRequest, DocumentQuestion } from '../../core/answer/request.ts';
import { withVariables } from '../../core/answer/variables.ts';
import { openVectorStore } from '../../core/ingest/vector-store.ts';
import { defaultAliases, findModel, retrievalModels } from '../../core/models/catalogue.ts';
import type { Message } from '../../core/models/conversation.ts';
import { promptVersionName } from '../../core/prompts/prompt.ts';
import { reserve } from './budget.ts';
import type { Context } from './context.ts';

/** What both dialects come down to, before names are looked up. */
export interface Asked extends Omit<AnswerRequest, 'model' | 'prompt' | 'documents' | 'passedOn'> {
  readonly model: string | null;
  readonly prompt: {
    readonly id: string;
    readonly version: number | null;
    readonly variables: Readonly<Record<string, string>>;
  } | null;
  readonly documents: DocumentQuestion | null;
  /** Where the request names its vector stores, for errors. */
  readonly storesParam: string;
  /** Fields that not every target can be told. */
  readonly extras: Extras;
}

/**
 * Looks up what a request names, in the caller's tenant; says on trace and headers which prompt version
 * answers; and reserves the most that the answer can cost.
 * @throws Failure `not_found` for a model, prompt or vector store, `budget_exceeded`, `rate_limit_exceeded`.
 */
export async function answerRequest(c: Context, asked: Asked): Promise<AnswerRequest> {
  const { services, scope, trace } = c.var;
  const { storesParam, documents, extras, ...rest } = asked;
  if (documents !== null) refuseUnknown(extras);
  for (const id of documents?.vectorStoreIds ?? []) {
    await openVectorStore(services, scope.tenantId, id, storesParam);
  }
  const version =
    documents === null && asked.prompt === null
      ? null
      : await services.prompts.resolve(scope.tenantId, referenceOf(asked.prompt));
  const prompt = version === null ? null : withVariables(version, asked.prompt?.variables ?? {});
  const name = asked.model ?? prompt?.model ?? defaultAliases.chat;
  const model = findModel(services.catalogue, name, 'chat');
  const { passedOn, ignored } = extrasFor(extras, model.target);
  if (ignored.length > 0) c.header('x-selvedge-ignored', ignored.join(', '));
  const common = {
    ...rest,
    passedOn,
    model,
    needsBound: Object.values(c.var.key.budgets).length > 0,
    json:
      rest.json ??
      (prompt === null || prompt.outputSchema === null
        ? null
        : { name: prompt.promptId, schema: prompt.outputSchema, description: null, strict: false }),
  };
  const request: AnswerRequest =
    documents === null || prompt === null
      ? { ...common, documents: null, prompt }
      : { ...common, documents, prompt };
  if (prompt !== null) {
    trace.answeredBy(promptVersionName(prompt));
    c.header('x-selvedge-prompt', promptVersionName(prompt));
  }
  await reserve(c, worstCase(request, retrievalModels(services.catalogue)));
  return request;
}

/** How `answer` is asked for this request: with the services, on the budget of its key. */
export const answering = (c: Context): AnswerDependencies => ({
  ...c.var.services,
  afford: (more) => reserve(c, more),
});

const referenceOf = (prompt: Asked['prompt']) =>
  prompt === null ? null : { id: prompt.id, ...(prompt.version === null ? {} : { version: prompt.version }) };

export const textMessage = (role: 'user' | 'assistant', text: string): Message => ({
  role,
  content: [{ type: 'text', text }],
});

/** A conversation without its system texts, which go to the instructions in their order. */
export function withoutSystem(conversation: readonly Message[]): {
  readonly messages: readonly Message[];
  readonly system: readonly string[];
} {
  return {
    messages: conversation.filter((message) => message.role !== 'system'),
    system: conversation.flatMap((message) =>
      message.role === 'system' && message.content !== '' ? [message.content] : [],
    ),
  };
}
