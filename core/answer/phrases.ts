import { FALLBACK, guessLanguage } from './language.ts';

/**
 * What Selvedge says in its own words; everything else in an answer is quoted or checked. The words follow the language
 * of the question, and so do the quotation marks.
 *
 *  ANS-1 A question is answered in one language throughout: a German question is declined in German, and its quotes
 *     stand in German quotation marks.
 */
export interface Phrases {
  /** The whole answer where the documents do not hold one. */
  readonly nothingFound: string;
  /** Before a quote; `{file}` is the document's name. */
  readonly accordingTo: string;
  /** The same for formats with pages; `{page}` is the number of the page. */
  readonly accordingToPage: string;
  /** Before and after what is quoted, with the spaces that belong inside. */
  readonly quotes: readonly [opening: string, closing: string];
}

/** By ISO 639-1 code. A deployment's own stand over these, field by field (`phrases` in app/selvedge.config.ts). */
export type PhraseTable = Readonly<Record<string, Phrases>>;
export type PhraseOverrides = Readonly<Record<string, Partial<Phrases>>>;

const phrases = (
  nothingFound: string,
  accordingTo: string,
  accordingToPage: string,
  opening: string,
  closing: string,
): Phrases => ({ nothingFound, accordingTo, accordingToPage, quotes: [opening, closing] });

const english = phrases(
  'I could not find an answer to this in the documents.',
  'According to {file}: ',
  'According to {file}, page {page}: ',
  '“',
  '”',
);

/** Marks as Unicode's CLDR has them (`delimiters`), spaces of French included. */
export const defaultPhrases: PhraseTable = {
  en: english,
  de: phrases(
    'Dazu habe ich in den Dokumenten nichts gefunden.',
    'Laut {file}: ',
    'Laut {file}, Seite {page}: ',
    '„',
    '“',
  ),
  fr: phrases(
    "Je n'ai pas trouvé de réponse à cette question dans les documents.",
    "D'après {file} : ",
    "D'après {file}, page {page} : ",
    '«\u00a0',
    '\u00a0»',
  ),
  es: phrases(
    'No he encontrado respuesta a esto en los documentos.',
    'Según {file}: ',
    'Según {file}, página {page}: ',
    '«',
    '»',
  ),
  it: phrases(
    'Non ho trovato una risposta nei documenti.',
    'Secondo {file}: ',
    'Secondo {file}, pagina {page}: ',
    '«',
    '»',
  ),
  pt: phrases(
    'Não encontrei resposta para isto nos documentos.',
    'Segundo {file}: ',
    'Segundo {file}, página {page}: ',
    '“',
    '”',
  ),
  nl: phrases(
    'Ik heb hierop geen antwoord gevonden in de documenten.',
    'Volgens {file}: ',
    'Volgens {file}, pagina {page}: ',
    '‘',
    '’',
  ),
  pl: phrases(
    'Nie znalazłem odpowiedzi na to pytanie w dokumentach.',
    'Według {file}: ',
    'Według {file}, strona {page}: ',
    '„',
    '”',
  ),
  tr: phrases(
    'Belgelerde bu sorunun yanıtını bulamadım.',
    '{file} belgesine göre: ',
    '{file} belgesine göre, sayfa {page}: ',
    '“',
    '”',
  ),
  vi: phrases(
    'Tôi không tìm thấy câu trả lời cho câu hỏi này trong tài liệu.',
    'Theo {file}: ',
    'Theo {file}, trang {page}: ',
    '“',
    '”',
  ),
  ru: phrases(
    'Я не нашёл ответа на этот вопрос в документах.',
    'Согласно {file}: ',
    'Согласно {file}, страница {page}: ',
    '«',
    '»',
  ),
  el: phrases(
    'Δεν βρήκα απάντηση σε αυτό στα έγγραφα.',
    'Σύμφωνα με το {file}: ',
    'Σύμφωνα με το {file}, σελίδα {page}: ',
    '«',
    '»',
  ),
  ar: phrases(
    'لم أجد إجابة عن هذا في المستندات.',
    'وفقًا لـ {file}: ',
    'وفقًا لـ {file}، صفحة {page}: ',
    '”',
    '“',
  ),
  he: phrases('לא מצאתי תשובה לכך במסמכים.', 'לפי {file}: ', 'לפי {file}, עמוד {page}: ', '”', '”'),
  hi: phrases(
    'मुझे दस्तावेज़ों में इसका उत्तर नहीं मिला।',
    '{file} के अनुसार: ',
    '{file}, पृष्ठ {page} के अनुसार: ',
    '“',
    '”',
  ),
  th: phrases('ฉันไม่พบคำตอบของเรื่องนี้ในเอกสาร', 'ตาม {file}: ', 'ตาม {file} หน้า {page}: ', '“', '”'),
  zh: phrases('我在文档中没有找到这个问题的答案。', '根据 {file}：', '根据 {file} 第 {page} 页：', '“', '”'),
  ja: phrases(
    '文書の中に答えが見つかりませんでした。',
    '{file} によると：',
    '{file} の {page} ページによると：',
    '「',
    '」',
  ),
  ko: phrases(
    '문서에서 이에 대한 답을 찾지 못했습니다.',
    '{file}에 따르면: ',
    '{file} {page}쪽에 따르면: ',
    '“',
    '”',
  ),
};

/** A deployment's own phrases over ours. A language that we do not have begins as English. */
export function phraseTable(own: PhraseOverrides): PhraseTable {
  const languages = Object.entries(own).map(([language, some]): [string, Phrases] => [
    language,
    { ...(defaultPhrases[language] ?? english), ...some },
  ]);
  return { ...defaultPhrases, ...Object.fromEntries(languages) };
}

/** The phrases for a question. */
export const phrasesFor = (question: string, table: PhraseTable = defaultPhrases): Phrases =>
  table[guessLanguage(question)] ?? table[FALLBACK] ?? english;

/** Where a quote comes from, before the quote. */
export const introduceQuote = (
  { accordingTo, accordingToPage }: Phrases,
  filename: string,
  page: number | null,
): string =>
  (page === null ? accordingTo : accordingToPage).replace(/\{(file|page)\}/g, (_, name: string) =>
    name === 'file' ? filename : String(page),
  );

/** A quote in the marks of its language; lines that only wrap are one. */
export const inQuotes = ({ quotes: [opening, closing] }: Phrases, text: string): string =>
  `${opening}${text.replace(/\s+/g, ' ')}${closing}`;

/** A line's end before anything but an item of a list or a blank line: Markdown would join what it parts. */
const softBreak = /(?<=\S) ?\n(?![ \t]*(?:\n|(?:[-*•–]|\d{1,3}[.)])\s))/g;

/** The same of a list, a table or code, whose lines stay lines, in plain text as in Markdown. */
export const linesInQuotes = ({ quotes: [opening, closing] }: Phrases, text: string): string =>
  `${opening}${text.replace(softBreak, '  \n')}${closing}`;
