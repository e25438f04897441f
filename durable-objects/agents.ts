import { d1Refunds } from '../adapters/d1-refunds.ts';
import type { Environment } from '../adapters/environment.ts';
import { refundAgent } from '../core/agent/examples/refund.ts';
import type { Agent } from '../core/agent/graph.ts';
import { systemClock } from '../core/clock.ts';

/** The agents of this deployment. Yours goes here (docs/how-to/write-an-agent.md). */
export function agents(env: Environment): ReadonlyMap<string, Agent> {
  const all: readonly Agent[] = [refundAgent(d1Refunds(env.DB, systemClock))];
  return new Map(all.map((agent) => [agent.name, agent]));
}
