import type { PassageIndex, VectorIndex } from '../retrieve/indexes.ts';
import { type DocumentWork, passageIds, type StoredDocument } from './document.ts';
import type { Outcome, Turn } from './turn.ts';

export interface CleanDependencies {
  readonly documentWork: DocumentWork;
  readonly passages: PassageIndex;
  readonly vectors: VectorIndex;
}

/** Seconds until another attachment of the same file has named its passages, so that they can be told apart. */
const WAIT_FOR_OTHER = 2;

/**
 * Takes out of both indexes what a removed, cancelled or failed document has left there. A worker that had it
 * before may have written after its passages were first removed; now nobody else holds it, so this is final.
 */
export async function clean(deps: CleanDependencies, document: StoredDocument, turn: Turn): Promise<Outcome> {
  const other = document.removed ? await deps.documentWork.present(document) : null;
  if (other !== null && other.generation === null && other.status === 'in_progress') {
    return turn.pause({}, WAIT_FOR_OTHER);
  }
  const keep = other?.generation ?? null;
  await deps.vectors.remove(document.tenantId, passageIds(document));
  const left = await deps.passages.remove(
    document.tenantId,
    document,
    keep === null ? undefined : { generation: keep },
  );
  await deps.vectors.remove(document.tenantId, left);
  if (document.removed) return turn.forget();
  return turn.finish({ generation: null, passages: 0, embedded: 0, usageBytes: 0 });
}
