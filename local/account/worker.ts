/**
 * A Cloudflare account on a laptop: the production Worker, unchanged, beside the two services that `wrangler dev`
 * cannot simulate (local/account-configuration.ts binds them under their production names).
 */

export * from '../../workers/index.ts';
export { default } from '../../workers/index.ts';
export { VectorStorage } from './vector-storage.ts';
export { LocalVectorize } from './vectorize.ts';
export { LocalWorkersAi } from './workers-ai.ts';
