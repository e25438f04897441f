import { z } from 'zod';

/**
 * The one mechanism behind a promise of every request:
 *
 *  CON-1 `null` for an optional field is as if the field were absent, whatever its type.
 *
 * A request schema says `optional(x)` or `withDefault(x, value)` and never zod's own
 * `.optional()`, so that the document says "nullable" and the code behind it never meets a null. A test walks every
 * request schema and tries it. Response schemas do not use these: there, null and absent are two different answers.
 */
export const optional = <Schema extends z.ZodType>(schema: Schema) =>
  schema.nullish().transform((value) => value ?? undefined);

/** An optional field that stands for `value` when it is absent or null. */
export const withDefault = <Schema extends z.ZodType>(schema: Schema, value: z.output<Schema>) =>
  schema
    .nullish()
    .transform((given) => given ?? value)
    .meta({ default: value });

/** An optional field that is accepted by its name alone: what it holds has no effect here (see field-policy.ts). */
export const unused = () => optional(z.unknown());

/** OpenAI's limits for `metadata`: 16 pairs, keys of 64 and values of 512 characters. */
export const Metadata = z
  .record(z.string().min(1).max(64), z.string().max(512))
  .refine((pairs) => Object.keys(pairs).length <= 16, 'expected at most 16 pairs');
export type Metadata = z.infer<typeof Metadata>;

/** Unix time in whole seconds, as OpenAI's objects carry it. */
export const Seconds = z.int();
