import { z } from 'zod';
import { worstCase } from '../../core/answer/call.ts';
import type { AnswerRequest, DocumentQuestion } from '../../core/answer/request.ts';
import { withVariables } from '../../core/answer/variables.ts';
import { invalid } from '../../core/failure.ts';
import { findVectorStore } from '../../core/ingest/vector-store.ts';
import { defaultAliases, findModel } from '../../core/models/catalogue.ts';
import type { FunctionTool, Message, ToolChoice } from '../../core/models/chat.ts';
import { promptVersionName } from '../../core/prompts/prompt.ts';
import { reserve } from './budget.ts';
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

export const jsonSchema = z.record(z.string(), z.unknown());

export const functionName = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, 'expected 1 to 64 letters, digits, «_» or «-»');

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
  for (const id of documents?.vectorStoreIds ?? []) {
    await findVectorStore(services, scope, id, storesParam);
  }
  const version =
    documents === null && asked.prompt === null
      ? null
      : await services.prompts.resolve(scope, referenceOf(asked.prompt));
  const prompt = version === null ? null : withVariables(version, asked.prompt?.variables ?? {});
  const name = asked.model ?? prompt?.model ?? defaultAliases.chat;
  const common = {
    ...rest,
    model: findModel(services.catalogue, name, 'chat'),
    json:
      rest.json ??
      (prompt === null || prompt.outputSchema === null
        ? null
        : { name: prompt.promptId, schema: prompt.outputSchema }),
  };
  const request: AnswerRequest =
    documents === null || prompt === null
      ? { ...common, documents: null, prompt }
      : { ...common, documents, prompt };
  if (prompt !== null) {
    trace.answeredBy(promptVersionName(prompt));
    c.header('x-selvedge-prompt', promptVersionName(prompt));
  }
  await reserve(c, worstCase(request));
  return request;
}

const referenceOf = (prompt: Asked['prompt']) =>
  prompt === null ? null : { id: prompt.id, ...(prompt.version === null ? {} : { version: prompt.version }) };

/** OpenAI's tool of either dialect as the model port has it. */
export const functionTool = (tool: {
  readonly name: string;
  readonly description?: string | null | undefined;
  readonly parameters?: Readonly<Record<string, unknown>> | null | undefined;
  readonly strict?: boolean | null | undefined;
}): FunctionTool => ({
  type: 'function',
  name: tool.name,
  inputSchema: { type: 'object', ...tool.parameters },
  ...(tool.description == null ? {} : { description: tool.description }),
  ...(tool.strict == null ? {} : { strict: tool.strict }),
});

export const toolChoice = (
  choice: 'auto' | 'none' | 'required' | { readonly name: string } | null,
  tools: readonly FunctionTool[],
): ToolChoice | null => {
  if (choice === null) return null;
  if (typeof choice === 'string') return { type: choice };
  if (!tools.some(({ name }) => name === choice.name)) {
    throw invalid('tool_choice', `'tool_choice' names '${choice.name}', which is not among the tools.`);
  }
  return { type: 'tool', toolName: choice.name };
};

/** The arguments of an earlier tool call, which a client sends back as it got them. */
export function parsedArguments(text: string, param: string): unknown {
  try {
    return JSON.parse(text === '' ? '{}' : text);
  } catch {
    throw invalid(param, `Invalid '${param}': expected JSON.`);
  }
}

export const textMessage = (role: 'user' | 'assistant', text: string): Message => ({
  role,
  content: [{ type: 'text', text }],
});
