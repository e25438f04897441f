import { defineConfig } from '../adapters/configuration.ts';
import { d1Refunds } from '../adapters/d1-refunds.ts';
import { refundAgent } from '../core/agent/examples/refund.ts';
import { researchAgent } from '../core/agent/examples/research.ts';
import { answerFromDocuments } from '../core/agent/tools/answer-from-documents.ts';
import { planSearches } from '../core/agent/tools/plan-searches.ts';
import { searchDocuments } from '../core/agent/tools/search-documents.ts';

/** Yours: this folder is not changed by an upgrade. */
export default defineConfig({
  agents: (services) => [
    refundAgent(d1Refunds(services.env.DB, services.clock)),
    researchAgent({
      plan: planSearches(services),
      search: searchDocuments(services),
      answer: answerFromDocuments(services),
    }),
  ],
});
