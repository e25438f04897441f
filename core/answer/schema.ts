import { schemaErrors } from '../json-schema.ts';
import type { JsonSchema } from '../prompts/prompt.ts';

/** Characters of a problem that a model is told of. */
const LONGEST_PROBLEM = 500;

/** What is wrong with a value, in words; null when nothing is. */
export function schemaProblem(value: unknown, schema: JsonSchema): string | null {
  try {
    const error = schemaErrors(schema, value).at(-1);
    return error === undefined ? null : `${error.instanceLocation}: ${error.error}`.slice(0, LONGEST_PROBLEM);
  } catch (cause) {
    // The checker throws on what `schemaFault` cannot foresee, such as a reference in a branch that no sample takes.
    return `the schema cannot be applied (${String(cause)})`.slice(0, LONGEST_PROBLEM);
  }
}
