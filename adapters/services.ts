import type { KeyRepository } from '../core/access/key.ts';
import type { Ledger } from '../core/access/ledger.ts';
import type { Agent } from '../core/agent/graph.ts';
import type { Inbox } from '../core/agent/inbox.ts';
import type { McpConnections } from '../core/agent/mcp.ts';
import { type AgentRegistry, type AgentSource, loadAgents } from '../core/agent/registry.ts';
import type { AgentSessions } from '../core/agent/session.ts';
import { type PhraseOverrides, type PhraseTable, phraseTable } from '../core/answer/phrases.ts';
import type { ResponseRepository } from '../core/answer/response-repository.ts';
import { type Clock, systemClock } from '../core/clock.ts';
import type { DatasetRepository } from '../core/evaluate/dataset.ts';
import type { FeedbackRepository } from '../core/evaluate/feedback.ts';
import type { EvaluationQueue, EvaluationRepository } from '../core/evaluate/run.ts';
import { type Random, systemRandom } from '../core/identifier.ts';
import type { CharacterMaps } from '../core/ingest/character-maps.ts';
import type { DocumentRepository, IngestQueue } from '../core/ingest/document.ts';
import type { FileContents, FileRepository, WakeSweeper } from '../core/ingest/file.ts';
import type { PagePictures } from '../core/ingest/ocr/page-pictures.ts';
import type { DocumentParser } from '../core/ingest/parser.ts';
import type { BacklogRepository } from '../core/ingest/sweep.ts';
import type { VectorStoreRepository } from '../core/ingest/vector-store.ts';
import { type Catalogue, defaultAliases, findModel } from '../core/models/catalogue.ts';
import { embedder, reranker } from '../core/models/encoders.ts';
import type { HostedModels } from '../core/models/hosted-models.ts';
import { type PageRecognizer, pageRecognizer } from '../core/models/page-recognizer.ts';
import type { Embedder, Reranker } from '../core/models/ports.ts';
import type { ModelProvider } from '../core/models/provider.ts';
import type { DeployedPrompts } from '../core/prompts/definition.ts';
import { type PromptLibrary, promptLibrary } from '../core/prompts/library.ts';
import type { AgingRepository, Retention } from '../core/retention.ts';
import type { PassageIndex, VectorIndex } from '../core/retrieve/indexes.ts';
import type { RequestWriter } from '../core/telemetry/record.ts';
import type { RequestRepository } from '../core/telemetry/usage.ts';
import { assetCharacterMaps } from './asset-character-maps.ts';
import { type CatalogueConfiguration, configuredCatalogue } from './catalogue-configuration.ts';
import { d1AgingRecords } from './d1-aging-records.ts';
import { d1Backlog } from './d1-backlog.ts';
import { d1Documents } from './d1-documents.ts';
import { d1Datasets, d1Evaluations } from './d1-evaluations.ts';
import { d1Feedback } from './d1-feedback.ts';
import { d1Files } from './d1-files.ts';
import { d1Inbox } from './d1-inbox.ts';
import { d1Keys } from './d1-keys.ts';
import { d1Passages } from './d1-passages.ts';
import { d1Prompts } from './d1-prompts.ts';
import { d1Responses } from './d1-responses.ts';
import { d1Usage } from './d1-usage.ts';
import { d1VectorStores } from './d1-vector-stores.ts';
import { durableAgentSessions } from './durable-agent-sessions.ts';
import { durableLedger } from './durable-ledger.ts';
import { durableMcpConnections } from './durable-mcp-connections.ts';
import { sweeperAlarm } from './durable-sweeper.ts';
import type { Environment } from './environment.ts';
import { evaluationQueue } from './evaluation-queue.ts';
import { ingestQueue } from './ingest-queue.ts';
import { providers, secretsOf } from './providers.ts';
import { r2Contents } from './r2-contents.ts';
import { requestWriter, type WaitUntil } from './request-writer.ts';
import { configuredRetention, type KeepDays } from './retention-configuration.ts';
import { vectorizeVectors } from './vectorize-vectors.ts';
import { workersAiModels } from './workers-ai-models.ts';

/**
 * The one composition: bindings and configuration become services, behind the interfaces of the core. Routes,
 * queue consumers, Durable Objects, the scheduled handler and the authors of agents all get these and wire nothing.
 */
export interface Services {
  /** The bindings, variables and secrets themselves, for what an agent of yours brings along. */
  readonly env: Environment;
  readonly clock: Clock;
  readonly random: Random;
  readonly keys: KeyRepository;
  /** The secret that the operator chose as an admin key; null where there is none. */
  readonly adminKey: string | null;
  readonly ledger: Ledger;
  readonly requests: RequestWriter;
  readonly usage: RequestRepository;
  readonly files: FileRepository;
  readonly contents: FileContents;
  readonly vectorStores: VectorStoreRepository;
  readonly documents: DocumentRepository;
  readonly backlog: BacklogRepository;
  readonly ingestQueue: IngestQueue;
  readonly wakeSweeper: WakeSweeper;
  readonly passages: PassageIndex;
  readonly vectors: VectorIndex;
  readonly prompts: PromptLibrary;
  readonly datasets: DatasetRepository;
  readonly evaluations: EvaluationRepository;
  readonly evaluationQueue: EvaluationQueue;
  readonly feedback: FeedbackRepository;
  /** The agents that work. Made when something first asks for them: a request without agents never runs their code. */
  readonly agents: ReadonlyMap<string, Agent>;
  /** The agents that do not, by name, with what is wrong with them. */
  readonly brokenAgents: ReadonlyMap<string, string>;
  readonly sessions: AgentSessions;
  readonly mcpConnections: McpConnections;
  readonly inbox: Inbox;
  readonly catalogue: Catalogue;
  readonly phrases: PhraseTable;
  readonly parsers: readonly DocumentParser[];
  readonly characterMaps: CharacterMaps;
  readonly pages: PagesConfiguration;
  readonly provider: ModelProvider;
  readonly hostedModels: HostedModels;
  readonly responses: ResponseRepository;
  /** The catalogue's defaults, with which documents are indexed and searched. */
  readonly embedder: Embedder;
  readonly reranker: Reranker;
  /** Reads pages that are pictures. */
  readonly recognizer: PageRecognizer;
  readonly pictures: PagePictures;
  /** Whether stores that say nothing about it have such pages read. */
  readonly ocrByDefault: boolean;
  readonly agingRecords: AgingRepository;
  /** @throws Error where a variable of it is no whole number of days. */
  readonly retention: Retention;
}

/** How the pages present themselves. */
export interface PagesConfiguration {
  readonly title?: string;
  /** `#rrggbb`, dark enough for white text on it. */
  readonly accent?: string;
  /** Shown before the first question where the collection has none of its own. */
  readonly questions?: readonly string[];
}

/** What of the configuration (`app/selvedge.config.ts`) the composition needs. */
export interface ServiceConfiguration {
  /** The agents of this deployment. One that cannot be made is listed with its error and harms nothing else. */
  readonly agents: (services: Services) => readonly AgentSource[];
  /** More models and aliases, in the form of the variable `CATALOGUE`, which is laid over them. */
  readonly catalogue?: CatalogueConfiguration;
  /** Prompts that every tenant has, by name (`app/prompts`): core/prompts/definition.ts. */
  readonly prompts?: DeployedPrompts;
  /** Our own words around answers, by language (core/answer/phrases.ts). */
  readonly phrases?: PhraseOverrides;
  /** Formats that are read your way: core/ingest/parser.ts. */
  readonly parsers?: readonly DocumentParser[];
  readonly pages?: PagesConfiguration;
  /** Whole days that each kind of row stays; `KEEP_…_DAYS` of the environment go before it. */
  readonly keepDays?: KeepDays;
}

/** What the runtime itself offers, beside the bindings: the edge hands it over, so that no adapter imports the platform. */
export interface Runtime {
  readonly waitUntil: WaitUntil;
  /** PDFium, compiled; fetched when the first page has to be drawn. */
  readonly pdfium: () => Promise<WebAssembly.Module>;
}

/** Bindings to services. Does no I/O. */
export function createServices(
  env: Environment,
  configuration: ServiceConfiguration,
  { waitUntil, pdfium }: Runtime,
): Services {
  const catalogue = configuredCatalogue(env, configuration.catalogue);
  const provider = providers(env.AI, secretsOf(env));
  const inbox = d1Inbox(env.DB);
  let loaded: AgentRegistry | null = null;
  const registry = () => {
    loaded ??= loadAgents(() => configuration.agents(services));
    return loaded;
  };
  const services: Services = {
    env,
    clock: systemClock,
    random: systemRandom,
    keys: d1Keys(env.DB),
    adminKey: env.ADMIN_KEY || null,
    ledger: durableLedger(env.LEDGER),
    requests: requestWriter(env, waitUntil),
    usage: d1Usage(env.DB),
    files: d1Files(env.DB),
    contents: r2Contents(env.DOCUMENTS),
    vectorStores: d1VectorStores(env.DB),
    documents: d1Documents(env.DB),
    backlog: d1Backlog(env.DB),
    ingestQueue: ingestQueue(env.INGEST),
    wakeSweeper: sweeperAlarm(env.SWEEPER),
    passages: d1Passages(env.SEARCH),
    vectors: vectorizeVectors(env.VECTORIZE),
    prompts: promptLibrary({
      store: d1Prompts(env.DB),
      clock: systemClock,
      deployed: configuration.prompts ?? {},
    }),
    datasets: d1Datasets(env.DB),
    evaluations: d1Evaluations(env.DB),
    evaluationQueue: evaluationQueue(env.EVALUATIONS),
    feedback: d1Feedback(env.DB),
    get agents() {
      return registry().agents;
    },
    get brokenAgents() {
      return registry().broken;
    },
    sessions: durableAgentSessions(env.AGENT_SESSION, inbox),
    mcpConnections: durableMcpConnections(env.MCP_CONNECTIONS),
    inbox,
    catalogue,
    parsers: configuration.parsers ?? [],
    characterMaps: assetCharacterMaps(env.ASSETS),
    pages: configuration.pages ?? {},
    phrases: phraseTable(configuration.phrases ?? {}),
    provider,
    hostedModels: workersAiModels(env.AI, systemClock),
    responses: d1Responses(env.DB),
    embedder: embedder({ provider }, findModel(catalogue, defaultAliases.embedding, 'embedding')),
    reranker: reranker({ provider }, findModel(catalogue, defaultAliases.rerank, 'rerank')),
    recognizer: pageRecognizer({ provider }, findModel(catalogue, defaultAliases.ocr, 'ocr')),
    pictures: lazyPages(pdfium),
    ocrByDefault: env.OCR === 'on',
    agingRecords: d1AgingRecords(env.DB),
    get retention() {
      return configuredRetention(env, configuration.keepDays);
    },
  };
  return services;
}

/** PDFium's glue is loaded with the first document that needs it, as its WebAssembly is. */
const lazyPages = (pdfium: Runtime['pdfium']): PagePictures => ({
  async open(pdf, work) {
    const { pdfiumPages } = await import('./pdfium-pages.ts');
    return pdfiumPages(pdfium).open(pdf, work);
  },
});

/** Services of an environment, for every edge of a Worker. */
export type Compose = (env: Environment) => Services;

/** `createServices`, once for each environment object: an isolate keeps the one it was started with. */
export function composition(configuration: ServiceConfiguration, runtime: Runtime): Compose {
  const made = new WeakMap<Environment, Services>();
  return (env) => {
    const services = made.get(env) ?? createServices(env, configuration, runtime);
    made.set(env, services);
    return services;
  };
}
