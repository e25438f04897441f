/**
 * A guess at the language of a question, from its script and its commonest words: good enough to choose the words
 * around an answer, and nothing else is decided by it.
 A question that gives nothing away, such as "Garantie Rahmen?", counts as `FALLBACK`.
 */
export const FALLBACK = 'en';

/** Scripts that say the language, or nearly: who writes Cyrillic that is not Russian reads Russian quotes too. */
const scripts: readonly (readonly [language: string, letters: RegExp])[] = [
  ['ja', /[\p{Script=Hiragana}\p{Script=Katakana}]/gu],
  ['ko', /\p{Script=Hangul}/gu],
  ['zh', /\p{Script=Han}/gu],
  ['ru', /\p{Script=Cyrillic}/gu],
  ['el', /\p{Script=Greek}/gu],
  ['ar', /\p{Script=Arabic}/gu],
  ['he', /\p{Script=Hebrew}/gu],
  ['hi', /\p{Script=Devanagari}/gu],
  ['th', /\p{Script=Thai}/gu],
];

/** A question about a foreign name stays in its own language: so much of its letters must be of a script. */
const SHARE = 0.3;

/** One of their characters says as much as several letters. */
const wordy: ReadonlySet<string> = new Set(['ja', 'ko', 'zh']);
const CHARACTER = 2.5;

/** Words that carry grammar: articles, pronouns, prepositions, question words. What two languages share tells neither. */
const commonest: Readonly<Record<string, string>> = {
  en: 'the of and is are was were what which who whom whose when where why how does did do can could should would will has have had in to for with from by on at that this these those it its an be been many much not there my our your they i',
  de: 'der die das den dem des ein eine einen einem einer und oder ist sind war waren wird werden wurde wurden hat haben hatte kann können muss was wer wem wen wie wo wann warum welche welcher welches welchem welchen wieviel viele nicht für mit von zu zum zur auf bei nach aus über unter gibt es ich wir ihr sie mein meine unsere unser seine seinen seiner seinem ihre ihren ihrer sich im am beim vom ins ans um durch ohne gegen zwischen während nachdem vor seit bis dass wenn weil lange oft laut worüber worauf wodurch womit wofür woran worin wozu woher wohin wessen müssen wollte soll sollte darf noch schon auch nur kein keine keinen',
  fr: 'le la les des du un une et ou est sont était étaient qui que quoi quel quelle quels quelles quand comment pourquoi combien où dans sur pour par avec ce cette ces il elle ils elles ne pas au aux en je nous vous mon ma notre est-ce a ont peut y',
  es: 'el la los las un una unos unas y o es son fue era qué quién quiénes cuál cuáles cuándo cuánto cuánta cuántos cuántas cómo dónde por para con del al de en no se su sus mi hay puede ha lo que',
  it: 'il lo la i gli le un una uno e è sono era erano che chi cosa quale quali quando come perché dove quanto quanta quanti quante di da in con su per tra del della dei delle dello al alla nel nella non si ha hanno può mio',
  pt: 'o a os as um uma e é são foi era que quem qual quais quando como onde porque quanto quanta quantos quantas de do da dos das em no na nos nas por para com não se seu sua ao à há pode meu',
  nl: 'de het een en of is zijn was waren wie wat welke wanneer waarom waar hoe hoeveel van voor met op in aan bij naar uit niet er dat dit deze die wordt worden heeft hebben kan ik wij mijn onze',
  pl: 'jest są był była było były kto co jaki jaka jakie jak kiedy gdzie dlaczego czy ile który która które i w we z ze na do od dla po przy nie się to ten ta czym jakim',
  tr: 've bir bu şu ne nedir kim hangi nasıl neden niçin nerede kaç kadar zaman mı mi mu mü için ile de da olan olarak var yok ben biz',
  vi: 'là và của có không những các một ai gì nào khi đâu tại sao thế bao nhiêu được cho với trong trên từ đến này đó tôi như về ở bởi',
};

/** Letters that only one of these languages has. */
const telling: readonly (readonly [language: string, letters: RegExp])[] = [
  ['de', /[ßẞä]/u],
  ['es', /[ñ¿¡]/u],
  ['pt', /[ãõ]/u],
  ['pl', /[łąęśźż]/u],
  ['tr', /[ğıİ]/u],
  ['vi', /[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệịỉọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]/u],
];
/** What a telling letter is worth, in words. */
const LETTER = 2;

/** How many of the languages have a word: a word of three says a third of each. */
const languagesOf: ReadonlyMap<string, readonly string[]> = Object.entries(commonest).reduce(
  (map, [language, words]) => {
    for (const word of new Set(words.split(' '))) map.set(word, [...(map.get(word) ?? []), language]);
    return map;
  },
  new Map<string, readonly string[]>(),
);

/** What somebody else said, in his own language. */
const quotation = /"[^"]*"|[“„][^“”]*[“”]|«[^«»]*»/gu;

/** ISO 639-1. */
export function guessLanguage(text: string): string {
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  for (const [language, script] of scripts) {
    const own = text.match(script)?.length ?? 0;
    const weighed = (wordy.has(language) ? CHARACTER : 1) * own;
    if (weighed > SHARE * (letters - own + weighed)) return language;
  }
  const points = new Map<string, number>();
  const add = (language: string, more: number) => points.set(language, (points.get(language) ?? 0) + more);
  const lower = text.replace(quotation, ' ').normalize('NFC').toLowerCase();
  for (const word of lower.match(/[\p{L}\p{M}]+/gu) ?? []) {
    const languages = languagesOf.get(word) ?? [];
    for (const language of languages) add(language, 1 / languages.length);
  }
  for (const [language, found] of telling) if (found.test(lower)) add(language, LETTER);
  const most = Math.max(0, ...points.values());
  const best = [...points].filter(([, value]) => value === most).map(([language]) => language);
  const [only] = best;
  return best.length === 1 && only !== undefined ? only : FALLBACK;
}
