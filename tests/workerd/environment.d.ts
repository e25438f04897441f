import type { Environment } from '../../adapters/environment.ts';

declare global {
  namespace Cloudflare {
    /** What `env` of `cloudflare:test` holds: the local account's bindings and the migrations to apply. */
    interface Env extends Environment {
      readonly MAIN_MIGRATIONS: import('cloudflare:test').D1Migration[];
      readonly SEARCH_MIGRATIONS: import('cloudflare:test').D1Migration[];
    }
  }
}
