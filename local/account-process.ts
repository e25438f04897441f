import { errorMessage } from '../core/error-message.ts';
import { endWithParent, settingsFromParent } from './child.ts';
import { describeStateError } from './start-failure.ts';
import { lockState, portOfHolder, type StateLock } from './state.ts';

/** The process that plays Cloudflare: wrangler's own development server over the derived configuration. */
export interface AccountSettings {
  /** The derived configuration (account-configuration.ts). */
  readonly configuration: string;
  /** What the Worker finds in `env` beside its bindings. Passed by message, so that no process list shows it. */
  readonly variables: Readonly<Record<string, string>>;
}

/** First message: whether the state folder is ours. Its environment names folder and port. */
export type AccountClaim =
  | { readonly claimed: true }
  | { readonly heldByPort: number | null }
  | AccountFailure;

/** Second message, after the settings have come. */
export type AccountReady = { readonly url: string } | AccountFailure;

export interface AccountFailure {
  readonly failure: string;
}

/** How often the schedules of the configuration are fired; the first time is the start. */
const SCHEDULE_MS = 5 * 60_000;

let tidyUp = async (): Promise<void> => {};
endWithParent(() => tidyUp());

const state = process.env.SELVEDGE_STATE ?? '';
const port = Number(process.env.PORT);
const send = (message: AccountClaim | AccountReady): void => void process.send?.(message);

try {
  const lock = await lockState(state, port);
  if (lock === null) send({ heldByPort: await portOfHolder(state) });
  else {
    send({ claimed: true });
    await serve(await settingsFromParent<AccountSettings>(), lock);
  }
} catch (error) {
  const failure = describeStateError(error, state);
  if (failure === null) throw error;
  send({ failure });
}

async function serve({ configuration, variables }: AccountSettings, lock: StateLock): Promise<void> {
  // Loading wrangler takes a second; a start that is refused need not wait for it.
  const { unstable_startWorker: startWorker } = await import('wrangler');
  const { prepareDatabases } = await import('./databases.ts');
  await prepareDatabases(configuration, state);
  const worker = await startWorker({
    config: configuration,
    bindings: Object.fromEntries(
      Object.entries(variables).map(([name, value]) => [name, { type: 'plain_text', value }]),
    ),
    dev: {
      server: { hostname: '127.0.0.1', port },
      persist: state,
      inspector: false,
      watch: false,
      liveReload: false,
      remote: false,
      logLevel: 'error',
    },
  });
  tidyUp = async () => {
    await worker.dispose();
    lock.release();
  };
  await worker.ready;
  const url = await worker.url;
  send({ url: String(url) });
  fireSchedules(url);
}

/**
 * LOC-6. Cloudflare fires the cron triggers; here we do, so retention runs and lost evaluations are resumed.
 * Through wrangler's own route: in 4.164 `worker.scheduled()` looks for the Worker among its proxies.
 */
function fireSchedules(url: URL): void {
  const fire = async (): Promise<void> => {
    try {
      const response = await fetch(new URL('/cdn-cgi/local/scheduled', url));
      if (!response.ok) throw new Error(`status ${response.status}`);
    } catch (error) {
      console.error(`The scheduled work failed: ${errorMessage(error)}`);
    }
  };
  void fire();
  setInterval(fire, SCHEDULE_MS).unref();
}
