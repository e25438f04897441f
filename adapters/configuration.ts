import { z } from 'zod';
import type { ServiceConfiguration } from './services.ts';

export { definePrompt } from '../core/prompts/definition.ts';

/** Everything that is yours to decide, in `app/selvedge.config.ts`. */
export interface Configuration extends ServiceConfiguration {}

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
