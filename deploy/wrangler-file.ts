import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'smol-toml';
import { z } from 'zod';
import { DeployFailure } from './deploy-failure.ts';

const named = z.looseObject({ binding: z.string() });

/** The part of `wrangler.toml` that deploying and the local account have to know; the rest passes through. */
const schema = z.looseObject({
  name: z.string(),
  main: z.string(),
  compatibility_date: z.string(),
  compatibility_flags: z.array(z.string()),
  assets: z.looseObject({
    directory: z.string(),
    binding: z.string().optional(),
    run_worker_first: z.array(z.string()),
  }),
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

export async function readWranglerFile(root: string): Promise<Configuration> {
  const read = schema.safeParse(parse(await readFile(join(root, 'wrangler.toml'), 'utf8')));
  if (!read.success) throw new DeployFailure(`wrangler.toml: ${z.prettifyError(read.error)}`);
  return read.data;
}
