import type { MeteredWork } from '../access/meter.ts';
import type { PromptId, TenantId } from '../identifier.ts';
import { openVectorStore, type VectorStoreDependencies } from '../ingest/vector-store.ts';
import { type Catalogue, defaultAliases, findModel } from '../models/catalogue.ts';
import { worstCaseOfCall } from '../models/chat-bounds.ts';
import type { PromptLibrary } from '../prompts/library.ts';
import { type PromptVersion, promptVersionName } from '../prompts/prompt.ts';
import { type Money, noMoney } from '../telemetry/money.ts';
import { type AnswerDependencies, answer } from './answer.ts';
import { callOf } from './call.ts';
import { type Extras, extrasFor, noExtras, refuseUnknown } from './extras.ts';
import { worstCaseOfEvidence } from './find-evidence.ts';
import { openingMessages } from './messages.ts';
import type { AnswerEvent, AnswerRequest, DocumentQuestion, PlainRequest } from './request.ts';
import { withVariables } from './variables.ts';

export interface PrepareDependencies
  extends Omit<AnswerDependencies, 'afford'>,
    Pick<VectorStoreDependencies, 'vectorStores' | 'clock'> {
  readonly prompts: PromptLibrary;
  readonly catalogue: Catalogue;
}

/** A prompt of the tenant, or of the deployment. */
export interface NamedPrompt {
  readonly id: PromptId;
  /** Null or left out: the production version. */
  readonly version?: number | null;
  readonly variables?: Readonly<Record<string, string>>;
}

/**
 * What is asked, by the names that a caller knows. All edges come down to this: both of OpenAI's dialects, MCP,
 * evaluations and agents. Only the conversation has to be there; what is left out has its default here and nowhere else.
 */
export interface NamedRequest
  extends Partial<Omit<PlainRequest, 'model' | 'prompt' | 'documents' | 'messages' | 'passedOn'>>,
    Pick<PlainRequest, 'messages'> {
  /** A name or alias of the catalogue; without one, the prompt version's. */
  readonly model?: string | null;
  /** Without one, answers from documents follow `default`, and a model alone none. */
  readonly prompt?: NamedPrompt | null;
  readonly documents?:
    | (Pick<DocumentQuestion, 'vectorStoreIds'> & Partial<Omit<DocumentQuestion, 'vectorStoreIds'>>)
    | null;
  /** Where the request names its vector stores, for errors. */
  readonly storesParam?: string;
  /** Fields that not every target can be told. */
  readonly extras?: Extras;
}

export interface PreparedAnswer {
  readonly request: AnswerRequest;
  /** Fields of the caller's that have no effect on this target, by their paths. */
  readonly ignored: readonly string[];
  /** The answer. Nothing is asked of a model before the first event is read. */
  readonly events: AsyncGenerator<AnswerEvent>;
}

/** A caller who says nothing of them. */
const unsaid = {
  instructions: null,
  maxOutputTokens: null,
  temperature: null,
  topP: null,
  stop: [],
  seed: null,
  tools: [],
  toolChoice: null,
  json: null,
} satisfies Partial<AnswerRequest>;

const everything = {
  filter: null,
  limit: null,
  weights: null,
  ranker: 'auto',
  scoreThreshold: 0,
} satisfies Partial<DocumentQuestion>;

/**
 * From names to an answer: looks up stores, prompt version and model in the caller's tenant, says on the trace which
 * version answers, and reserves the most that the answer can cost as far as that can be known now. What a model will be
 * told of documents, and each try of a structured answer, is reserved when it is known.
 *
 *  ANS-4 The same question is the same request at every edge: what a name means, and what holds where nothing is said,
 *     is decided here.
 * @throws Failure `not_found` for a model, prompt or vector store, `budget_exceeded`, `rate_limit_exceeded`.
 */
export async function prepareAnswer(
  deps: PrepareDependencies,
  { tenantId, span, afford }: MeteredWork,
  { model: modelName, prompt: named, documents, storesParam, extras = noExtras, ...said }: NamedRequest,
): Promise<PreparedAnswer> {
  if (documents) refuseUnknown(extras);
  for (const id of documents?.vectorStoreIds ?? []) await openVectorStore(deps, tenantId, id, storesParam);
  const prompt = documents || named ? await promptOf(deps, tenantId, named ?? null) : null;
  const model = findModel(deps.catalogue, modelName ?? prompt?.model ?? defaultAliases.chat, 'chat');
  const { passedOn, ignored } = extrasFor(extras, model.target);
  const asked = { ...unsaid, ...said, json: said.json ?? schemaOf(prompt), model, passedOn };
  const request: AnswerRequest =
    documents && prompt !== null
      ? { ...asked, documents: { ...everything, ...documents }, prompt }
      : { ...asked, documents: null, prompt };
  if (prompt !== null) span.answeredBy(promptVersionName(prompt));
  await afford(worstCase(deps, request));
  return { request, ignored, events: answer({ ...deps, afford }, tenantId, request, span) };
}

async function promptOf(
  { prompts }: Pick<PrepareDependencies, 'prompts'>,
  tenantId: TenantId,
  named: NamedPrompt | null,
): Promise<PromptVersion> {
  if (named === null) return withVariables(await prompts.resolve(tenantId, null), {});
  const { id, version = null, variables = {} } = named;
  const found = await prompts.resolve(tenantId, version === null ? { id } : { id, version });
  return withVariables(found, variables);
}

/** A prompt version with a schema answers in JSON of it, unless the caller brings another. */
const schemaOf = (prompt: PromptVersion | null): AnswerRequest['json'] =>
  prompt === null || prompt.outputSchema === null
    ? null
    : { name: prompt.promptId, schema: prompt.outputSchema, description: null, strict: false };

function worstCase(deps: PrepareDependencies, request: AnswerRequest): Money {
  if (request.documents !== null) return worstCaseOfEvidence(deps, request.messages);
  if (request.json !== null) return noMoney;
  const call = callOf(request, [...openingMessages(request), ...request.messages]);
  return worstCaseOfCall(request.model, call);
}
