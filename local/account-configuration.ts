import { randomUUID } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Names } from '../adapters/configuration.ts';
import {
  type Configuration,
  metadataIndexes,
  readConfiguration,
  type VectorShape,
} from '../deploy/configuration.ts';

/**
 * The local account is derived from `wrangler.toml`, never written by hand, so what runs on a laptop is what is
 * deployed. The derivation is all that differs:
 *
 * LOC-1. Bindings, queues, schedules, variables and Durable Objects are production's, under production's names.
 * LOC-2. Vectorize and Workers AI become service bindings to entrypoints of the same Worker (local/account), and one
 *        Durable Object is added that stores the vectors.
 * LOC-3. Every request passes the Worker, the page's files too: it checks who asks (workers/http/local-access.ts).
 * LOC-4. What a laptop stores is found by names that a renamed deployment does not change.
 */
export function localConfiguration(production: Configuration, root: string, vectors: VectorShape): object {
  const { ai, vectorize, assets, d1_databases, durable_objects, migrations, ...rest } = production;
  const service = { service: NAME };
  return {
    ...without(rest, ACCOUNT_ONLY),
    name: NAME,
    main: join(root, 'local', 'account', 'worker.ts'),
    // A real AI binding keeps an abort signal on its own side; here it has to reach the entrypoint that does the work.
    compatibility_flags: [...production.compatibility_flags, 'enable_abortsignal_rpc'],
    assets: { ...assets, directory: resolve(root, assets.directory), run_worker_first: true },
    d1_databases: d1_databases.map((database) => ({
      ...database,
      database_id: database.binding === 'DB' ? 'selvedge-main' : `selvedge-${database.binding.toLowerCase()}`,
      migrations_dir: resolve(root, database.migrations_dir),
    })),
    services: [
      ...vectorize.map(({ binding }) => ({
        ...service,
        binding,
        entrypoint: 'LocalVectorize',
        props: {
          index: binding === 'VECTORIZE' ? 'selvedge' : binding.toLowerCase(),
          dimensions: vectors.dimensions,
          metadata_indexes: Object.fromEntries(metadataIndexes.map((property) => [property, 'string'])),
        },
      })),
      { ...service, binding: ai.binding, entrypoint: 'LocalWorkersAi' },
    ],
    vars: {
      ...production.vars,
      PAGE_KEY: 'sk-local',
      // Costs nothing here: the model server reads the pages.
      OCR: 'on',
      // `npm start` sets both: where it serves the local models, and milliseconds until a written vector is found.
      MODEL_SERVER_URL: 'http://127.0.0.1:8788',
      VECTORIZE_DELAY_MS: '0',
    },
    durable_objects: {
      ...durable_objects,
      bindings: [...durable_objects.bindings, { name: 'VECTOR_STORAGE', class_name: 'VectorStorage' }],
    },
    migrations: [...migrations, { tag: 'local', new_sqlite_classes: ['VectorStorage'] }],
  };
}

/** Local Durable Objects are stored under the Worker's name. */
const NAME = 'selvedge-local';

/** What only concerns an account on Cloudflare's side. */
const ACCOUNT_ONLY = [
  'account_id',
  'env',
  'minify',
  'observability',
  'route',
  'routes',
  'upload_source_maps',
];

const without = (from: Readonly<Record<string, unknown>>, names: readonly string[]): object =>
  Object.fromEntries(Object.entries(from).filter(([name]) => !names.includes(name)));

/**
 * Writes the derived configuration where git ignores it.
 *
 * @returns its path. Replaced in one step, because several services may start from one clone.
 */
export async function writeLocalConfiguration(
  root: string,
  vectors: VectorShape,
  names?: Names,
): Promise<string> {
  const folder = join(root, '.wrangler', 'local');
  const path = join(folder, 'wrangler.json');
  const fresh = `${path}.${randomUUID()}`;
  await mkdir(folder, { recursive: true });
  const configuration = localConfiguration(await readConfiguration(root, names), root, vectors);
  await writeFile(fresh, `${JSON.stringify(configuration, null, 2)}\n`);
  await rename(fresh, path);
  return path;
}
