import { z } from 'zod';
import type { AnswerDependencies } from '../../core/answer/answer.ts';
import { worstCase } from '../../core/answer/call.ts';
import type { AnswerRequest, DocumentQuestion } from '../../core/answer/request.ts';
import { withVariables } from '../../core/answer/variables.ts';
import { invalid } from '../../core/failure.ts';
import { openVectorStore } from '../../core/ingest/vector-store.ts';
import { defaultAliases, findModel, retrievalModels, speaksOpenAi } from '../../core/models/catalogue.ts';
import type { Message } from '../../core/models/conversation.ts';
import type { PassedOn } from '../../core/models/provider.ts';
import { promptVersionName } from '../../core/prompts/prompt.ts';
import { reserve, reserveMore } from './budget.ts';
import type { Context } from './context.ts';

/** What both dialects come down to, before names are looked up. */
export interface Asked extends Omit<AnswerRequest, 'model' | 'prompt' | 'documents'> {
  readonly model: string | null;
  readonly prompt: {
    readonly id: string;
    readonly version: number | null;
    readonly variables: Readonly<Record<string, string>>;
  } | null;
  readonly documents: DocumentQuestion | null;
  /** Where the request names its vector stores, for errors. */
  readonly storesParam: string;
}

/** Characters of one text in a request; all of them together stay below the 4 MiB of a body. */
export const content = z.string().max(1_000_000);

/**
 * Looks up what a request names, in the caller's tenant; says on trace and headers which prompt version
 * answers; and reserves the most that the answer can cost.
 * @throws Failure `not_found` for a model, prompt or vector store, `budget_exceeded`, `rate_limit_exceeded`.
 */
export async function answerRequest(c: Context, asked: Asked): Promise<AnswerRequest> {
  const { services, scope, trace } = c.var;
  const { storesParam, documents, ...rest } = asked;
  if (documents !== null) refusePassingOn(asked.passedOn, false);
  for (const id of documents?.vectorStoreIds ?? []) {
    await openVectorStore(services, scope, id, storesParam);
  }
  const version =
    documents === null && asked.prompt === null
      ? null
      : await services.prompts.resolve(scope, referenceOf(asked.prompt));
  const prompt = version === null ? null : withVariables(version, asked.prompt?.variables ?? {});
  const name = asked.model ?? prompt?.model ?? defaultAliases.chat;
  const common = {
    ...rest,
    needsBound: Object.values(c.var.key.budgets).length > 0,
    model: findModel(services.catalogue, name, 'chat'),
    json:
      rest.json ??
      (prompt === null || prompt.outputSchema === null
        ? null
        : { name: prompt.promptId, schema: prompt.outputSchema, description: null, strict: false }),
  };
  refusePassingOn(asked.passedOn, speaksOpenAi(common.model.target));
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
  afford: (more) => reserveMore(c, more),
});

/** Fields whose effect is in the answer, where we could not show it. */
const unshowable: ReadonlySet<string> = new Set([
  'audio',
  'function_call',
  'functions',
  'logprobs',
  'modalities',
  'top_logprobs',
]);

function refusePassingOn(passedOn: PassedOn, possible: boolean): void {
  const param = Object.keys(passedOn).find((field) => !possible || unshowable.has(field));
  if (param === undefined) return;
  throw invalid(
    param,
    unshowable.has(param)
      ? `The field '${param}' is not supported.`
      : `Unknown field '${param}' in the body; only a model behind OpenAI's own API or one like it is passed such fields, and only without documents.`,
  );
}

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
