import { z } from 'zod';
import { invalid } from '../../core/failure.ts';
import { schemaFault } from '../../core/json-schema.ts';
import type { FunctionTool, JsonAnswer, ToolChoice } from '../../core/models/chat.ts';
import { jsonObject, jsonValue } from './json-value.ts';

/** Function tools and structured answers, as both of OpenAI's dialects have them. */

export const jsonSchema = jsonObject;

/** A schema that an answer has to satisfy. */
export const answerSchema = jsonSchema.superRefine((schema, context) => {
  const fault = schemaFault(schema);
  if (fault !== null) context.addIssue({ code: 'custom', message: `the schema ${fault}` });
});

export const functionName = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, 'expected 1 to 64 letters, digits, «_» or «-»');

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

export const jsonAnswer = (format: {
  readonly name: string;
  readonly schema?: Readonly<Record<string, unknown>> | undefined;
  readonly description?: string | undefined;
  readonly strict?: boolean | null | undefined;
}): JsonAnswer => ({
  name: format.name,
  schema: format.schema ?? null,
  description: format.description ?? null,
  strict: format.strict ?? false,
});

/**
 * The arguments of an earlier tool call. A model may write what is not JSON, and its client sends that back: then
 * they are the text itself, as is what nests too deep for whoever walks it next.
 */
export function parsedArguments(text: string): unknown {
  if (text === '') return {};
  try {
    const parsed = jsonValue.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : text;
  } catch {
    return text;
  }
}

/** @throws Failure when a tool call before this place still waits for its output. */
export function refuseOpenCalls(open: ReadonlyMap<string, string>, param: string): void {
  const [id] = open.keys();
  if (id !== undefined) throw invalid(param, `No tool output found for the function call '${id}'.`);
}
