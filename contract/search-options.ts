import { z } from 'zod';
import { optional } from './field.ts';

/** What a search and the `file_search` tool are told in the same words. */

const Key = z.string().min(1).max(64);
const Text = z.string().max(512);

/** D1 binds 100 values a statement; a comparison binds two, and the rest of a search up to ten. */
const MAX_COMPARISONS = 40;
/** `and` of `or` of `and` of comparisons; what is nested deeper can be written flat. */
const MAX_DEPTH = 4;

const Comparison = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.enum(['eq', 'ne']),
    key: Key,
    value: z.union([Text, z.number(), z.boolean()], 'expected a string, a number or a boolean'),
  }),
  z.strictObject({
    type: z.enum(['gt', 'gte', 'lt', 'lte']),
    key: Key,
    value: z.union([Text, z.number()], 'expected a string or a number'),
  }),
  z.strictObject({
    type: z.enum(['in', 'nin']),
    key: Key,
    value: z
      .array(z.union([Text, z.number()], 'expected a string or a number'))
      .min(1)
      .max(1000),
  }),
]);
type Comparison = z.infer<typeof Comparison>;

export type Filter = Comparison | { type: 'and' | 'or'; filters: Filter[] };

/** Built level by level, not recursively: a hostile body of a million brackets ends at the fourth. */
const filterOfDepth = (depth: number): z.ZodType<Filter, Filter> =>
  depth === 1
    ? Comparison
    : z.discriminatedUnion('type', [
        Comparison,
        z.strictObject({
          type: z.enum(['and', 'or']),
          filters: z
            .array(filterOfDepth(depth - 1))
            .min(1)
            .max(MAX_COMPARISONS),
        }),
      ]);

const comparisons = (filter: Filter): number =>
  'filters' in filter ? filter.filters.reduce((sum, inner) => sum + comparisons(inner), 0) : 1;

export const Filter = filterOfDepth(MAX_DEPTH)
  .refine(
    (filter) => comparisons(filter) <= MAX_COMPARISONS,
    `expected at most ${MAX_COMPARISONS} comparisons`,
  )
  .meta({
    description: `A comparison of a file attribute, or \`and\`/\`or\` of up to ${MAX_COMPARISONS} of them, ${MAX_DEPTH} levels deep.`,
  });

const Share = z.number().min(0).max(1);

export const RankingOptions = z.strictObject({
  ranker: optional(z.enum(['auto', 'none', 'default-2024-11-15', 'default_2024_08_21'])).describe(
    '`none` keeps the fused order; every other name means the one reranker.',
  ),
  score_threshold: optional(Share),
  hybrid_search: optional(
    z
      .strictObject({ embedding_weight: Share, text_weight: Share })
      .refine(
        (weights) => weights.embedding_weight + weights.text_weight > 0,
        'expected at least one weight above 0',
      ),
  ),
});
export type RankingOptions = z.infer<typeof RankingOptions>;

export const MaxResults = z.int().min(1).max(50);
