import { JsonObject, JsonValue } from '../../contract/json.ts';
import { defined } from '../../core/defined.ts';
import { invalid } from '../../core/failure.ts';
import { schemaFault } from '../../core/json-schema.ts';
import type { FunctionTool, JsonAnswer, ToolChoice } from '../../core/models/chat.ts';

/** Function tools and structured answers, as both of OpenAI's dialects have them. */

/** OpenAI's tool of either dialect as the model port has it. */
export const functionTool = (tool: {
  readonly name: string;
  readonly description?: string | undefined;
  readonly parameters?: Readonly<Record<string, unknown>> | undefined;
  readonly strict?: boolean | undefined;
}): FunctionTool => ({
  type: 'function',
  name: tool.name,
  inputSchema: { type: 'object', ...tool.parameters },
  ...defined({ description: tool.description, strict: tool.strict }),
});

export type FunctionChoice = 'auto' | 'none' | 'required' | { readonly name: string } | null;

export const toolChoice = (choice: FunctionChoice, tools: readonly FunctionTool[]): ToolChoice | null => {
  if (choice === null) return null;
  if (typeof choice === 'string') return { type: choice };
  requireTool(choice.name, tools);
  return { type: 'tool', toolName: choice.name };
};

export function requireTool(name: string, tools: readonly FunctionTool[]): void {
  if (tools.some((tool) => tool.name === name)) return;
  throw invalid('tool_choice', `'tool_choice' names '${name}', which is not among the tools.`);
}

/** @param param Where the request has the schema. */
export function jsonAnswer(
  format: {
    readonly name: string;
    readonly schema?: Readonly<Record<string, unknown>> | undefined;
    readonly description?: string | undefined;
    readonly strict?: boolean | undefined;
  },
  param: string,
): JsonAnswer {
  const fault = format.schema === undefined ? null : schemaFault(format.schema);
  if (fault !== null) throw invalid(param, `Invalid '${param}': the schema ${fault}.`);
  return {
    name: format.name,
    schema: format.schema ?? null,
    description: format.description ?? null,
    strict: format.strict ?? false,
  };
}

/**
 * The arguments of an earlier tool call. A model may write what is not JSON, and its client sends that back: then
 * they are the text itself, as is what nests too deep for later steps to walk.
 */
export function parsedArguments(text: string): unknown {
  if (text === '') return {};
  try {
    const parsed = JsonValue.safeParse(JSON.parse(text));
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

/** A schema that an answer has to satisfy, for bodies that are kept before they are used. */
export const answerSchema = JsonObject.superRefine((schema, context) => {
  const fault = schemaFault(schema);
  if (fault !== null) context.addIssue({ code: 'custom', message: `the schema ${fault}` });
});
