import { Failure } from '../failure.ts';

/** What a journal can hold: the values that survive being written down and read back. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** An agent's state, a node's write, an input: an object of JSON values. */
export type State = { readonly [key: string]: Json };

const KIB = 1024;

/**
 * SQLite in a Durable Object takes 2 MB a row. A run's row holds its input, a fork's state and an output; an
 * interrupt's the arguments and an answer; an effect's the arguments twice and a result; a step's what its node wrote.
 */
export const MAX_VALUE_BYTES = 256 * KIB;
export const MAX_RESULT_BYTES = 1024 * KIB;

/** Throws `payload_too_large`, naming the field. */
export function checkSize(value: Json, name: string, most: number = MAX_VALUE_BYTES): void {
  const size = new TextEncoder().encode(JSON.stringify(value)).byteLength;
  if (size <= most) return;
  throw new Failure('payload_too_large', `'${name}' is larger than ${most / KIB} KiB.`, { param: name });
}

/** What `freezeJson` has made, with its length, so that a value that is used again is neither copied nor measured again. */
const lengths = new WeakMap<object, number>();

/** About how many characters the value has as JSON: what a string escapes is not counted. */
export function lengthOf(value: Json): number {
  if (typeof value === 'string') return value.length + 2;
  if (typeof value !== 'object' || value === null) return String(value).length;
  return lengths.get(value) ?? lengthOf(freezeJson(value, 'value'));
}

/** Far above what people nest, far below what would exhaust the stack. */
const MAX_DEPTH = 200;

/**
 * A deep copy that nobody can change, exactly as JSON would bring it back; a key whose value is undefined is left out.
 * Throws a `TypeError` that names the place of a value that JSON cannot hold: a Date, a Map, NaN, a cycle.
 * Parts that are such copies already are shared: appending to a list of n costs n references.
 */
export function freezeJson<T>(value: T, name: string): T {
  return copy(value, name, 0) as T;
}

function copy(value: unknown, name: string, depth: number): Json {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      if (!Number.isFinite(value)) throw notJson(name, String(value));
      return value + 0; // JSON has no negative zero.
    case 'object':
      break;
    default:
      throw notJson(name, value === undefined ? 'undefined' : `a ${typeof value}`);
  }
  if (value === null || lengths.has(value)) return value as Json;
  if (depth > MAX_DEPTH) throw notJson(name, `nested deeper than ${MAX_DEPTH} levels`);
  return Array.isArray(value) ? copyList(value, name, depth) : copyRecord(value, name, depth);
}

function copyList(value: readonly unknown[], name: string, depth: number): Json {
  let length = 1;
  const list = Array.from(value, (item, place) => {
    const copied = copy(item, `${name}.${place}`, depth + 1);
    length += lengthOf(copied) + 1;
    return copied;
  });
  lengths.set(list, Math.max(length, 2));
  return Object.freeze(list);
}

function copyRecord(value: object, name: string, depth: number): Json {
  const prototype: unknown = Object.getPrototypeOf(value);
  // Another realm's plain object has another `Object.prototype`; nothing stands above that one either.
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    throw notJson(name, `a ${value.constructor.name}`);
  }
  let length = 1;
  const members: [string, Json][] = [];
  for (const [key, item] of Object.entries(value)) {
    if (item === undefined) continue;
    const copied = copy(item, `${name}.${key}`, depth + 1);
    length += key.length + 4 + lengthOf(copied);
    members.push([key, copied]);
  }
  const record = Object.fromEntries(members);
  lengths.set(record, Math.max(length, 2));
  return Object.freeze(record);
}

const notJson = (name: string, what: string): TypeError =>
  new TypeError(`'${name}' is ${what}, which JSON cannot hold`);
