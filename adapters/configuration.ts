import type { ServiceConfiguration } from './services.ts';

/** Everything that is yours to decide, in `app/selvedge.config.ts`. */
export interface Configuration extends ServiceConfiguration {}

/** Checks the types of a configuration and helps to write it. */
export const defineConfig = (configuration: Configuration): Configuration => configuration;
