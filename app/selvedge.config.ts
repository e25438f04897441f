import { defineConfig } from '../adapters/configuration.ts';
import { d1Refunds } from '../adapters/d1-refunds.ts';
import { refundAgent } from '../core/agent/examples/refund.ts';

/** Yours: this folder is not changed by an upgrade. */
export default defineConfig({
  agents: ({ env, clock }) => [refundAgent(d1Refunds(env.DB, clock))],
});
