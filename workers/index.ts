import { pokeSweeper } from '../adapters/durable-sweeper.ts';
import type { Environment } from '../adapters/environment.ts';
import { application } from './http/application.ts';
import { consume } from './queues/consumer.ts';

export { AgentSession } from '../durable-objects/agent-session.ts';
export { Ledger } from '../durable-objects/ledger.ts';
export { Sweeper } from '../durable-objects/sweeper.ts';

export default {
  fetch: application.fetch,
  queue: consume,
  scheduled: (_event, env) => pokeSweeper(env.SWEEPER)(),
} satisfies ExportedHandler<Environment>;
