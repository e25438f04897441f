import type { Environment } from '../../adapters/environment.ts';

declare global {
  namespace Cloudflare {
    /** Types `exports` of `cloudflare:workers`: the entrypoints of the local account. */
    interface GlobalProps {
      mainModule: typeof import('../../local/account/worker.ts');
    }
    /** What `env` of `cloudflare:test` holds: the local account's bindings and the migrations to apply. */
    interface Env extends Environment {
      readonly MAIN_MIGRATIONS: import('cloudflare:test').D1Migration[];
      readonly SEARCH_MIGRATIONS: import('cloudflare:test').D1Migration[];
    }
  }
}
