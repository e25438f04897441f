/**
 * Raised and lowered characters as text that cannot be misread: "134 794¹" and "10⁻³", where the plain characters would
 * give "134 7941" and "10-3". Full text folds them again (NFKC), so that "H2O" finds "H₂O".
 */
const raisedOf = '0⁰1¹2²3³4⁴5⁵6⁶7⁷8⁸9⁹+⁺-⁻−⁻–⁻=⁼(⁽)⁾nⁿ';
const loweredOf = '0₀1₁2₂3₃4₄5₅6₆7₇8₈9₉+₊-₋−₋=₌(₍)₎';
const pairs = (list: string) =>
  new Map(Array.from({ length: list.length / 2 }, (_, at) => [list.charAt(at * 2), list.charAt(at * 2 + 1)]));
const raised = pairs(raisedOf);
const lowered = pairs(loweredOf);

/** Endings of ordinals and marks that are no exponents: 1st, 2nd, 3e, n°, ™. */
const ending = /^(?:st|nd|rd|th|er|re|e|ème|me|o|a|os|as|°|º|ª|tm|®|™|sm)$/i;

export function superscript(text: string): string {
  const inner = text.trim();
  if (inner === '' || ending.test(inner)) return inner;
  return mapped(inner, raised) ?? marked('^', inner);
}

export function subscript(text: string): string {
  const inner = text.trim();
  return inner === '' ? '' : (mapped(inner, lowered) ?? marked('_', inner));
}

function mapped(text: string, table: ReadonlyMap<string, string>): string | undefined {
  const found = Array.from(text, (character) => table.get(character));
  return found.every((character) => character !== undefined) ? found.join('') : undefined;
}

/** A note's mark in brackets or of signs stays as it is: "[3]", "*", "†". */
const marked = (sign: string, text: string): string => {
  if (!/[\p{L}\p{N}]/u.test(text) || /^[[(].*[\])]$/.test(text)) return text;
  return /^(?:.|\p{L}+)$/u.test(text) ? `${sign}${text}` : `${sign}{${text}}`;
};
