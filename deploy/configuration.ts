import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Names } from '../adapters/configuration.ts';
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
  return withDeadLetterQueues(applyNames(await readWranglerFile(root), names, stage));
}

/** The Worker tells dead letters from work by this variable, so that a queue may have any name. */
function withDeadLetterQueues(configuration: Configuration): Configuration {
  const dead = configuration.queues.consumers.flatMap((consumer) => consumer.dead_letter_queue ?? []);
  return { ...configuration, vars: { ...configuration.vars, DEAD_LETTER_QUEUES: dead.join(' ') } };
}

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
