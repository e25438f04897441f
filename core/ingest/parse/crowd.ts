import { MAX_VALUES } from '../limits.ts';
import { refuse } from '../refusal.ts';

/**
 * Refuses text in which `marks` stand too often, before a parser makes an object of each: 24 MiB of `[],` are 8
 * million lists, and 2.5 GB.
 */
export function refuseCrowd(text: string, marks: string, what: string): void {
  const codes = new Set(Array.from(marks, (mark) => mark.charCodeAt(0)));
  let found = 0;
  for (let at = 0; at < text.length; at += 1) if (codes.has(text.charCodeAt(at))) found += 1;
  if (found > MAX_VALUES)
    throw refuse('too_large', `The document has more than ${MAX_VALUES} ${what}. Split it.`);
}
