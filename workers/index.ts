import type { Environment } from '../adapters/environment.ts';
import { application } from './http/application.ts';

export { AgentSession } from '../durable-objects/agent-session.ts';
export { Ledger } from '../durable-objects/ledger.ts';
export { Sweeper } from '../durable-objects/sweeper.ts';

export default {
  fetch: application.fetch,
} satisfies ExportedHandler<Environment>;
