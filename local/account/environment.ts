import type { VectorStorage } from './vector-storage.ts';

/** What local/account-configuration.ts binds for the local services, beyond the production bindings. */
export interface LocalEnvironment {
  readonly VECTOR_STORAGE: DurableObjectNamespace<VectorStorage>;
  /** `http://127.0.0.1:…` of `local/models/server.ts`. */
  readonly MODEL_SERVER_URL: string;
  /** Milliseconds until an accepted vector can be found, as text. */
  readonly VECTORIZE_DELAY_MS: string;
}
