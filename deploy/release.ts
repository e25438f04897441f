import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { SHORTEST } from '../core/access/chosen-key.ts';
import { hex, newId, sha256, systemRandom } from '../core/identifier.ts';
import { keyScopes } from '../core/scope.ts';
import type { CloudflareApi } from './cloudflare-api.ts';
import { type Configuration, resolvedPath, writeResolved } from './configuration.ts';
import { queryDatabase } from './database.ts';
import type { Step } from './step.ts';
import { runWrangler } from './wrangler.ts';

export interface Release {
  readonly root: string;
  readonly api: CloudflareApi;
  readonly configuration: Configuration;
  readonly databaseIds: ReadonlyMap<string, string>;
  /** SHA-256 of the Worker's modules. */
  readonly bundleHash: string;
  /** Text by name. What the Worker has beside them stays. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Whether the Worker has, or gets, the secret ADMIN_KEY: then the operator has an admin key already. */
  readonly hasChosenKey: boolean;
  /** Takes the first admin key, to be shown once; null where what is shown is kept, as in a build's log. */
  readonly show: ((key: string) => void) | null;
}

/** The secrets that the account holds for the Worker; none where there is no Worker yet. */
export async function secretNames(api: CloudflareApi, { name }: Configuration): Promise<string[]> {
  const listed = await api.find(`workers/scripts/${name}/secrets`, z.array(z.object({ name: z.string() })));
  return listed?.map((secret) => secret.name) ?? [];
}

/** What turns an account with the resources in it into a running service. */
export const releaseSteps = (release: Release): Step[] => [
  ...release.configuration.d1_databases.map((database) => migrations(release, database)),
  worker(release),
  firstKey(release),
];

function migrations(
  { root, api, configuration, databaseIds }: Release,
  { binding, database_name, migrations_dir }: Configuration['d1_databases'][number],
): Step {
  return {
    label: `Migrations of ${database_name}`,
    async isDone() {
      const id = databaseIds.get(database_name);
      if (id === undefined) return false;
      const tables = "SELECT name FROM sqlite_master WHERE name = 'd1_migrations'";
      const named = z.object({ name: z.string() });
      if ((await queryDatabase(api, id, tables, [], named)).length === 0) return false;
      const applied = await queryDatabase(api, id, 'SELECT name FROM d1_migrations', [], named);
      const names = new Set(applied.map((row) => row.name));
      return (await readdir(join(root, migrations_dir))).every((name) => names.has(name));
    },
    async carryOut() {
      await writeResolved(root, configuration, databaseIds);
      const args = ['d1', 'migrations', 'apply', binding, '--remote', '--config', resolvedPath(root)];
      await runWrangler(args, { root, area: 'd1' });
    },
  };
}

const deployments = z.object({
  deployments: z.array(z.object({ versions: z.array(z.object({ version_id: z.string() })) })),
});
const version = z.object({ annotations: z.record(z.string(), z.string()).optional() });

/** A version is tagged with a hash of everything that it is made of, and deployed when the live one has another. */
function worker(release: Release): Step {
  const { root, api, configuration, databaseIds, secrets } = release;
  const script = `workers/scripts/${configuration.name}`;
  const names = Object.keys(secrets);
  return {
    label: `Worker ${configuration.name}${names.length === 0 ? '' : `, with the secrets ${names.join(', ')}`}`,
    async isDone() {
      const live = await api.find(`${script}/deployments`, deployments);
      const id = live?.deployments[0]?.versions[0]?.version_id;
      if (id === undefined) return false;
      const found = await api.find(`${script}/versions/${id}`, version);
      return found?.annotations?.['workers/tag'] === (await contentTag(release));
    },
    async carryOut() {
      await writeResolved(root, configuration, databaseIds);
      const tag = await contentTag(release);
      const args = ['deploy', '--config', resolvedPath(root), '--tag', tag];
      await withSecretsFile(secrets, (path) =>
        runWrangler([...args, '--secrets-file', path], { root, area: 'workers' }),
      );
    },
  };
}

/** 16 hex digits; a version's tag may have 25 bytes. */
async function contentTag({ root, configuration, bundleHash, secrets }: Release): Promise<string> {
  const hash = createHash('sha256')
    .update(bundleHash)
    .update(JSON.stringify([configuration, secrets]));
  const directory = join(root, configuration.assets.directory);
  const files = await readdir(directory, { recursive: true, withFileTypes: true });
  const paths = files.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name));
  for (const path of paths.sort()) hash.update(path.slice(directory.length)).update(await readFile(path));
  return hash.digest('hex').slice(0, 16);
}

/** Wrangler takes secrets together with the code from a file; this one only its owner can read, and not for long. */
async function withSecretsFile(
  secrets: Readonly<Record<string, string>>,
  use: (path: string) => Promise<void>,
): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'selvedge-secrets-'));
  try {
    const path = join(directory, 'secrets.json');
    await writeFile(path, JSON.stringify(secrets), { mode: 0o600 });
    await use(path);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

const SECRET_BYTES = 24;

/**
 * A new account has no key that could make keys. One is made and shown once, and D1 gets its hash, unless the operator has
 * chosen one.
 *
 * DEP-10. No key is written into a build's log.
 */
function firstKey({ api, configuration, databaseIds, hasChosenKey, show }: Release): Step {
  const database = configuration.d1_databases.find(({ binding }) => binding === 'DB');
  const id = () => databaseIds.get(database?.database_name ?? '');
  return {
    label: hasChosenKey ? 'First admin key: the secret ADMIN_KEY' : 'First admin key',
    async isDone() {
      if (hasChosenKey) return true;
      const databaseId = id();
      if (databaseId === undefined) return false;
      const count = z.object({ n: z.number() });
      const tables = "SELECT count(*) AS n FROM sqlite_master WHERE name = 'keys'";
      if ((await queryDatabase(api, databaseId, tables, [], count))[0]?.n !== 1) return false;
      const admins = `SELECT count(*) AS n FROM keys WHERE revoked_at IS NULL AND scopes LIKE '%"admin"%'`;
      return ((await queryDatabase(api, databaseId, admins, [], count))[0]?.n ?? 0) > 0;
    },
    async carryOut() {
      if (show === null) return console.log(chooseKey(configuration.name));
      const databaseId = id() ?? '';
      const key = `sk-${hex(systemRandom(new Uint8Array(SECRET_BYTES)))}`;
      const [tenant, now] = [newId('tenant'), String(Date.now())];
      const run = (sql: string, params: string[]) => queryDatabase(api, databaseId, sql, params, z.unknown());
      await run('INSERT INTO tenants (id, name, created_at) VALUES (?, ?, CAST(? AS INTEGER))', [
        tenant,
        'First tenant',
        now,
      ]);
      await run(
        `INSERT INTO keys (id, tenant_id, name, hash, scopes, budgets, rates, created_at)
         VALUES (?, ?, ?, ?, ?, '{}', '{}', CAST(? AS INTEGER))`,
        [newId('key'), tenant, 'First admin key', await sha256(key), JSON.stringify(keyScopes), now],
      );
      show(key);
    },
  };
}

const chooseKey = (worker: string): string =>
  `Nobody has a key yet. Choose one, at least ${SHORTEST} characters that nobody guesses, and store it in the dashboard: ` +
  `Workers & Pages → ${worker} → Settings → Variables and Secrets → Add → Secret ADMIN_KEY. Then open the Worker's address ` +
  'and sign in with it.';
