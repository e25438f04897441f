import type { Block } from './block.ts';

/** Page numbers that a message lists. */
const LISTED = 20;

/** Says which pages of a document could not be read, and why; null where all were. */
export function unreadPages(blocks: readonly Block[]): string | null {
  const pages = new Map<string, number[]>();
  for (const { unread, page, remark = 'without text' } of blocks) {
    if (unread && page !== undefined) pages.set(remark, [...(pages.get(remark) ?? []), page]);
  }
  if (pages.size === 0) return null;
  const kinds = [...pages].map(([why, numbers]) => {
    const listed = numbers.slice(0, LISTED).join(', ') + (numbers.length > LISTED ? ' …' : '');
    return `${numbers.length} page(s) ${why} (${listed})`;
  });
  const needsOcr = [...pages.keys()].some((why) => why !== DAMAGED);
  const advice = ' With "ocr": true on the file or its vector store, pages that are pictures are read.';
  return `Not read: ${kinds.join('; ')}.${needsOcr ? advice : ''}`;
}

/** The remark on a page that cannot be read at all. */
export const DAMAGED = 'that are damaged';
