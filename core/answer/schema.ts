import { dereference, type Schema, Validator } from '@cfworker/json-schema';
import type { JsonSchema } from '../prompts/prompt.ts';

const DRAFT = '2020-12';

/** One of each kind of value: a schema that breaks on these breaks on every answer. */
const samples: readonly unknown[] = [{}, [], '', 0, true, null];

/** Whether answers can be checked against this schema: all that it refers to is in it, and nothing makes it break. */
export function isCheckable(schema: JsonSchema): boolean {
  try {
    const parts = dereference(schema);
    const refersInside = Object.values(parts).every(
      (part) => typeof part === 'boolean' || part.$ref === undefined || targetOf(part) in parts,
    );
    if (refersInside) for (const sample of samples) new Validator(schema, DRAFT).validate(sample);
    return refersInside;
  } catch {
    return false;
  }
}

const targetOf = (part: Schema): string => part.__absolute_ref__ ?? part.$ref ?? '';

/** Characters of a problem that a model is told of. */
const LONGEST_PROBLEM = 500;

/** What is wrong with a value, in words; null when nothing is. */
export function schemaProblem(value: unknown, schema: JsonSchema): string | null {
  try {
    const { valid, errors } = new Validator(schema, DRAFT, false).validate(value);
    const error = errors.at(-1);
    return valid
      ? null
      : `${error?.instanceLocation ?? '#'}: ${error?.error ?? 'invalid'}`.slice(0, LONGEST_PROBLEM);
  } catch (cause) {
    // The validator throws on what `isCheckable` cannot foresee, such as a pattern in a branch that no sample takes.
    return `the schema cannot be applied (${String(cause)})`.slice(0, LONGEST_PROBLEM);
  }
}
