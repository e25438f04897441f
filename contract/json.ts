import { z } from 'zod';

export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** Far above what people nest, far below what would exhaust the stack of code that walks it. */
const MAX_DEPTH = 100;

function isShallow(value: unknown): boolean {
  let level = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) return false;
    level = level.flatMap((one) => (typeof one === 'object' && one !== null ? Object.values(one) : []));
  }
  return true;
}

/** `JSON.parse` makes infinity of 1e400, which JSON cannot write again. */
const isFiniteJson = (value: unknown): boolean =>
  typeof value === 'number'
    ? Number.isFinite(value)
    : typeof value !== 'object' || value === null || Object.values(value).every(isFiniteJson);

/** Any JSON. What the body's parser made is JSON by construction, but for its depth and the size of its numbers. */
export const JsonValue = z
  .unknown()
  .refine(isShallow, { error: `is nested deeper than ${MAX_DEPTH} levels`, abort: true })
  .refine(isFiniteJson, 'holds a number that is too large') as z.ZodType<Json>;

export const JsonObject = z.record(z.string(), JsonValue);
export type JsonObject = z.infer<typeof JsonObject>;
