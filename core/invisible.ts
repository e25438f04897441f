/**
 * Text as a person sees it. What cannot be seen can carry instructions that only a model reads (Unicode tags,
 * variation selectors), and keeps words from being found ("br‍ass" with a joiner in it is not "brass").
 *
 *  SEC-2 Nothing invisible of a document reaches an index or a model. What writing needs stays: joiners between Arabic,
 *     Indic and other letters that take another form by them, and in emoji.
 */

/** Tags, selectors of variants beyond the first sixteen, zero-width spaces and marks, direction, soft hyphens. */
const hidden =
  /[\u{e0000}-\u{e007f}]|[\u{e0100}-\u{e01ef}]|[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]/gu;

/** Joiners where no script has a use for them: after Latin, Greek and Cyrillic letters, digits, marks and spaces. */
const idleJoiner = /(?<=^|[\p{scx=Latn}\p{scx=Grek}\p{scx=Cyrl}\p{N}\p{P}\p{Z}\s])[\u200c\u200d]+/gu;

/** One selector of a variant is writing; a row of them is a message. */
const selectors = /([\ufe00-\ufe0f])[\ufe00-\ufe0f]+/gu;

/** Letters that are blank. */
const blanks = /[\u3164\uffa0\u2800]/gu;

export const visible = (text: string): string =>
  text.replace(hidden, '').replace(idleJoiner, '').replace(selectors, '$1').replace(blanks, ' ');
