import { join } from 'node:path';
import { unstable_startWorker as startWorker } from 'wrangler';
import { endWithParent, settingsFromParent } from './child.ts';
import { prepareDatabases } from './databases.ts';

/** The process that plays Cloudflare: wrangler's own development server over `local/account`. */
export interface AccountSettings {
  readonly port: number;
  /** Folder that holds databases, objects and Durable Objects between starts. */
  readonly state: string;
  /** What the Worker finds in `env` beside its bindings. Passed by message, so that no process list shows it. */
  readonly variables: Readonly<Record<string, string>>;
}

export interface AccountReady {
  readonly url: string;
}

const account = join(import.meta.dirname, 'account');
let tidyUp = async (): Promise<void> => {};
endWithParent(() => tidyUp());

const settings = await settingsFromParent<AccountSettings>();
await prepareDatabases(account, settings.state);
const worker = await startWorker({
  config: join(account, 'wrangler.toml'),
  bindings: Object.fromEntries(
    Object.entries(settings.variables).map(([name, value]) => [name, { type: 'plain_text', value }]),
  ),
  dev: {
    server: { hostname: '127.0.0.1', port: settings.port },
    persist: settings.state,
    inspector: false,
    watch: false,
    liveReload: false,
    remote: false,
    logLevel: 'error',
  },
});
tidyUp = () => worker.dispose();
await worker.ready;
process.send?.({ url: String(await worker.url) } satisfies AccountReady);
