/**
 * The marks by which a model names the passages of a sentence. It is told to write `[1]`; models trained elsewhere also
 * write `【1】`, `【4†source】`, `［１］`, `[1, 2]`, and all of them mean the same.
 */
const marker =
  /[ \t]*[[【［]\s*\p{Nd}{1,3}(?:\s*[,，、;]\s*\p{Nd}{1,3})*(?:[:†][^\]】］\n]{0,40})?\s*[\]】］]/gu;

/** A mark, or the beginning of one at the end of what has arrived. */
const arriving = /[[【［][\p{Nd}\s,，、;]{0,20}(?:[:†][^\]】］\n]{0,40})?(?:[\]】］]|$)/gu;

/** The passages that a text names, in order. */
export function citedNumbers(text: string): readonly number[] {
  return [...text.matchAll(marker)].flatMap(([mark]) => {
    const [names = ''] = mark.normalize('NFKC').split(/[:†]/);
    return (names.match(/\d+/g) ?? []).map(Number);
  });
}

export const withoutMarkers = (text: string): string => text.replace(marker, '');

/** The same length with spaces for marks: they are not text to be cut into sentences. */
export const maskMarkers = (text: string): string =>
  text.replace(arriving, (found) => ' '.repeat(found.length));
