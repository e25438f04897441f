import { readFile } from 'node:fs/promises';
import { parse } from 'smol-toml';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { dimensions, metadataIndexes } from './resources.ts';

const named = z.array(z.looseObject({ binding: z.string() }));
const configuration = z.looseObject({
  compatibility_date: z.string(),
  assets: z.looseObject({ directory: z.string() }),
  d1_databases: z.array(z.looseObject({ migrations_dir: z.string(), database_id: z.string().optional() })),
  durable_objects: z.looseObject({ bindings: z.array(z.looseObject({ name: z.string() })) }),
  migrations: z.array(z.looseObject({ new_sqlite_classes: z.array(z.string()).optional() })),
  services: named.optional(),
  vectorize: named.optional(),
  ai: z.looseObject({ binding: z.string() }).optional(),
});

const read = async (path: string) => configuration.parse(parse(await readFile(path, 'utf8')));

/** What runs on a laptop is what is deployed, but for what local/account/wrangler.toml says at its head. */
describe('the local configuration', async () => {
  const production = await read('wrangler.toml');
  const local = await read('local/account/wrangler.toml');
  const above = (path: string) => `../../${path}`;

  test('has the bindings of production', () => {
    expect(local.compatibility_date).toBe(production.compatibility_date);
    expect(local.queues).toEqual(production.queues);
    expect(local.r2_buckets).toEqual(production.r2_buckets);
    expect(local.assets).toEqual({ ...production.assets, directory: above(production.assets.directory) });
    expect(local.d1_databases.map(({ database_id: _, ...database }) => database)).toEqual(
      production.d1_databases.map((each) => ({ ...each, migrations_dir: above(each.migrations_dir) })),
    );
    expect(local.durable_objects.bindings.filter(({ name }) => name !== 'VECTOR_STORAGE')).toEqual(
      production.durable_objects.bindings,
    );
    const classes = ({ migrations }: typeof local) =>
      migrations.flatMap((each) => each.new_sqlite_classes ?? []);
    expect(classes(local).filter((name) => name !== 'VectorStorage')).toEqual(classes(production));
  });

  test('stands in for Vectorize and Workers AI, with the index that is deployed', () => {
    const names = [...(production.vectorize ?? []), production.ai].map((each) => each?.binding);
    expect(local.services?.map(({ binding }) => binding)).toEqual(names);
    expect(local.services?.find(({ binding }) => binding === 'VECTORIZE')?.props).toEqual({
      index: 'selvedge',
      dimensions,
      metadata_indexes: Object.fromEntries(metadataIndexes.map((property) => [property, 'string'])),
    });
  });
});
