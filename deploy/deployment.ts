import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseEnv } from 'node:util';
import { type CatalogueConfiguration, configuredCatalogue } from '../adapters/catalogue-configuration.ts';
import type { Configuration } from '../adapters/configuration.ts';
import { workerVariableNames } from '../adapters/worker-variables.ts';
import { errorMessage } from '../core/error-message.ts';
import { defaultAliases, findModel } from '../core/models/catalogue.ts';
import type { VectorShape } from './configuration.ts';
import { DeployFailure } from './deploy-failure.ts';

/** What `npm run deploy` and `npm start` know of a Worker before it runs. */
export interface Deployment {
  /** What the Worker is given beside its bindings, by name: only what is set. */
  readonly variables: Readonly<Record<string, string>>;
  /** Models of the catalogue whose key is not among the variables. */
  readonly withoutKey: readonly KeylessModel[];
  /** DEP-1. An index has the dimensions of the catalogue's default embedding model; they stand nowhere else. */
  readonly vectors: VectorShape;
}

export interface KeylessModel {
  readonly model: string;
  /** The name of the secret that holds its key. */
  readonly secret: string;
}

export type Variables = Readonly<Record<string, string | undefined>>;

/**
 * DEP-2. Every secret that the catalogue names reaches the Worker, by deploying as by `npm start`.
 * DEP-13. One that is missing is said by name, with the model that needs it, where the Worker is started or uploaded.
 * DEP-3. A catalogue that the Worker would refuse is refused here, before anything is started or uploaded.
 */
export function readDeployment(environment: Variables, own: CatalogueConfiguration = {}): Deployment {
  const { CATALOGUE = '', OPENAI_API_KEY = '', ANTHROPIC_API_KEY = '' } = environment;
  try {
    const catalogue = configuredCatalogue({ CATALOGUE, OPENAI_API_KEY, ANTHROPIC_API_KEY }, own);
    const { dimensions } = findModel(catalogue, defaultAliases.embedding, 'embedding');
    const given = workerVariableNames(catalogue).flatMap((name) => {
      const text = environment[name] ?? '';
      return text === '' ? [] : [[name, text] as const];
    });
    const variables = Object.fromEntries(given);
    const withoutKey = catalogue.entries.flatMap(({ name, target }) =>
      'secret' in target && target.secret !== null && !(target.secret in variables)
        ? [{ model: name, secret: target.secret }]
        : [],
    );
    return { variables, withoutKey, vectors: { dimensions } };
  } catch (cause) {
    throw new DeployFailure(errorMessage(cause), { cause });
  }
}

export const describeKeyless = ({ model, secret }: KeylessModel): string =>
  `The model '${model}' cannot answer: the secret ${secret} is not set.`;

/** The user's configuration, loaded as the Worker loads it. */
export async function readApp(root: string): Promise<Configuration> {
  const path = join(root, 'app', 'selvedge.config.ts');
  try {
    const module: { readonly default: Configuration } = await import(pathToFileURL(path).href);
    return module.default;
  } catch (cause) {
    throw new DeployFailure(`app/selvedge.config.ts cannot be loaded: ${errorMessage(cause)}`, {
      cause,
    });
  }
}

/** `.dev.vars`: settings and secrets of this machine, which git ignores. None when there is no such file. */
export async function readDevVars(root: string): Promise<Record<string, string>> {
  try {
    return Object.fromEntries(
      Object.entries(parseEnv(await readFile(join(root, '.dev.vars'), 'utf8'))).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, value]],
      ),
    );
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    throw error;
  }
}
