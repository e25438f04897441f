import { z } from 'zod';
import { builtInCatalogue } from '../core/models/built-in.ts';
import { type Calibration, fallbackCalibration } from '../core/models/calibration.ts';
import {
  type Catalogue,
  DEFAULT_OUTPUT_TOKENS,
  DEFAULT_PICTURE_TOKENS,
  extendCatalogue,
  type ModelEntry,
  type PriceReference,
  type Target,
} from '../core/models/catalogue.ts';
import type { Environment } from './environment.ts';

const secretName = z.string().regex(/^[A-Z][A-Z0-9_]*$/, "expected a secret's name, never a key itself");

const target = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.enum(['workers-ai', 'openai', 'anthropic']), model: z.string().min(1) }),
  z.strictObject({
    kind: z.enum(['openai-compatible', 'vllm']),
    model: z.string().min(1),
    base_url: z.url({ protocol: /^https?$/ }),
    key_secret: secretName.optional(),
  }),
]);

const price = z.union([
  z.strictObject({ provider: z.string().min(1), model: z.string().min(1) }),
  z.strictObject({
    input_per_million: z.number().nonnegative(),
    output_per_million: z.number().nonnegative(),
  }),
]);

const common = { name: z.string().min(1).max(200), target, price: price.optional() };

const entry = z.discriminatedUnion('task', [
  z.strictObject({
    ...common,
    task: z.literal('chat'),
    answers: z.enum(['quote', 'generate']).default('generate'),
    tools: z.boolean().default(false),
    json_schema: z.boolean().default(false),
    context_tokens: z.int().min(512).default(8_192),
    max_output_tokens: z.int().min(16).optional(),
  }),
  z.strictObject({
    ...common,
    task: z.literal('embedding'),
    dimensions: z.int().positive(),
    max_tokens: z.int().positive().default(512),
    query_prefix: z.string().default(''),
  }),
  z.strictObject({
    ...common,
    task: z.literal('rerank'),
    target: z.strictObject({ kind: z.literal('workers-ai'), model: z.string().min(1) }),
    max_tokens: z.int().positive().default(512),
  }),
  z.strictObject({
    ...common,
    task: z.literal('ocr'),
    max_input_tokens: z.int().positive().default(DEFAULT_PICTURE_TOKENS),
    max_output_tokens: z.int().min(256).default(DEFAULT_OUTPUT_TOKENS),
  }),
]);

const share = z.number().min(0).max(1);

const weights = z.strictObject({
  intercept: z.number(),
  passage: z.number().default(0),
  sentence: z.number().default(0),
  lead: z.number().default(0),
  coverage: z.number().default(0),
  cosine: z.number().default(0),
});

/** What the scores of two models mean together; what is left out is that of a pair that nobody has measured. */
const calibration = z.strictObject({
  embedding: z.string().min(1),
  rerank: z.string().min(1),
  fusion: z
    .union(
      [
        z.strictObject({ cosine_a_squared_deviation: z.number().positive() }),
        z.strictObject({ embedding_share: share }),
      ],
      'expected { cosine_a_squared_deviation } or { embedding_share }',
    )
    .optional(),
  rerank_share: share.optional(),
  relevance: z
    .strictObject({ full: weights, without_reranker: weights.optional(), words_alone: weights.optional() })
    .optional(),
  thresholds: z.strictObject({ quote: share.optional(), generate: share.optional() }).default({}),
});

const configuration = z.strictObject({
  models: z.array(entry).default([]),
  calibrations: z.array(calibration).default([]),
  aliases: z.record(z.string().min(1), z.string().min(1)).default({}),
});

/** More models and aliases, as `CATALOGUE` and `app/selvedge.config.ts` write them. */
export type CatalogueConfiguration = z.input<typeof configuration>;

let last: { readonly source: string; readonly catalogue: Catalogue } | null = null;

/**
 * The built-in models for which there are keys, with the app's own and then `CATALOGUE` (JSON) laid over them.
 * @throws Error that names the field when `CATALOGUE` cannot be used: no request can be served right then.
 */
export function configuredCatalogue(
  env: Pick<Environment, 'CATALOGUE' | 'OPENAI_API_KEY' | 'ANTHROPIC_API_KEY'>,
  own: CatalogueConfiguration = {},
): Catalogue {
  const openai = (env.OPENAI_API_KEY ?? '') !== '';
  const anthropic = (env.ANTHROPIC_API_KEY ?? '') !== '';
  const source = JSON.stringify([openai, anthropic, own, env.CATALOGUE ?? '']);
  if (last?.source === source) return last.catalogue;
  const catalogue = extendCatalogue(
    extendCatalogue(builtInCatalogue({ openai, anthropic }), read(own, "The app's catalogue")),
    parse(env.CATALOGUE ?? ''),
  );
  const names = new Set(catalogue.entries.map((model) => model.name));
  for (const [alias, name] of Object.entries(catalogue.aliases)) {
    if (names.has(name)) continue;
    throw new Error(
      `CATALOGUE: the alias '${alias}' names '${name}', which is not in the catalogue. Is its API key set?`,
    );
  }
  for (const [place, one] of (catalogue.calibrations ?? []).entries()) {
    for (const task of ['embedding', 'rerank'] as const) {
      if (catalogue.entries.some((model) => model.name === one[task] && model.task === task)) continue;
      throw new Error(
        `CATALOGUE: calibrations[${place}].${task} names '${one[task]}', which is not a model of this task in the catalogue.`,
      );
    }
  }
  last = { source, catalogue };
  return catalogue;
}

function parse(text: string): Catalogue {
  if (text.trim() === '') return { entries: [], aliases: {} };
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new Error('CATALOGUE is not valid JSON.', { cause });
  }
  return read(json, 'CATALOGUE');
}

function read(json: unknown, source: string): Catalogue {
  const result = configuration.safeParse(json);
  if (!result.success) throw new Error(`${source}: ${z.prettifyError(result.error)}`);
  const { models, aliases, calibrations } = result.data;
  return { entries: models.map(toEntry), aliases, calibrations: calibrations.map(toCalibration) };
}

function toEntry(model: z.infer<typeof entry>): ModelEntry {
  const base = { name: model.name, target: toTarget(model.target), price: toPrice(model.price) };
  switch (model.task) {
    case 'chat':
      return {
        ...base,
        task: 'chat',
        capabilities: {
          answers: model.answers,
          tools: model.tools,
          jsonSchema: model.json_schema,
          contextTokens: model.context_tokens,
          maxOutputTokens:
            model.max_output_tokens ?? Math.min(DEFAULT_OUTPUT_TOKENS, Math.floor(model.context_tokens / 2)),
        },
      };
    case 'embedding':
      return {
        ...base,
        task: 'embedding',
        dimensions: model.dimensions,
        maxTokens: model.max_tokens,
        queryPrefix: model.query_prefix,
      };
    case 'rerank':
      return { ...base, task: 'rerank', maxTokens: model.max_tokens };
    case 'ocr':
      return {
        ...base,
        task: 'ocr',
        maxInputTokens: model.max_input_tokens,
        maxOutputTokens: model.max_output_tokens,
      };
  }
}

function toCalibration(given: z.infer<typeof calibration>): Calibration {
  const base = fallbackCalibration(given.embedding, given.rerank);
  const { fusion, relevance, thresholds } = given;
  return {
    ...base,
    ...(fusion === undefined
      ? {}
      : {
          fusion:
            'embedding_share' in fusion
              ? { kind: 'fixed', embeddingShare: fusion.embedding_share }
              : { kind: 'evidence', cosineASquaredDeviation: fusion.cosine_a_squared_deviation },
        }),
    rerankShare: given.rerank_share ?? base.rerankShare,
    ...(relevance === undefined
      ? {}
      : {
          relevance: {
            full: relevance.full,
            withoutReranker: relevance.without_reranker ?? base.relevance.withoutReranker,
            wordsAlone: relevance.words_alone ?? base.relevance.wordsAlone,
          },
        }),
    thresholds: {
      quote: thresholds.quote ?? base.thresholds.quote,
      generate: thresholds.generate ?? base.thresholds.generate,
    },
  };
}

function toTarget(given: z.infer<typeof target>): Target {
  if ('base_url' in given) {
    const { kind, model, base_url, key_secret } = given;
    return { kind, model, baseUrl: base_url, secret: key_secret ?? null };
  }
  return given;
}

function toPrice(given: z.infer<typeof price> | undefined): PriceReference {
  if (given === undefined) return { kind: 'none' };
  if ('provider' in given) return { kind: 'table', ...given };
  return {
    kind: 'own',
    inputPerMillion: given.input_per_million,
    outputPerMillion: given.output_per_million,
  };
}
