import type { Catalogue } from '../core/models/catalogue.ts';
import type { Environment } from './environment.ts';
import { retentionVariables } from './retention-configuration.ts';

/**
 * Everything beside the bindings that a Worker may be given from outside. `npm run deploy` uploads what is set of
 * it as secrets, `npm start` hands it over, and `.dev.vars.example` lists it. There is no other list.
 */
const settings = [
  'ADMIN_KEY',
  'OPENAI_API_KEY',
  'ANTHROPIC_API_KEY',
  'CATALOGUE',
  'OCR',
  'PAGE_HOSTS',
  'CORS_ORIGINS',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'OTEL_EXPORTER_OTLP_PROTOCOL',
  'OTEL_EXPORTER_OTLP_HEADERS',
  ...retentionVariables,
] as const satisfies readonly (keyof Environment)[];

/** The names of those, and of every secret that the catalogue mentions (`key_secret`). */
export function workerVariableNames(catalogue: Catalogue): readonly string[] {
  const secrets = catalogue.entries.flatMap(({ target }) =>
    'secret' in target && target.secret !== null ? [target.secret] : [],
  );
  return [...new Set([...settings, ...secrets])];
}
