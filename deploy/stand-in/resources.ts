import { randomUUID } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { errorMessage } from '../../core/error-message.ts';
import { type Call, found, Refusal, type Routes } from './account.ts';

const database = ({ account, segment }: Call) =>
  found(account.databases.get(segment('id')), 7404, `database ${segment('id')}`);
const queue = ({ account, segment }: Call) => found(account.queues.get(segment('id')), 11000, 'queue');
const index = ({ account, segment }: Call) => found(account.indexes.get(segment('name')), 3000, 'index');

/** What holds data: D1, R2, Queues and Vectorize. */
export const resourceRoutes: Routes = {
  'GET d1/database': ({ account }) =>
    [...account.databases].map(([uuid, { name }]) => ({ uuid, name, version: 'production' })),
  'POST d1/database': ({ account, json }) => {
    const { name } = json<{ name: string }>();
    const uuid = randomUUID();
    account.databases.set(uuid, { name, sqlite: new DatabaseSync(':memory:') });
    return { uuid, name, version: 'production' };
  },
  'GET d1/database/:id': (call) => ({ uuid: call.segment('id'), name: database(call).name }),
  'POST d1/database/:id/query': (call) => {
    const { sql, params = [] } = call.json<{ sql: string; params?: string[] }>();
    return [{ success: true, results: execute(database(call).sqlite, sql, params), meta: { duration: 0 } }];
  },

  'GET r2/buckets': ({ account }) => ({ buckets: [...account.buckets].map((name) => ({ name })) }),
  'GET r2/buckets/:name': ({ account, segment }) => {
    if (!account.buckets.has(segment('name'))) throw new Refusal(404, 10006, 'The bucket does not exist.');
    return { name: segment('name') };
  },
  'POST r2/buckets': ({ account, json }) => {
    const { name } = json<{ name: string }>();
    account.buckets.add(name);
    return { name };
  },

  'GET queues': ({ account, query }) =>
    [...account.queues]
      .filter(([, { name }]) => !query.has('name') || query.getAll('name').includes(name))
      .map(([id, { name, consumers }]) => ({
        queue_id: id,
        queue_name: name,
        consumers: [...consumers.values()],
      })),
  'POST queues': ({ account, json }) => {
    const { queue_name } = json<{ queue_name: string }>();
    const queue_id = randomUUID().replaceAll('-', '');
    account.queues.set(queue_id, { name: queue_name, consumers: new Map() });
    return { queue_id, queue_name };
  },
  'GET queues/:id/consumers': (call) => [...queue(call).consumers.values()],
  'POST queues/:id/consumers': (call) => {
    const body = call.json<{ script_name: string }>();
    const consumer = { ...body, script: body.script_name, consumer_id: randomUUID() };
    queue(call).consumers.set(consumer.consumer_id, consumer);
    return consumer;
  },
  'PUT queues/:id/consumers/:consumer': (call) => {
    const body = call.json<{ script_name: string }>();
    const consumer = { ...body, script: body.script_name, consumer_id: call.segment('consumer') };
    queue(call).consumers.set(consumer.consumer_id, consumer);
    return consumer;
  },

  'GET vectorize/v2/indexes': ({ account }) =>
    [...account.indexes].map(([name, { config }]) => ({ name, config })),
  'POST vectorize/v2/indexes': ({ account, json }) => {
    const { name, config } = json<{ name: string; config: unknown }>();
    account.indexes.set(name, { config, metadata: [] });
    return { name, config };
  },
  'GET vectorize/v2/indexes/:name': (call) => ({ name: call.segment('name'), config: index(call).config }),
  'GET vectorize/v2/indexes/:name/metadata_index/list': (call) => ({ metadataIndexes: index(call).metadata }),
  'POST vectorize/v2/indexes/:name/metadata_index/create': (call) => {
    index(call).metadata.push(call.json());
    return { mutationId: randomUUID() };
  },
};

/** D1 takes several statements in one text, but not together with parameters. */
function execute(sqlite: DatabaseSync, sql: string, bound: readonly string[]): unknown[] {
  try {
    if (bound.length > 0 || /^\s*SELECT\b/i.test(sql)) return sqlite.prepare(sql).all(...bound);
    sqlite.exec(sql);
    return [];
  } catch (error) {
    throw new Refusal(400, 7500, errorMessage(error));
  }
}
