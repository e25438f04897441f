import { waitUntil } from 'cloudflare:workers';
import { composition } from '../../adapters/services.ts';
import app from '../../app/selvedge.config.ts';
import { pdfium } from '../../workers/pdfium.ts';

/** The services that the Worker itself gets. */
export const compose = composition(app, { waitUntil, pdfium });
