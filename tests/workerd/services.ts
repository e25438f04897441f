import { waitUntil } from 'cloudflare:workers';
import { composition } from '../../adapters/services.ts';
import app from '../../app/selvedge.config.ts';

/** The services that the Worker itself gets. */
export const compose = composition(app, { waitUntil });
