import { z } from 'zod';
import { KeepDays } from './retention-configuration.ts';
import type { ServiceConfiguration } from './services.ts';

export { definePrompt } from '../core/prompts/definition.ts';

/** Everything that is yours to decide, in `app/selvedge.config.ts`. */
export interface Configuration extends ServiceConfiguration {
  readonly names?: Names;
}

/** What a deployment is called in its account. `npm run deploy` and `npm start` lay it over wrangler.toml. */
export interface Names {
  /** The Worker; what belongs to it takes the name as its first part: `kingfisher-ingest`. */
  readonly worker?: string;
  /** Single resources, by binding: `{ DB: 'kingfisher-records' }`. A queue's dead letters follow it. */
  readonly resources?: Readonly<Record<string, string>>;
}

const Prompt = z.object({
  instructions: z.string().min(1).max(64_000),
  examples: z.array(z.object({ question: z.string().min(1), answer: z.string().min(1) })).max(50),
  model: z.string().min(1),
  answer: z.enum(['auto', 'generate', 'quote']),
  retrieval: z.object({
    maxResults: z.int().min(1).max(50),
    embeddingWeight: z.number().min(0).max(1).nullable(),
    rerank: z.boolean(),
  }),
});

const Parser = z.looseObject({
  extensions: z.array(z.string().regex(/^[a-z0-9]+$/, 'expected lower case, without the dot')),
  mediaTypes: z.array(z.string().regex(/^[^\s;/A-Z]+\/[^\s;/A-Z]+$/, 'expected type/subtype in lower case')),
});

/** Contrast with white by WCAG 2.2: relative luminance of sRGB. */
function isReadable(colour: string): boolean {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05) >= 4.5;
}

/** Short enough for every kind of resource with what is appended to it. */
const Name = z
  .string()
  .regex(/^[a-z][a-z0-9-]{1,38}[a-z0-9]$/, 'expected 3 to 40 lower-case letters, digits or hyphens');

const Checked = z.looseObject({
  prompts: z
    .record(
      z
        .string()
        .regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, 'expected up to 64 lower-case letters, digits, "_" or "-"'),
      Prompt,
    )
    .optional(),
  parsers: z.array(Parser).optional(),
  keepDays: KeepDays.optional(),
  names: z
    .strictObject({ worker: Name.optional(), resources: z.record(z.string(), Name).optional() })
    .optional(),
  pages: z
    .strictObject({
      title: z.string().min(1).max(60).optional(),
      accent: z
        .string()
        .regex(/^#[0-9a-f]{6}$/i, 'expected #rrggbb')
        .refine(isReadable, 'expected a darker colour: white text on it has less contrast than 4.5 : 1')
        .optional(),
      questions: z.array(z.string().min(1).max(200)).max(8).optional(),
    })
    .optional(),
});

/**
 * Types a configuration and checks it, in the Worker as in `npm run deploy` and `npm start`.
 *
 *  DEP-5 A configuration that cannot work is refused where it is loaded, naming the field, before anything is uploaded.
 */
export function defineConfig(configuration: Configuration): Configuration {
  const checked = Checked.safeParse(configuration);
  if (!checked.success) throw new Error(z.prettifyError(checked.error));
  return configuration;
}
