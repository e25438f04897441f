import { describe, expect, test } from 'vitest';
import { guessLanguage } from './language.ts';
import { defaultPhrases, inQuotes, introduceQuote, phrasesFor, phraseTable } from './phrases.ts';

describe('the language of a question', () => {
  test.each([
    ['en', 'How long is the guarantee on frames?'],
    ['de', 'Wie lange gilt die Garantie auf Rahmen?'],
    ['de', 'Welche Öffnungszeiten hat die Werkstatt in Lissabon?'],
    ['fr', 'Quelle est la durée de la garantie des cadres ?'],
    ['es', '¿Cuánto dura la garantía de los cuadros?'],
    ['it', 'Quanto dura la garanzia del telaio?'],
    ['pt', 'Qual é a duração da garantia dos quadros?'],
    ['nl', 'Hoe lang is de garantie op het frame?'],
    ['pl', 'Jak długo trwa gwarancja na ramę?'],
    ['tr', 'Kadro garantisi ne kadar sürer?'],
    ['vi', 'Bảo hành khung xe là bao lâu?'],
    ['ru', 'Сколько длится гарантия на раму?'],
    ['el', 'Πόσο διαρκεί η εγγύηση;'],
    ['ar', 'ما مدة الضمان؟'],
    ['he', 'כמה זמן האחריות?'],
    ['hi', 'वारंटी कितने समय की है?'],
    ['th', 'การรับประกันนานเท่าไร'],
    ['zh', '车架保修多久？'],
    ['ja', 'フレームの保証期間はどのくらいですか？'],
    ['ko', '프레임 보증 기간은 얼마나 되나요?'],
  ])('%s: %s', (language, question) => {
    expect(guessLanguage(question)).toBe(language);
    expect(defaultPhrases[language]).toBeDefined();
  });

  test.each(['', '42', 'Garantie Rahmen?', 'SKU-7731', '???'])(
    'is English where %j gives nothing away',
    (text) => {
      expect(guessLanguage(text)).toBe('en');
    },
  );

  test('is not that of a foreign name in it', () => {
    expect(guessLanguage('What does the sign 営業中 in the window mean?')).toBe('en');
    expect(guessLanguage('Was bedeutet das Schild "the shop is open"?')).toBe('de');
  });
});

describe('our own words', () => {
  test('ANS-1: are those of the language, with its quotation marks', () => {
    const said = (question: string, page: number | null) => {
      const phrases = phrasesFor(question);
      return introduceQuote(phrases, 'a.pdf', page) + inQuotes(phrases, 'one\n  two');
    };
    expect(said('What is it?', null)).toBe('According to a.pdf: “one two”');
    expect(said('Was ist das?', 3)).toBe('Laut a.pdf, Seite 3: „one two“');
    expect(said("Qu'est-ce que c'est que la garantie ?", 3)).toBe(
      "D'après a.pdf, page 3 : «\u00a0one two\u00a0»",
    );
    expect(phrasesFor('Was ist das?').nothingFound).toBe('Dazu habe ich in den Dokumenten nichts gefunden.');
  });

  test('a name in a phrase is never read as a place for another', () => {
    expect(introduceQuote(phrasesFor('What?'), '{page}$&.md', null)).toBe('According to {page}$&.md: ');
  });

  test('can be replaced by a deployment, field by field and language by language', () => {
    const table = phraseTable({ de: { nothingFound: 'Leider nein.' }, sv: { nothingFound: 'Nej.' } });
    expect(phrasesFor('Was ist das?', table)).toMatchObject({
      nothingFound: 'Leider nein.',
      quotes: ['„', '“'],
    });
    expect(table.sv).toMatchObject({ nothingFound: 'Nej.', quotes: ['“', '”'] });
  });
});
