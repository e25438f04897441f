/** What is searched for a question: the queries as they were asked, and with `rewrite` the questions inside them. */
export interface Plan {
  /** Distinct, in order; the queries that were asked come first and are never dropped. */
  readonly searches: readonly string[];
}

/** More than a person asks in one breath; each is a search and a reranking of its own. */
const MAX_SEARCHES = 8;

const sentences = new Intl.Segmenter('en', { granularity: 'sentence' });

/**
 * Without a model the only rewriting that cannot change the meaning is to take apart: two questions in one query
 * are searched together and each alone, since their mixed vector lies near neither's answer.
 */
export function plan(queries: readonly string[], rewrite: boolean): Plan {
  const inside = rewrite ? queries.flatMap(questionsIn) : [];
  return { searches: [...new Set([...queries, ...inside])].slice(0, MAX_SEARCHES) };
}

/** The questions of a text that holds more than one sentence; marks of Latin, Chinese, Arabic and Greek scripts. */
function questionsIn(text: string): readonly string[] {
  const parts = Array.from(sentences.segment(text), ({ segment }) => segment.trim());
  return parts.length < 2 ? [] : parts.filter((part) => /[?？؟\u037e]$/u.test(part));
}

/** Can change an answer: part of the pipeline's fingerprint (core/pipeline.ts). */
export const planConstants = { MAX_SEARCHES };
