import { randomUUID } from 'node:crypto';
import { type Call, found, Refusal, type Routes, type Script, type Version } from './account.ts';

const script = ({ account, segment }: Call): Script =>
  found(account.scripts.get(segment('name')), 10007, 'This Worker');

const undashed = (id: string): string => id.replaceAll('-', '');

/** An upload session's token only has to look like a JWT. */
const token = (claims: object): string =>
  ['', JSON.stringify(claims), ''].map((part) => Buffer.from(part).toString('base64url')).join('.');

/** Scripts with their versions, deployments, assets, secrets and schedules, as wrangler uploads them. */
export const workerRoutes: Routes = {
  'GET workers/subdomain': () => ({ subdomain: 'stand-in' }),
  'GET workers/services/:name': (call) => {
    const { account, segment } = call;
    const held = account.scripts.get(segment('name'));
    if (held === undefined) throw new Refusal(404, 10090, 'workers.api.error.service_not_found');
    const tags = held.versions.flatMap(({ metadata }) => metadata.migrations?.new_tag ?? []);
    return {
      id: segment('name'),
      default_environment: {
        environment: 'production',
        script: {
          id: segment('name'),
          tag: 'x',
          last_deployed_from: 'wrangler',
          migration_tag: tags.at(-1),
        },
      },
    };
  },
  'PUT workers/scripts/:name': async (call) => {
    const version = await uploaded(call);
    const name = call.segment('name');
    if (!call.account.scripts.has(name)) call.account.scripts.set(name, newScript());
    keep(script(call), version);
    return { id: name, etag: undashed(version.id), deployment_id: undashed(version.id), startup_time_ms: 1 };
  },
  'POST workers/scripts/:name/versions': async (call) => {
    const version = await uploaded(call);
    keep(script(call), version);
    return { id: version.id, resources: { script: { etag: undashed(version.id) } }, startup_time_ms: 1 };
  },
  'GET workers/scripts/:name/versions/:version': (call) => {
    const version = script(call).versions.find((each) => each.id === call.segment('version'));
    return {
      id: call.segment('version'),
      annotations: found(version, 10007, 'version').metadata.annotations ?? {},
    };
  },
  'GET workers/scripts/:name/deployments': (call) => {
    const last = script(call).versions.at(-1);
    const versions = last === undefined ? [] : [{ version_id: last.id, percentage: 100 }];
    return { deployments: [{ id: 'last', strategy: 'percentage', versions, source: 'wrangler' }] };
  },
  'POST workers/scripts/:name/deployments': () => ({ id: randomUUID() }),
  'PATCH workers/scripts/:name/script-settings': () => ({}),
  'PATCH workers/scripts/:name/settings': () => ({}),
  'GET workers/workers/:name': (call) => ({
    id: undashed(randomUUID()),
    name: call.segment('name'),
    subdomain: { enabled: script(call).workersDev, previews_enabled: false },
  }),
  'GET workers/scripts/:name/settings': (call) => ({
    bindings: script(call).versions.at(-1)?.metadata.bindings ?? [],
  }),
  'GET workers/scripts/:name/subdomain': (call) => ({
    enabled: script(call).workersDev,
    previews_enabled: false,
  }),
  'POST workers/scripts/:name/subdomain': (call) => {
    script(call).workersDev = call.json<{ enabled: boolean }>().enabled;
    return { enabled: script(call).workersDev, previews_enabled: false };
  },
  'PUT workers/scripts/:name/schedules': (call) => {
    script(call).schedules = call.json();
    return { schedules: script(call).schedules };
  },
  'GET workers/scripts/:name/secrets': (call) =>
    [...script(call).secrets.keys()].map((name) => ({ name, type: 'secret_text' })),
  'POST workers/scripts/:name/assets-upload-session': ({ account, json }) => {
    const { manifest } = json<{ manifest: Record<string, { hash: string }> }>();
    const missing = Object.values(manifest)
      .map(({ hash }) => hash)
      .filter((hash) => !account.assets.has(hash));
    return { jwt: token({ session: randomUUID() }), buckets: missing.length === 0 ? [] : [missing] };
  },
  'POST workers/assets/upload': async ({ account, form }) => {
    for (const hash of (await form()).keys()) account.assets.add(hash);
    return { jwt: token({ done: randomUUID() }) };
  },
};

const newScript = (): Script => ({ versions: [], secrets: new Map(), schedules: null, workersDev: false });

function keep(held: Script, version: Version): void {
  held.versions.push(version);
  for (const binding of version.metadata.bindings ?? []) {
    if (binding.type === 'secret_text') held.secrets.set(binding.name, binding.text ?? '');
  }
}

async function uploaded({ form }: Call): Promise<Version> {
  const metadata = (await form()).get('metadata');
  if (metadata === null) throw new Refusal(400, 10021, 'No metadata part.');
  const text = typeof metadata === 'string' ? metadata : await metadata.text();
  return { id: randomUUID(), metadata: JSON.parse(text) };
}
