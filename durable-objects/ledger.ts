import { DurableObject } from 'cloudflare:workers';
import type { Environment } from '../adapters/environment.ts';

export class Ledger extends DurableObject<Environment> {}
