import { env } from 'cloudflare:test';
import { r2Contents } from '../../adapters/r2-contents.ts';
import { contentsContract } from '../contracts/contents.ts';

contentsContract('R2', r2Contents(env.DOCUMENTS));
