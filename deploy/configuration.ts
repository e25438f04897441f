import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { parse } from 'smol-toml';
import { z } from 'zod';
import { Trouble } from './trouble.ts';

const named = z.looseObject({ binding: z.string() });

/** The part of `wrangler.toml` that deploying and the local account have to know; the rest passes through. */
const schema = z.looseObject({
  name: z.string(),
  main: z.string(),
  compatibility_date: z.string(),
  compatibility_flags: z.array(z.string()),
  assets: z.looseObject({ directory: z.string(), run_worker_first: z.array(z.string()) }),
  vars: z.record(z.string(), z.string()),
  d1_databases: z.array(named.extend({ database_name: z.string(), migrations_dir: z.string() })),
  r2_buckets: z.array(named.extend({ bucket_name: z.string() })),
  vectorize: z.array(named.extend({ index_name: z.string() })),
  ai: named,
  queues: z.looseObject({
    producers: z.array(named.extend({ queue: z.string() })),
    consumers: z.array(z.looseObject({ queue: z.string(), dead_letter_queue: z.string().optional() })),
  }),
  durable_objects: z.looseObject({
    bindings: z.array(z.looseObject({ name: z.string(), class_name: z.string() })),
  }),
  migrations: z.array(z.looseObject({ tag: z.string() })),
  triggers: z.looseObject({ crons: z.array(z.string()) }),
});

export type Configuration = z.infer<typeof schema>;

/** How a Vectorize index is created; dimensions cannot be changed later. */
export interface VectorShape {
  readonly dimensions: number;
}

/** The properties that adapters/vectorize-vectors.ts filters by. */
export const metadataIndexes = ['vector_store', 'file'] as const;

export async function readConfiguration(root: string): Promise<Configuration> {
  const read = schema.safeParse(parse(await readFile(join(root, 'wrangler.toml'), 'utf8')));
  if (!read.success) throw new Trouble(`wrangler.toml: ${z.prettifyError(read.error)}`);
  return withDeadLetterQueues(read.data);
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
