import type { Hit } from '../retrieve/query.ts';
import { contentWords, coverage, names, numbers, sameWord, words } from './content-words.ts';
import { type Sentence, sentences } from './sentences.ts';

/** A passage as the model saw it, prepared for checking what it says of it. */
export interface Evidence {
  /** The number under which the model was shown it. */
  readonly number: number;
  readonly hit: Hit;
  readonly words: readonly string[];
  readonly numbers: ReadonlySet<string>;
}

/** The file's name and the headings above a passage are evidence too: they often name its subject. */
export function evidenceOf(hit: Hit, number: number): Evidence {
  const text = `${hit.passage.filename} ${hit.passage.title} ${hit.passage.text}`;
  return { number, hit, words: [...new Set(words(text))], numbers: new Set(numbers(text)) };
}

/** Share of a claim's content words that must stand in its passage; the rest is room for paraphrase. */
const WORDS_SUPPORTED = 0.7;
/** Share of a claim's content words that the sentence quoted for it must have. */
const WORDS_QUOTED = 0.3;

/** "1." before an item of a list says nothing. */
const listNumber = /^\s*\d{1,3}[.)]\s+/;

/**
 * The sentence of the passage that holds a claim, or null when the passage does not hold it: each number and
 * each name of the claim stands in the passage, and so do most of its content words (those that only repeat
 * the question count as said). This is a check of words, not of meaning: it catches what small models
 * invent, not a denial turned round.
 */
export function support(written: string, evidence: Evidence, question: string): Sentence | null {
  const claim = written.replace(listNumber, '');
  if (!numbers(claim).every((number) => evidence.numbers.has(number))) return null;
  if (!names(claim).every((name) => isNamed(name, evidence.words))) return null;
  const claimed = contentWords(claim);
  if (coverage(claimed, [...evidence.words, ...contentWords(question)]) < WORDS_SUPPORTED) return null;
  return bestSentence(claim, claimed, evidence);
}

/** A name may be several words to Unicode: "K-17", "Rolls-Royce". */
const isNamed = (name: string, known: readonly string[]): boolean =>
  words(name).every((part) => known.some((word) => sameWord(part, word)));

/** What tools have answered, and what was asked of them. */
export interface Reported {
  readonly words: readonly string[];
  readonly numbers: ReadonlySet<string>;
}

export const reportedBy = (outputs: readonly string[], question: string): Reported => {
  const text = [question, ...outputs].join('\n');
  return { words: [...new Set(words(text))], numbers: new Set(numbers(text)) };
};

/**
 * Whether a sentence without a passage may be a tool's: each of its numbers and names stands in what the tools have
 * answered or in the question. Their outputs are data, in words of their own, so its other words are not held to them.
 */
export const isReported = (claim: string, reported: Reported): boolean =>
  numbers(claim).every((number) => reported.numbers.has(number)) &&
  names(claim).every((name) => isNamed(name, reported.words));

/** The sentence of a passage that comes nearest to what a model made of it, to stand in its place. */
export const nearest = (claim: string, evidence: Evidence): Sentence | null =>
  bestSentence(claim, contentWords(claim), evidence);

/** The sentence that has most of a claim's words, its numbers first; null when none comes near. */
function bestSentence(claim: string, claimed: readonly string[], { hit }: Evidence): Sentence | null {
  const wanted = numbers(claim);
  let best: Sentence | null = null;
  let most = WORDS_QUOTED;
  for (const sentence of sentences(hit.passage.text)) {
    const has = new Set(numbers(sentence.text));
    const numeric =
      wanted.length === 0 ? 0 : wanted.filter((number) => has.has(number)).length / wanted.length;
    const score = coverage(claimed, words(sentence.text)) + numeric;
    if (score >= most) {
      best = sentence;
      most = score + Number.EPSILON;
    }
  }
  return best;
}

/** Can change an answer: part of the pipeline's fingerprint (core/pipeline.ts). */
export const evidenceConstants = { WORDS_SUPPORTED, WORDS_QUOTED };
