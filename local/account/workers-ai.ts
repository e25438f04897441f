import { WorkerEntrypoint } from 'cloudflare:workers';

export class LocalWorkersAi extends WorkerEntrypoint {}
