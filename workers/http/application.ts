import { Hono } from 'hono';
import type { Compose } from '../../adapters/services.ts';
import { Failure } from '../../core/failure.ts';
import { agents } from './agents.ts';
import { authentication } from './authentication.ts';
import { chatCompletions } from './chat-completions.ts';
import type { Routes } from './context.ts';
import { datasets } from './datasets.ts';
import { embeddings } from './embeddings.ts';
import { answerError } from './errors.ts';
import { evals } from './evals.ts';
import { feedback } from './feedback.ts';
import { files } from './files.ts';
import { health } from './health.ts';
import { interrupts } from './interrupts.ts';
import { keys } from './keys.ts';
import { localAccess } from './local-access.ts';
import { mcp } from './mcp.ts';
import { mcpServers } from './mcp-servers.ts';
import { models, openAiModels } from './models.ts';
import { page } from './page.ts';
import { prompts } from './prompts.ts';
import { reference } from './reference.ts';
import { responses } from './responses.ts';
import { searches } from './search.ts';
import { telemetry } from './telemetry.ts';
import { traces } from './traces.ts';
import { crossOrigin, pages, safeHeaders } from './transport.ts';
import { usage } from './usage.ts';
import { bodyLimits, noStrayQuery } from './validation.ts';
import { vectorStoreFiles } from './vector-store-files.ts';
import { vectorStores } from './vector-stores.ts';

/** The route table. Each noun has a file of its own; this one says where it hangs and what stands before it. */
export function createApplication(compose: Compose): Hono<Routes> {
  const application = new Hono<Routes>({ strict: false });

  application.use(localAccess);
  application.use(pages);
  application.use(safeHeaders);
  application.use('/v1/*', crossOrigin);
  application.use('/api/*', crossOrigin);
  application.use(telemetry(compose));
  application.onError((error, c) => answerError(error, c));
  application.notFound((c) =>
    answerError(new Failure('not_found', `No route ${c.req.method} ${c.req.path}.`), c),
  );

  application.route('/api/page', page);

  application.route('/health', health);

  application.use('/v1/*', authentication, bodyLimits);
  application.use('/api/*', authentication, noStrayQuery, bodyLimits);
  application.use('/mcp', authentication);

  application.route('/api/keys', keys);
  application.route('/v1/files', files);
  application.route('/v1/vector_stores', searches);
  application.route('/v1/vector_stores', vectorStores);
  application.route('/v1/vector_stores', vectorStoreFiles);
  application.route('/v1/responses', responses);
  application.route('/v1/chat/completions', chatCompletions);
  application.route('/v1/embeddings', embeddings);
  application.route('/v1/models', openAiModels);
  application.route('/api/models', models);
  application.route('/api/usage', usage);
  application.route('/api/traces', traces);
  application.route('/api/prompts', prompts);
  application.route('/api/datasets', datasets);
  application.route('/api/evals', evals);
  application.route('/api/feedback', feedback);
  application.route('/api/agents', agents);
  application.route('/api/interrupts', interrupts);
  application.route('/mcp', mcp);
  application.route('/api/mcp_servers', mcpServers);

  application.route('/', reference(application));
  return application;
}
