import { configuredCatalogue } from '../adapters/catalogue-configuration.ts';
import { d1Documents } from '../adapters/d1-documents.ts';
import { d1Datasets, d1Evaluations } from '../adapters/d1-evaluations.ts';
import { d1Feedback } from '../adapters/d1-feedback.ts';
import { d1Files } from '../adapters/d1-files.ts';
import { d1Inbox } from '../adapters/d1-inbox.ts';
import { d1Keys } from '../adapters/d1-keys.ts';
import { d1Passages } from '../adapters/d1-passages.ts';
import { d1Prompts } from '../adapters/d1-prompts.ts';
import { d1Responses } from '../adapters/d1-responses.ts';
import { d1Usage } from '../adapters/d1-usage.ts';
import { d1VectorStores } from '../adapters/d1-vector-stores.ts';
import { durableAgentSessions } from '../adapters/durable-agent-sessions.ts';
import { durableLedger } from '../adapters/durable-ledger.ts';
import { sweeperAlarm } from '../adapters/durable-sweeper.ts';
import type { Environment } from '../adapters/environment.ts';
import { evaluationQueue } from '../adapters/evaluation-queue.ts';
import { ingestQueue } from '../adapters/ingest-queue.ts';
import { providers, secretsOf } from '../adapters/providers.ts';
import { r2Contents } from '../adapters/r2-contents.ts';
import { requestWriter } from '../adapters/request-writer.ts';
import { vectorizeVectors } from '../adapters/vectorize-vectors.ts';
import { workersAiModels } from '../adapters/workers-ai-models.ts';
import type { KeyRepository } from '../core/access/key.ts';
import type { Ledger } from '../core/access/ledger.ts';
import type { Agent } from '../core/agent/graph.ts';
import type { Inbox } from '../core/agent/inbox.ts';
import type { AgentSessions } from '../core/agent/session.ts';
import type { ResponseRepository } from '../core/answer/response-repository.ts';
import { type Clock, systemClock } from '../core/clock.ts';
import type { DatasetRepository } from '../core/evaluate/dataset.ts';
import type { FeedbackRepository } from '../core/evaluate/feedback.ts';
import type { EvaluationQueue, EvaluationRepository } from '../core/evaluate/run.ts';
import { type Random, systemRandom } from '../core/identifier.ts';
import type { DocumentRepository, IngestQueue } from '../core/ingest/document.ts';
import type { FileContents, FileRepository, WakeSweeper } from '../core/ingest/file.ts';
import type { VectorStoreRepository } from '../core/ingest/vector-store.ts';
import { type Catalogue, defaultAliases, findModel } from '../core/models/catalogue.ts';
import { embedder } from '../core/models/embed.ts';
import type { HostedModels } from '../core/models/hosted-models.ts';
import type { Embedder, Reranker } from '../core/models/ports.ts';
import type { ModelProvider } from '../core/models/provider.ts';
import { reranker } from '../core/models/rerank.ts';
import { type PromptLibrary, promptLibrary } from '../core/prompts/library.ts';
import type { PassageIndex, VectorIndex } from '../core/retrieve/indexes.ts';
import type { RequestWriter } from '../core/telemetry/record.ts';
import type { RequestRepository } from '../core/telemetry/usage.ts';
import { agents } from '../durable-objects/agents.ts';

/** Everything that routes and queue consumers need, behind the interfaces of the core. */
export interface Services {
  readonly clock: Clock;
  readonly random: Random;
  readonly keys: KeyRepository;
  readonly ledger: Ledger;
  readonly requests: RequestWriter;
  readonly files: FileRepository;
  readonly contents: FileContents;
  readonly vectorStores: VectorStoreRepository;
  readonly documents: DocumentRepository;
  readonly ingestQueue: IngestQueue;
  readonly wakeSweeper: WakeSweeper;
  readonly passages: PassageIndex;
  readonly vectors: VectorIndex;
  readonly usage: RequestRepository;
  readonly prompts: PromptLibrary;
  readonly datasets: DatasetRepository;
  readonly evaluations: EvaluationRepository;
  readonly evaluationQueue: EvaluationQueue;
  readonly feedback: FeedbackRepository;
  readonly agents: ReadonlyMap<string, Agent>;
  readonly sessions: AgentSessions;
  readonly inbox: Pick<Inbox, 'runs' | 'interrupts' | 'countInterrupts'>;
  readonly catalogue: Catalogue;
  readonly provider: ModelProvider;
  readonly hostedModels: HostedModels;
  readonly responses: ResponseRepository;
  /** The catalogue's defaults, with which documents are indexed and searched. */
  readonly embedder: Embedder;
  readonly reranker: Reranker;
}

/** The one place where bindings become adapters. Cheap: nothing here does I/O. */
export function compose(env: Environment): Services {
  const catalogue = configuredCatalogue(env);
  const provider = providers(env.AI, secretsOf(env));
  return {
    clock: systemClock,
    random: systemRandom,
    keys: d1Keys(env.DB),
    ledger: durableLedger(env.LEDGER),
    requests: requestWriter(env),
    files: d1Files(env.DB),
    contents: r2Contents(env.DOCUMENTS),
    vectorStores: d1VectorStores(env.DB),
    documents: d1Documents(env.DB),
    ingestQueue: ingestQueue(env.INGEST),
    wakeSweeper: sweeperAlarm(env.SWEEPER),
    passages: d1Passages(env.SEARCH),
    vectors: vectorizeVectors(env.VECTORIZE),
    usage: d1Usage(env.DB),
    catalogue,
    provider,
    hostedModels: workersAiModels(env.AI, systemClock),
    responses: d1Responses(env.DB),
    embedder: embedder({ provider }, findModel(catalogue, defaultAliases.embedding, 'embedding')),
    reranker: reranker({ provider }, findModel(catalogue, defaultAliases.rerank, 'rerank')),
    agents: agents(env),
    sessions: durableAgentSessions(env.AGENT_SESSION, d1Inbox(env.DB)),
    inbox: d1Inbox(env.DB),
    datasets: d1Datasets(env.DB),
    evaluations: d1Evaluations(env.DB),
    evaluationQueue: evaluationQueue(env.EVALUATIONS),
    feedback: d1Feedback(env.DB),
    prompts: promptLibrary({ store: d1Prompts(env.DB), clock: systemClock }),
  };
}
