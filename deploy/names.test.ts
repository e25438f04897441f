import { expect, test } from 'vitest';
import { checkQueues, nameOfBuilder, queueNames, readConfiguration } from './configuration.ts';

const root = process.cwd();

test('DEP-6: a name for the Worker is the first part of every name; single resources have their own', async () => {
  const names = { worker: 'kingfisher', resources: { DB: 'kf-records', INGEST: 'kf-inbound' } };
  const renamed = await readConfiguration(root, names);
  expect(renamed.name).toBe('kingfisher');
  expect(renamed.d1_databases.map((each) => each.database_name)).toEqual(['kf-records', 'kingfisher-search']);
  expect(renamed.r2_buckets[0]?.bucket_name).toBe('kingfisher-documents');
  // A database and an index of the same name are told apart by their bindings.
  expect(renamed.vectorize[0]?.index_name).toBe('kingfisher');
  expect(queueNames(renamed)).toEqual([
    'kf-inbound',
    'kingfisher-evaluations',
    'kf-inbound-dead',
    'kingfisher-evaluations-dead',
  ]);
  expect(renamed.vars.DEAD_LETTER_QUEUES).toBe('kf-inbound-dead kingfisher-evaluations-dead');
  await expect(readConfiguration(root, { resources: { QUEUE: 'x' } })).rejects.toThrow(/no binding 'QUEUE'/);
});

test('DEP-7: a stage shares no name with the deployment beside it', async () => {
  const names = { resources: { DB: 'kf-records' } };
  const [live, staging] = [
    await readConfiguration(root, names),
    await readConfiguration(root, names, 'staging'),
  ];
  const all = (of: typeof live) => [
    of.name,
    ...of.d1_databases.map((each) => each.database_name),
    ...of.r2_buckets.map((each) => each.bucket_name),
    ...of.vectorize.map((each) => each.index_name),
    ...queueNames(of),
  ];
  expect(all(staging)).toEqual(all(live).map((name) => `${name}-staging`));
  expect(staging.vars.DEAD_LETTER_QUEUES).toBe(
    'selvedge-ingest-dead-staging selvedge-evaluations-dead-staging',
  );
});

test('DEP-9: a queue that nothing would read is named, as a form leaves it that renames only where it is written', async () => {
  const configuration = await readConfiguration(root);
  const [first, ...others] = configuration.queues.producers;
  if (first === undefined) throw new Error('wrangler.toml has no queue.');
  const queues = { ...configuration.queues, producers: [{ ...first, queue: 'mine' }, ...others] };
  expect(() => checkQueues({ ...configuration, queues })).toThrow(/queue 'mine' \(INGEST\) has no/);
  expect(checkQueues(configuration)).toBe(configuration);
});

test('where Cloudflare builds, the Worker has the name of the build', async () => {
  const configuration = await readConfiguration(root);
  expect(nameOfBuilder(configuration, { WRANGLER_CI_OVERRIDE_NAME: 'picked' }).name).toBe('picked');
  expect(nameOfBuilder(configuration, {})).toEqual(configuration);
});
