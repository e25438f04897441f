import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { parse } from 'smol-toml';
import { z } from 'zod';

/** What of `wrangler.toml` deploying has to know; the rest is wrangler's and passes through. */
const schema = z.looseObject({
  name: z.string(),
  main: z.string(),
  assets: z.looseObject({ directory: z.string() }),
  d1_databases: z.array(
    z.looseObject({ binding: z.string(), database_name: z.string(), migrations_dir: z.string() }),
  ),
  r2_buckets: z.array(z.looseObject({ bucket_name: z.string() })),
  vectorize: z.array(z.looseObject({ index_name: z.string() })),
  queues: z.looseObject({
    producers: z.array(z.looseObject({ queue: z.string() })),
    consumers: z.array(z.looseObject({ queue: z.string(), dead_letter_queue: z.string().optional() })),
  }),
});

export type Configuration = z.infer<typeof schema>;

export async function readConfiguration(root: string): Promise<Configuration> {
  return schema.parse(parse(await readFile(join(root, 'wrangler.toml'), 'utf8')));
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
