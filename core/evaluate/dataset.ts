import { canonicalJson } from '../canonical-json.ts';
import type { Clock } from '../clock.ts';
import { invalid } from '../failure.ts';
import {
  asId,
  type CaseId,
  type DatasetId,
  newId,
  type Random,
  sha256,
  type TenantId,
} from '../identifier.ts';
import type { Page, PageRange } from '../page.ts';

/** A question with what a right answer holds: any one of `answers`; none means that the documents do not say. */
export interface EvaluationCase {
  readonly id: CaseId;
  readonly question: string;
  readonly answers: readonly string[];
}

export interface Dataset {
  readonly id: DatasetId;
  readonly name: string;
  /** SHA-256 of the cases as canonical JSON: results of equal datasets can be compared. */
  readonly hash: string;
  readonly size: number;
  readonly createdAt: number;
}

export interface DatasetRepository {
  create(tenantId: TenantId, dataset: Dataset, cases: readonly EvaluationCase[]): Promise<void>;
  find(tenantId: TenantId, id: DatasetId): Promise<Dataset | null>;
  list(tenantId: TenantId, range: PageRange): Promise<Page<Dataset>>;
  cases(tenantId: TenantId, datasetId: DatasetId, range: PageRange): Promise<Page<EvaluationCase>>;
  case(tenantId: TenantId, datasetId: DatasetId, caseId: CaseId): Promise<EvaluationCase | null>;
}

export interface DatasetDependencies {
  readonly datasets: DatasetRepository;
  readonly clock: Clock;
  readonly random: Random;
}

/** Names cases by what they are: the same on the server and for a suite in a file. */
export const datasetHash = (cases: readonly EvaluationCase[]): Promise<string> =>
  sha256(canonicalJson(cases.map(({ id, question, answers }) => ({ id, question, answers }))));

/** Writes a dataset, which never changes afterwards. Cases without an id are named by their place, from 1. */
export async function createDataset(
  deps: DatasetDependencies,
  tenantId: TenantId,
  name: string,
  given: readonly (Omit<EvaluationCase, 'id'> & { readonly id?: CaseId | undefined })[],
): Promise<Dataset> {
  const cases = given.map(({ id, question, answers }, index) => ({
    id: id ?? asId<CaseId>(`case-${index + 1}`),
    question,
    answers,
  }));
  const seen = new Set<CaseId>();
  for (const [index, { id }] of cases.entries()) {
    if (seen.has(id)) throw invalid(`cases[${index}].id`, `Two cases have the id '${id}'.`);
    seen.add(id);
  }
  const dataset: Dataset = {
    id: newId('ds', deps.random),
    name,
    hash: await datasetHash(cases),
    size: cases.length,
    createdAt: deps.clock(),
  };
  await deps.datasets.create(tenantId, dataset, cases);
  return dataset;
}
