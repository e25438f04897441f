import type { Names } from '../adapters/configuration.ts';
import { DeployFailure } from './deploy-failure.ts';
import type { Configuration } from './wrangler-file.ts';

/**
 * The account's names of a deployment: `names` of app/selvedge.config.ts laid over `wrangler.toml`, which nobody edits.
 *
 * DEP-6. A user renames everything, or one resource, without touching a file of upstream's.
 * DEP-7. Two stages of one configuration share nothing in an account: each name ends in the stage.
 */
export function applyNames(configuration: Configuration, names: Names = {}, stage?: string): Configuration {
  const { worker = configuration.name, resources = {} } = names;
  const bound = boundNames(configuration);
  const unknown = Object.keys(resources).find((binding) => !bound.has(binding));
  if (unknown !== undefined) {
    throw new DeployFailure(
      `app/selvedge.config.ts: names.resources has no binding '${unknown}'. There are ${[...bound.keys()].join(', ')}.`,
    );
  }
  const changed = Object.entries(resources).map(([binding, to]) => ({
    binding,
    from: bound.get(binding) ?? '',
    to,
  }));
  // The dead letters of a queue follow it. A database and an index may have the same name, so the binding counts too.
  const rename = (name: string, bindings: readonly string[]): string => {
    const own = changed.find(
      ({ binding, from }) => bindings.includes(binding) && (name === from || name === `${from}-dead`),
    );
    const renamed =
      own !== undefined
        ? own.to + name.slice(own.from.length)
        : name === configuration.name || name.startsWith(`${configuration.name}-`)
          ? worker + name.slice(configuration.name.length)
          : name;
    return stage === undefined ? renamed : `${renamed}-${stage}`;
  };
  const { queues } = configuration;
  const queueBindings = queues.producers.map(({ binding }) => binding);
  return {
    ...configuration,
    name: stage === undefined ? worker : `${worker}-${stage}`,
    d1_databases: configuration.d1_databases.map((each) => ({
      ...each,
      database_name: rename(each.database_name, [each.binding]),
    })),
    r2_buckets: configuration.r2_buckets.map((each) => ({
      ...each,
      bucket_name: rename(each.bucket_name, [each.binding]),
    })),
    vectorize: configuration.vectorize.map((each) => ({
      ...each,
      index_name: rename(each.index_name, [each.binding]),
    })),
    queues: {
      ...queues,
      producers: queues.producers.map((each) => ({ ...each, queue: rename(each.queue, queueBindings) })),
      consumers: queues.consumers.map(({ dead_letter_queue: dead, ...each }) => ({
        ...each,
        queue: rename(each.queue, queueBindings),
        ...(dead === undefined ? {} : { dead_letter_queue: rename(dead, queueBindings) }),
      })),
    },
  };
}

/** The name in the account of each binding that has one. */
const boundNames = ({ d1_databases, r2_buckets, vectorize, queues }: Configuration): Map<string, string> =>
  new Map([
    ...d1_databases.map((each) => [each.binding, each.database_name] as const),
    ...r2_buckets.map((each) => [each.binding, each.bucket_name] as const),
    ...vectorize.map((each) => [each.binding, each.index_name] as const),
    ...queues.producers.map((each) => [each.binding, each.queue] as const),
  ]);
