import { DurableObject } from 'cloudflare:workers';
import type { Environment } from '../adapters/environment.ts';

export class Sweeper extends DurableObject<Environment> {}
