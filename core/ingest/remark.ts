import type { Block, Draft } from './block.ts';
import { unreadPages } from './unread-pages.ts';

/** A document has few kinds of remarks; a folder of mails may have one an attachment. */
const MAX_REMARKS = 10;

/** The drafts, with a remark on how they were read on the first of them that has text, beside what it says itself. */
export function* remarkedFirst(drafts: Iterable<Draft>, remark: string | undefined): Iterable<Draft> {
  let isSaid = remark === undefined || remark === '';
  for (const draft of drafts) {
    if (isSaid || draft.text.trim() === '') yield draft;
    else {
      isSaid = true;
      yield { ...draft, remark: [remark, draft.remark].filter((one) => one !== undefined).join(' ') };
    }
  }
}

/** What is to be said of how a document was read: which pages were not, and what its parser remarks; null if nothing. */
export function remarksOn(blocks: readonly Block[]): string | null {
  const remarks = new Set<string>();
  for (const { remark, unread } of blocks) {
    if (remark !== undefined && !unread) remarks.add(remark);
  }
  const more = remarks.size > MAX_REMARKS ? [`${remarks.size - MAX_REMARKS} more remark(s).`] : [];
  const said = [unreadPages(blocks), ...[...remarks].slice(0, MAX_REMARKS), ...more];
  return said.filter((text) => text !== null).join(' ') || null;
}
