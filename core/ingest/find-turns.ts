import { Failure } from '../failure.ts';
import type { Block } from './block.ts';
import { findBreakpoints } from './breakpoints.ts';
import type { StoredDocument } from './document.ts';
import {
  EMBEDDING_PATIENCE_MS,
  type EmbeddingDependencies,
  TEXTS_A_CALL,
  withoutModel,
} from './embed-passages.ts';
import type { DocumentLease, Outcome } from './lease.ts';
import type { Turn } from './turn.ts';
import { waitForMoney } from './wait-for-money.ts';

/**
 * Finds where the meaning of a document turns, once, for one that is cut there: its row keeps the places, so that the next
 * turn neither pays again nor cuts otherwise. Without a model it is cut as if the meaning turned nowhere.
 */
export async function withBreakpoints(
  deps: EmbeddingDependencies,
  document: StoredDocument,
  lease: DocumentLease,
  { blocks, turn }: { readonly blocks: readonly Block[]; readonly turn: Turn },
): Promise<StoredDocument | { readonly paused: Outcome }> {
  const { chunking } = document;
  if (chunking.strategy !== 'semantic' || chunking.breakpoints !== undefined) return document;
  let isUnpaid = false;
  try {
    const breakpoints = await findBreakpoints(blocks, chunking, async (texts) => {
      isUnpaid = true;
      await turn.afford(deps.embedder.worstCase(texts, 'passage'));
      isUnpaid = false;
      const vectors: (readonly number[])[] = [];
      for (let at = 0; at < texts.length; at += TEXTS_A_CALL) {
        const some = texts.slice(at, at + TEXTS_A_CALL);
        vectors.push(...(await deps.embedder.embed(some, 'passage', turn.span)));
        await lease.step({});
      }
      return vectors;
    });
    const found = { ...chunking, breakpoints };
    await lease.step({ chunking: found });
    return { ...document, chunking: found };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    if (isUnpaid) return { paused: await waitForMoney(deps, document, lease, error) };
    if (!error.isUpstream) throw error;
    const now = deps.clock();
    const waited = now - (document.waitingSince ?? now);
    if (error.details.reason === 'model_missing' || waited > EMBEDDING_PATIENCE_MS) return document;
    return { paused: await withoutModel(deps, document, lease, error) };
  }
}
