import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Names } from '../adapters/configuration.ts';
import { DeployFailure } from './deploy-failure.ts';
import { applyNames } from './names.ts';
import { type Configuration, readWranglerFile } from './wrangler-file.ts';

export type { Configuration };

/** How a Vectorize index is created; dimensions cannot be changed later. */
export interface VectorShape {
  readonly dimensions: number;
}

/** The properties that adapters/vectorize-vectors.ts filters by. */
export const metadataIndexes = ['vector_store', 'file'] as const;

/** `wrangler.toml` with the names of the deployment over it. */
export async function readConfiguration(root: string, names?: Names, stage?: string): Promise<Configuration> {
  return withDeadLetterQueues(checkQueues(applyNames(await readWranglerFile(root), names, stage)));
}

/**
 *  DEP-9 A queue that is written to is read, also where names were changed in `wrangler.toml` itself, as a form of
 *        Cloudflare's does.
 */
export function checkQueues(configuration: Configuration): Configuration {
  const { producers, consumers } = configuration.queues;
  const unread = producers.find(({ queue }) => !consumers.some((consumer) => consumer.queue === queue));
  if (unread === undefined) return configuration;
  throw new DeployFailure(
    `wrangler.toml: the queue '${unread.queue}' (${unread.binding}) has no [[queues.consumers]], so nothing would read it. ` +
      'Rename a queue in names.resources of app/selvedge.config.ts, which renames its consumer too, or in both places.',
  );
}

/**
 * Workers Builds deploys to the Worker whose build it is, under the name in this variable; wrangler follows it too, so the
 * plan has to.
 */
export const nameOfBuilder = (
  configuration: Configuration,
  { WRANGLER_CI_OVERRIDE_NAME: name = '' }: Readonly<Record<string, string | undefined>>,
): Configuration => (name === '' ? configuration : { ...configuration, name });

/** The Worker tells dead letters from work by this variable, so that a queue may have any name. */
function withDeadLetterQueues(configuration: Configuration): Configuration {
  const dead = configuration.queues.consumers.flatMap((consumer) => consumer.dead_letter_queue ?? []);
  return { ...configuration, vars: { ...configuration.vars, DEAD_LETTER_QUEUES: dead.join(' ') } };
}

/** Under which names the Worker finds its bindings in `env`. */
export const bindingNames = ({
  assets,
  ai,
  d1_databases,
  r2_buckets,
  vectorize,
  queues,
  durable_objects,
}: Configuration): string[] => [
  ...(assets.binding === undefined ? [] : [assets.binding]),
  ...[ai, ...d1_databases, ...r2_buckets, ...vectorize, ...queues.producers].map(({ binding }) => binding),
  ...durable_objects.bindings.map(({ name }) => name),
];

/** Every queue that is written to, read from, or takes what could not be read. */
export function queueNames({ queues }: Configuration): string[] {
  const names = [...queues.producers, ...queues.consumers].map(({ queue }) => queue);
  const dead = queues.consumers.flatMap((consumer) => consumer.dead_letter_queue ?? []);
  return [...new Set([...names, ...dead])];
}

/** Where the configuration with the account's ids is put: ids belong to an account, not into the repository. */
export const resolvedPath = (root: string): string => join(root, '.wrangler', 'deploy', 'wrangler.json');

export async function writeResolved(
  root: string,
  configuration: Configuration,
  databaseIds: ReadonlyMap<string, string>,
): Promise<void> {
  const path = resolvedPath(root);
  const resolved = {
    ...configuration,
    main: resolve(root, configuration.main),
    assets: { ...configuration.assets, directory: resolve(root, configuration.assets.directory) },
    d1_databases: configuration.d1_databases.map((database) => ({
      ...database,
      database_id: databaseIds.get(database.database_name),
      migrations_dir: resolve(root, database.migrations_dir),
    })),
  };
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `${JSON.stringify(resolved, null, 2)}\n`);
}
