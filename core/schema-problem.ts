import type { OutputUnit } from '@cfworker/json-schema';
import { invalid } from './failure.ts';
import { type JsonSchema, schemaErrors } from './json-schema.ts';

export interface SchemaProblem {
  /** The field at fault, under the name that was given for the value: `input.order.amount`. */
  readonly param: string;
  /** A sentence that names the field and says what was expected. */
  readonly message: string;
}

/**
 * The innermost thing that is wrong with a value, for people and for models alike; null when nothing is.
 * @throws where the schema itself cannot be applied (`schemaFault`).
 */
export function schemaProblem(schema: JsonSchema, value: unknown, name: string): SchemaProblem | null {
  const error = innermost(schemaErrors(schema, value));
  if (error === null) return null;
  const missing = error.keyword === 'required' ? /"(.+)"/.exec(error.error)?.[1] : undefined;
  const param = [name, ...pathOf(error), ...(missing === undefined ? [] : [missing])].join('.');
  if (missing !== undefined) return { param, message: `Missing '${param}'.` };
  if (error.keyword === 'false') return { param, message: `Unknown field '${param}'.` };
  // The checker says "0 is less than 0" of a bound that is itself excluded.
  const reason = error.keyword.startsWith('exclusive')
    ? error.error.replace('less than', 'not above').replace('greater than', 'not below')
    : error.error;
  return { param, message: `Invalid '${param}': ${reason}` };
}

/** @throws Failure `invalid_request` that names the field. */
export function checkSchema(schema: JsonSchema, value: unknown, name: string): void {
  const problem = schemaProblem(schema, value, name);
  if (problem !== null) throw invalid(problem.param, problem.message);
}

const pathOf = (error: OutputUnit): readonly string[] => error.instanceLocation.split('/').slice(1);

/** Outer errors only say that something inside is wrong. */
function innermost(errors: readonly OutputUnit[]): OutputUnit | null {
  return errors.reduce<OutputUnit | null>(
    (found, error) => (found === null || pathOf(error).length > pathOf(found).length ? error : found),
    null,
  );
}
