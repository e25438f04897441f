import { invalid } from '../failure.ts';
import type { PromptVersion } from '../prompts/prompt.ts';

const placeholder = /\{\{\s*([A-Za-z0-9_]+)\s*\}\}/g;

/**
 * The version with `{{name}}` in its instructions filled in, as OpenAI's reusable prompts have it.
 * @throws Failure `invalid_request` for a variable that is missing or that the instructions do not have.
 */
export function withVariables(
  version: PromptVersion,
  variables: Readonly<Record<string, string>>,
): PromptVersion {
  const wanted = new Set([...version.instructions.matchAll(placeholder)].map(([, name]) => name ?? ''));
  const unknown = Object.keys(variables).find((name) => !wanted.has(name));
  if (unknown !== undefined) {
    throw invalid(`prompt.variables.${unknown}`, `The prompt has no variable '${unknown}'.`);
  }
  const fill = (_: string, name: string): string => {
    const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
    if (value === undefined) {
      throw invalid('prompt.variables', `The prompt's variable '${name}' is missing.`);
    }
    return value;
  };
  return { ...version, instructions: version.instructions.replace(placeholder, fill) };
}
