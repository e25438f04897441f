import { z } from 'zod';
import type { Filter } from '../../core/retrieve/filter.ts';

/** What a search and the `file_search` tool are told in the same words. */

const key = z.string().min(1).max(64);
const text = z.string().max(512);

/** D1 binds 100 values a statement; a comparison binds two, and the rest of a search up to ten. */
const MAX_COMPARISONS = 40;
/** «and» of «or» of «and» of comparisons; what is said deeper can be said flat. */
const MAX_DEPTH = 4;

const comparison = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.enum(['eq', 'ne']),
    key,
    value: z.union([text, z.number(), z.boolean()], 'expected a string, a number or a boolean'),
  }),
  z.strictObject({
    type: z.enum(['gt', 'gte', 'lt', 'lte']),
    key,
    value: z.union([text, z.number()], 'expected a string or a number'),
  }),
  z.strictObject({
    type: z.enum(['in', 'nin']),
    key,
    value: z
      .array(z.union([text, z.number()], 'expected a string or a number'))
      .min(1)
      .max(1000),
  }),
]);

/** Built level by level, not recursively: a hostile body of a million brackets ends at the fourth. */
const filterOfDepth = (depth: number): z.ZodType<Filter> =>
  depth === 1
    ? comparison
    : z.discriminatedUnion('type', [
        comparison,
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

export const filters = filterOfDepth(MAX_DEPTH)
  .refine(
    (filter) => comparisons(filter) <= MAX_COMPARISONS,
    `expected at most ${MAX_COMPARISONS} comparisons`,
  )
  .meta({
    description: `A comparison of a file attribute, or «and»/«or» of up to ${MAX_COMPARISONS} of them, ${MAX_DEPTH} levels deep.`,
  });

const share = z.number().min(0).max(1);

export const rankingOptions = z.strictObject({
  ranker: z.enum(['auto', 'none', 'default-2024-11-15']).optional(),
  score_threshold: share.optional(),
  hybrid_search: z
    .strictObject({ embedding_weight: share, text_weight: share })
    .refine(
      (weights) => weights.embedding_weight + weights.text_weight > 0,
      'expected at least one weight above 0',
    )
    .optional(),
});

export const maxResults = z.int().min(1).max(50);

type RankingOptions = z.infer<typeof rankingOptions>;

/** The part of a question that ranking options fix; what is not given takes the default. */
export const rankingOf = (options: RankingOptions | undefined) => ({
  ranker: options?.ranker ?? ('auto' as const),
  scoreThreshold: options?.score_threshold ?? 0,
  weights:
    options?.hybrid_search === undefined
      ? null
      : { embedding: options.hybrid_search.embedding_weight, text: options.hybrid_search.text_weight },
});
