import { readFile } from 'node:fs/promises';
import { parse } from 'smol-toml';
import { describe, expect, test } from 'vitest';
import { type Configuration, metadataIndexes, readConfiguration } from '../deploy/configuration.ts';
import { localConfiguration } from './account-configuration.ts';

const root = '/clone';
const vectors = { dimensions: 12 };
const production = await readConfiguration('.');

interface Local extends Configuration {
  readonly services: readonly { readonly binding: string; readonly props?: object }[];
}
const local = localConfiguration(production, root, vectors) as Local;

describe('the local configuration', () => {
  test('LOC-1: has the bindings, variables and schedules of production', () => {
    for (const same of ['compatibility_date', 'queues', 'r2_buckets', 'triggers'] as const) {
      expect(local[same], same).toEqual(production[same]);
    }
    expect(local.vars).toMatchObject(production.vars);
    expect(local.assets).toMatchObject({ directory: '/clone/dist/web', binding: 'ASSETS' });
    expect(local.d1_databases).toMatchObject(
      production.d1_databases.map((each) => ({ ...each, migrations_dir: `/clone/${each.migrations_dir}` })),
    );
    expect(local.durable_objects.bindings.filter(({ name }) => name !== 'VECTOR_STORAGE')).toEqual(
      production.durable_objects.bindings,
    );
    expect(local.migrations.slice(0, -1)).toEqual(production.migrations);
  });

  test('LOC-2: has entrypoints in place of Vectorize and Workers AI, with the index that is deployed', () => {
    expect(local).not.toHaveProperty('ai');
    expect(local).not.toHaveProperty('vectorize');
    expect(local.services.map(({ binding }) => binding)).toEqual(['VECTORIZE', 'AI']);
    expect(local.services[0]?.props).toEqual({
      index: 'selvedge',
      dimensions: 12,
      metadata_indexes: Object.fromEntries(metadataIndexes.map((property) => [property, 'string'])),
    });
  });

  test('LOC-3: gives the Worker every request, those for files of the page too', () => {
    expect(local.assets).toMatchObject({ run_worker_first: true });
  });

  test('LOC-4: stores under the same names whatever the deployment is called', () => {
    const renamed = localConfiguration(
      { ...production, name: 'acme', routes: ['acme.example/*'] },
      root,
      vectors,
    );
    expect(renamed).toEqual(local);
  });
});

test('wrangler.toml lists the dead letter queues that its consumers have', async () => {
  const { vars } = parse(await readFile('wrangler.toml', 'utf8'));
  expect(vars).toEqual(production.vars);
});
