import type { OutputUnit, Schema } from '@cfworker/json-schema';
import { invalid } from '../failure.ts';
import { schemaErrors } from '../json-schema.ts';
import type { Json } from './json.ts';

/** A JSON Schema (2020-12). Checked by walking it: Workers have no `new Function`, which Ajv would need. */
export type JsonSchema = Schema;

/** Throws a `Failure` that names the field, under the name that the caller's request has for the value. */
export function check(schema: JsonSchema, value: Json, name: string): void {
  const error = deepest(schemaErrors(schema, value));
  if (error === null) return;
  const missing = error.keyword === 'required' ? /"(.+)"/.exec(error.error)?.[1] : undefined;
  const param = [name, ...pathOf(error), ...(missing === undefined ? [] : [missing])].join('.');
  if (missing !== undefined) throw invalid(param, `Missing '${param}'.`);
  if (error.keyword === 'false') throw invalid(param, `Unknown field '${param}'.`);
  // The checker says "0 is less than 0" of a bound that is itself excluded.
  const said = error.keyword.startsWith('exclusive')
    ? error.error.replace('less than', 'not above').replace('greater than', 'not below')
    : error.error;
  throw invalid(param, `Invalid '${param}': ${said}`);
}

const pathOf = (error: OutputUnit): readonly string[] => error.instanceLocation.split('/').slice(1);

/** Outer errors only say that something inside is wrong; the innermost one says what. */
function deepest(errors: readonly OutputUnit[]): OutputUnit | null {
  return errors.reduce<OutputUnit | null>(
    (found, error) => (found === null || pathOf(error).length > pathOf(found).length ? error : found),
    null,
  );
}
