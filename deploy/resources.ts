import { z } from 'zod';
import type { CloudflareApi } from './cloudflare-api.ts';
import { type Configuration, metadataIndexes, queueNames, type VectorShape } from './configuration.ts';
import { DeployFailure } from './deploy-failure.ts';
import type { Step } from './step.ts';

/**
 * What the account has to hold before the Worker can be deployed. Steps are found by name, so a run that broke off
 * is finished by the next one. `databaseIds` (by database name) is filled on the way.
 */
export const resourceSteps = (
  api: CloudflareApi,
  configuration: Configuration,
  vectors: VectorShape,
  databaseIds: Map<string, string>,
): Step[] => [
  ...configuration.d1_databases.map(({ database_name }) => database(api, database_name, databaseIds)),
  ...configuration.r2_buckets.map(({ bucket_name }) => bucket(api, bucket_name)),
  ...queueNames(configuration).map((name) => queue(api, name)),
  ...configuration.vectorize.flatMap(({ index_name }) => [
    vectorIndex(api, index_name, vectors),
    ...metadataIndexes.map((property) => metadataIndex(api, index_name, property)),
  ]),
];

const databases = z.array(z.object({ uuid: z.string(), name: z.string() }));

function database(api: CloudflareApi, name: string, ids: Map<string, string>): Step {
  return {
    label: `D1 database ${name}`,
    async isDone() {
      const listed = await api.find(`d1/database?name=${encodeURIComponent(name)}`, databases);
      const found = listed?.find((each) => each.name === name);
      if (found !== undefined) ids.set(name, found.uuid);
      return found !== undefined;
    },
    async carryOut() {
      const { uuid } = await api.send('POST', 'd1/database', { name }, z.object({ uuid: z.string() }));
      ids.set(name, uuid);
    },
  };
}

function bucket(api: CloudflareApi, name: string): Step {
  return {
    label: `R2 bucket ${name}`,
    isDone: async () => (await api.find(`r2/buckets/${name}`, z.unknown())) !== null,
    carryOut: async () => {
      await api.send('POST', 'r2/buckets', { name }, z.unknown());
    },
  };
}

const queues = z.array(z.object({ queue_name: z.string() }));

function queue(api: CloudflareApi, name: string): Step {
  return {
    label: `Queue ${name}`,
    async isDone() {
      const listed = await api.find(`queues?name=${encodeURIComponent(name)}`, queues);
      return listed?.some((each) => each.queue_name === name) ?? false;
    },
    carryOut: async () => {
      await api.send('POST', 'queues', { queue_name: name }, z.unknown());
    },
  };
}

const metric = 'cosine';

const indexShape = z.object({ config: z.object({ dimensions: z.number(), metric: z.string() }) });

function vectorIndex(api: CloudflareApi, name: string, { dimensions }: VectorShape): Step {
  return {
    label: `Vectorize index ${name} (${dimensions} dimensions, ${metric})`,
    async isDone() {
      const index = await api.find(`vectorize/v2/indexes/${name}`, indexShape);
      if (index === null) return false;
      const { config } = index;
      if (config.dimensions === dimensions && config.metric === metric) return true;
      throw new DeployFailure(
        `The Vectorize index '${name}' has ${config.dimensions} dimensions and ${config.metric}, but the default ` +
          `embedding model needs ${dimensions} and ${metric}. Delete the index, or give this deployment another name ` +
          '(app/selvedge.config.ts).',
      );
    },
    carryOut: async () => {
      const config = { dimensions, metric };
      await api.send('POST', 'vectorize/v2/indexes', { name, config }, z.unknown());
    },
  };
}

const metadataShape = z.object({ metadataIndexes: z.array(z.object({ propertyName: z.string() })) });

/** To be there before the first vector: vectors that are older than a metadata index are not in it. */
function metadataIndex(api: CloudflareApi, index: string, property: string): Step {
  const path = `vectorize/v2/indexes/${index}/metadata_index`;
  return {
    label: `Vectorize metadata index ${index}.${property} (string)`,
    async isDone() {
      const listed = await api.find(`${path}/list`, metadataShape);
      return listed?.metadataIndexes.some((each) => each.propertyName === property) ?? false;
    },
    carryOut: async () => {
      await api.send('POST', `${path}/create`, { propertyName: property, indexType: 'string' }, z.unknown());
    },
  };
}
