import { type CalibrationStatus, calibrationFor, calibrationStatus } from './calibration.ts';
import {
  type AnswerMode,
  type Catalogue,
  type ChatEntry,
  type ModelEntry,
  retrievalModels,
} from './catalogue.ts';

/** What the account says of a hosted model beyond its name. */
export interface HostedModel {
  /** What really answers under this name, where another model stands in for it; else null. */
  readonly standsIn: string | null;
  /** What its own sentences are worth, where the account says so. */
  readonly answers: AnswerMode | null;
  /** Why it cannot be used now; null when it can. */
  readonly missing: string | null;
  /** Whether its price is only what the hosted model would cost. */
  readonly notional: boolean;
}

/** The account's list of models, by name. */
export interface HostedModels {
  /** Null when the account does not answer. */
  list(): Promise<ReadonlyMap<string, HostedModel> | null>;
}

const hosted = async (models: HostedModels, entry: ModelEntry): Promise<HostedModel | null> =>
  entry.target.kind === 'workers-ai' ? ((await models.list())?.get(entry.target.model) ?? null) : null;

/** Whether a chat model's own sentences may be shown: what the account says comes before the catalogue. */
export async function answerMode(
  deps: { readonly hostedModels: HostedModels },
  entry: ChatEntry,
): Promise<AnswerMode> {
  return (await hosted(deps.hostedModels, entry))?.answers ?? entry.capabilities.answers;
}

/** Whether the scores of the two models with which documents are found have been measured together. */
export function defaultCalibration(catalogue: Catalogue, known: readonly ModelStatus[]): CalibrationStatus {
  const { embedding, rerank } = retrievalModels(catalogue);
  const answering = ({ name }: ModelEntry): string =>
    known.find(({ entry }) => entry.name === name)?.standsIn ?? name;
  return calibrationStatus(calibrationFor(catalogue, embedding.name, rerank.name), {
    embedding: answering(embedding),
    rerank: answering(rerank),
  });
}

export interface ModelStatus {
  readonly entry: ModelEntry;
  readonly standsIn: string | null;
  readonly answers: AnswerMode | null;
  /** Why it cannot be used now; null when nothing speaks against it. */
  readonly missing: string | null;
  readonly notional: boolean;
}

/** How each model of the catalogue is; models of other providers are taken to be there. */
export async function statuses(
  deps: { readonly hostedModels: HostedModels },
  entries: readonly ModelEntry[],
): Promise<readonly ModelStatus[]> {
  const known = await deps.hostedModels.list();
  return entries.map((entry) => {
    const hostedHere = entry.target.kind === 'workers-ai';
    const own = hostedHere ? known?.get(entry.target.model) : undefined;
    const silent = hostedHere && known === null ? 'Workers AI does not answer' : null;
    return {
      entry,
      standsIn: own?.standsIn ?? null,
      answers: entry.task === 'chat' ? (own?.answers ?? entry.capabilities.answers) : null,
      missing: own?.missing ?? silent,
      notional: own?.notional ?? false,
    };
  });
}
