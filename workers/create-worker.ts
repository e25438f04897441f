import { waitUntil } from 'cloudflare:workers';
import type { Configuration } from '../adapters/configuration.ts';
import type { Environment } from '../adapters/environment.ts';
import { composition } from '../adapters/services.ts';
import { expire } from '../core/retention.ts';
import { agentSession } from '../durable-objects/agent-session.ts';
import { ledger } from '../durable-objects/ledger.ts';
import { McpConnections } from '../durable-objects/mcp-connections.ts';
import { sweeper } from '../durable-objects/sweeper.ts';
import { createApplication } from './http/application.ts';
import { pdfium } from './pdfium.ts';
import { consume } from './queues/consumer.ts';
import { resumeEvaluations } from './queues/evaluation.ts';

/**
 * A Worker of this configuration: its handlers for HTTP, queues and the cron trigger, and its Durable Object classes,
 * which `index.ts` exports under the names that the wrangler file binds.
 */
export function createWorker(configuration: Configuration) {
  const compose = composition(configuration, { waitUntil, pdfium });
  const application = createApplication(compose);
  const handler = {
    fetch: application.fetch,
    queue: (batch, env) => consume(batch, compose(env)),
    async scheduled(_event, env) {
      const services = compose(env);
      await Promise.all([
        services.wakeSweeper(),
        resumeEvaluations(services),
        expire({ clock: services.clock, records: services.agingRecords }, services.retention),
      ]);
    },
  } satisfies ExportedHandler<Environment>;
  return {
    handler,
    AgentSession: agentSession(compose),
    Ledger: ledger(compose),
    McpConnections,
    Sweeper: sweeper(compose),
  };
}
