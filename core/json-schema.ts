import { dereference, format, type OutputUnit, type Schema, validate } from '@cfworker/json-schema';
import { RE2JS } from 're2js';

/**
 * Checking a value against a JSON Schema (2020-12) that somebody else wrote. It is walked, never compiled: Workers have
 * no `new Function`.
 *
 *  SEC-1 No pattern of a caller can freeze the isolate. A Worker has one thread for all tenants, and JavaScript's
 *     regular expressions backtrack: `^(a+)+$` takes 17 s for 30 characters. Patterns therefore run in RE2's linear
 *     time; what RE2 cannot do (lookaround, backreferences, very large repetitions) is refused when the schema comes.
 */
const DRAFT = '2020-12';

/** Characters of a pattern. */
const LONGEST_PATTERN = 1_000;
/** Characters of a text with a `format`: the checker's own expressions take quadratic time on some. */
const LONGEST_FORMATTED = 4_096;

/** Property names are matched by the checker itself, so their patterns must not be able to backtrack: `^x-`, `^[a-z]+$`. */
const plainPattern =
  /^\^(?:[^\\()[\]{}*+?|.]|\\[\\dwsDWS./-]|\[(?:[^\\\]]|\\.)+\])*(?:[*+]|\{\d{1,3}(?:,\d{0,3})?\})?\$?$/;

/** A JSON Schema, 2020-12, as somebody wrote it: `schemaFault` says whether it is one. */
export type JsonSchema = Readonly<Record<string, unknown>>;

type Check = (text: string) => boolean;

interface Prepared {
  readonly schema: Schema;
  readonly parts: Record<string, Schema | boolean>;
  /** What stands in the checker's table of formats while this schema is used. */
  readonly checks: ReadonlyMap<string, Check>;
}

/** Why a schema cannot be checked with, in words that continue "the schema …"; null when nothing is wrong with it. */
export function schemaFault(schema: JsonSchema): string | null {
  try {
    const { parts } = prepare(schema);
    const outside = Object.values(parts).find(
      (part) => typeof part !== 'boolean' && part.$ref !== undefined && !(targetOf(part) in parts),
    );
    if (outside !== undefined) return 'refers to what is not in it';
    // One of each kind of value: a schema that breaks on these breaks on every answer.
    for (const sample of [{}, [], '', 0, true, null]) schemaErrors(schema, sample);
    return null;
  } catch (error) {
    return error instanceof UnsupportedPattern ? error.message : 'is not valid JSON Schema';
  }
}

const targetOf = (part: Schema): string => part.__absolute_ref__ ?? part.$ref ?? '';

/**
 * What is wrong with a value, outer errors first; empty when nothing is.
 * @throws where the schema itself cannot be applied (`schemaFault` says why).
 */
export function schemaErrors(schema: JsonSchema, value: unknown): readonly OutputUnit[] {
  const prepared = prepare(schema);
  // The checker finds formats in one table for all; nothing else runs before ours are taken out again.
  for (const [name, check] of prepared.checks) format[name] = check;
  try {
    return validate(value, prepared.schema, DRAFT, prepared.parts, false).errors.map(inOwnWords);
  } finally {
    for (const name of prepared.checks.keys()) delete format[name];
  }
}

const PATTERN = 'selvedge-pattern:';
const FORMAT = 'selvedge-format:';

function inOwnWords(unit: OutputUnit): OutputUnit {
  if (unit.keyword !== 'format') return unit;
  return unit.error.includes(PATTERN)
    ? { ...unit, keyword: 'pattern', error: 'String does not match pattern.' }
    : { ...unit, error: unit.error.replace(FORMAT, '') };
}

class UnsupportedPattern extends Error {}

/** A copy in which every pattern, and every format that the checker knows, is one of our own checks. */
function prepare(given: Schema): Prepared {
  const schema = structuredClone(given);
  const parts = dereference(schema);
  const checks = new Map<string, Check>();
  for (const part of new Set(Object.values(parts))) {
    if (typeof part === 'boolean') continue;
    for (const name of Object.keys(part.patternProperties ?? {})) refuseBacktracking(name);
    const known =
      part.format !== undefined && Object.hasOwn(format, part.format) ? format[part.format] : undefined;
    if (known !== undefined) {
      part.format = FORMAT + part.format;
      checks.set(part.format, (text) => text.length <= LONGEST_FORMATTED && known(text));
    }
    if (part.pattern !== undefined) {
      const pattern = linear(part.pattern);
      const name = PATTERN + part.pattern;
      checks.set(name, (text) => pattern.matcher(text).find());
      part.allOf = [...(part.allOf ?? []), { format: name }];
      delete part.pattern;
    }
  }
  return { schema, parts, checks };
}

function linear(pattern: string): RE2JS {
  if (typeof pattern !== 'string' || pattern.length > LONGEST_PATTERN) {
    throw new UnsupportedPattern(`has a pattern longer than ${LONGEST_PATTERN} characters`);
  }
  try {
    return RE2JS.compile(RE2JS.translateRegExp(pattern));
  } catch {
    throw new UnsupportedPattern(
      `has the pattern '${pattern.slice(0, 100)}', which RE2 cannot match in linear time (lookaround, backreferences and very large repetitions are not supported)`,
    );
  }
}

function refuseBacktracking(pattern: string): void {
  if (pattern.length <= LONGEST_PATTERN && plainPattern.test(pattern)) return;
  throw new UnsupportedPattern(
    `has the pattern '${pattern.slice(0, 100)}' in 'patternProperties'; there only a beginning such as '^x-' or one repeated class such as '^[a-z]+$' is supported`,
  );
}
