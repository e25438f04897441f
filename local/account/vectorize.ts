import { DurableObject, WorkerEntrypoint } from 'cloudflare:workers';

export class VectorStorage extends DurableObject {}
export class LocalVectorize extends WorkerEntrypoint {}
