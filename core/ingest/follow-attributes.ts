import type { FileAttributes } from '../retrieve/filter.ts';
import type { PassageWriter } from '../retrieve/indexes.ts';
import type { StoredDocument } from './document.ts';

/**
 * Writes a document's attributes to the index until the row, read after the write, still says the same: two
 * changes at once, or one while a worker indexes, would else leave filters asking about the older one for good.
 * `written` says what the index is known to hold.
 */
export async function followAttributes(
  passages: Pick<PassageWriter, 'describe'>,
  written: { readonly attributes: FileAttributes | null },
  row: () => Promise<StoredDocument | null>,
): Promise<void> {
  let known = written.attributes;
  for (let now = await row(); now !== null && !isSame(known, now.attributes); now = await row()) {
    await passages.describe(now.tenantId, now);
    known = now.attributes;
  }
}

/** Both come out of the same column, or were written to it, so that the order of keys is the same too. */
const isSame = (a: FileAttributes | null, b: FileAttributes): boolean =>
  JSON.stringify(a) === JSON.stringify(b);
