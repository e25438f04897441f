import { d1AgingRecords } from '../adapters/d1-aging-records.ts';
import { sweeperAlarm } from '../adapters/durable-sweeper.ts';
import type { Environment } from '../adapters/environment.ts';
import { configuredRetention } from '../adapters/retention-configuration.ts';
import { systemClock } from '../core/clock.ts';
import { expire } from '../core/retention.ts';
import { application } from './http/application.ts';
import { consume } from './queues/consumer.ts';
import { resumeEvaluations } from './queues/evaluation.ts';

export { AgentSession } from '../durable-objects/agent-session.ts';
export { Ledger } from '../durable-objects/ledger.ts';
export { Sweeper } from '../durable-objects/sweeper.ts';

export default {
  fetch: application.fetch,
  queue: consume,
  async scheduled(_event, env) {
    await Promise.all([
      sweeperAlarm(env.SWEEPER)(),
      resumeEvaluations(env),
      expire({ clock: systemClock, records: d1AgingRecords(env.DB) }, configuredRetention(env)),
    ]);
  },
} satisfies ExportedHandler<Environment>;
