import { z } from 'zod';
import type { Json } from '../../core/agent/json.ts';

/** Far above what people nest, far below what would exhaust the stack of whoever walks it. */
const MAX_DEPTH = 100;

function isShallow(value: unknown): boolean {
  let level = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) return false;
    level = level.flatMap((one) => (typeof one === 'object' && one !== null ? Object.values(one) : []));
  }
  return true;
}

/** Any JSON. What the body's parser made is JSON by construction; only its depth needs a look. */
export const jsonValue = z
  .unknown()
  .refine(isShallow, `is nested deeper than ${MAX_DEPTH} levels`) as unknown as z.ZodType<Json>;

export const jsonObject = z.record(z.string(), jsonValue);
