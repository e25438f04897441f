import type OpenAI from 'openai';
import { FileCitation } from '../../contract/response.ts';
import { parsedText } from './parsed-text.ts';
import type { TestQuestion } from './questions.ts';

export interface Asked {
  readonly question: TestQuestion;
  readonly text: string;
  /** It said that it found nothing: it cites nothing. */
  readonly declined: boolean;
  readonly held: boolean;
  readonly citations: number;
  readonly validCitations: number;
  /** Milliseconds; null when there was no text. */
  readonly firstTextAfter: number | null;
  readonly milliseconds: number;
}

/** One question through the official client, streamed; each citation is looked up in its document. */
export async function ask(client: OpenAI, vectorStoreId: string, question: TestQuestion): Promise<Asked> {
  const began = performance.now();
  let firstTextAfter: number | null = null;
  let text = '';
  const citations: FileCitation[] = [];
  const stream = await client.responses.create({
    input: question.text,
    tools: [{ type: 'file_search', vector_store_ids: [vectorStoreId] }],
    stream: true,
    store: false,
  });
  for await (const event of stream) {
    if (event.type === 'response.output_text.delta') {
      firstTextAfter ??= performance.now() - began;
      text += event.delta;
    }
    if (event.type === 'response.output_text.annotation.added')
      citations.push(FileCitation.parse(event.annotation));
    if (event.type === 'response.failed') throw new Error(event.response.error?.message);
  }
  const milliseconds = performance.now() - began;
  let validCitations = 0;
  for (const { file_id, quote, start, end } of citations) {
    const parsed = await parsedText(client, vectorStoreId, file_id);
    if (parsed.slice(start, end) === quote) validCitations += 1;
  }
  return {
    question,
    text,
    declined: citations.length === 0,
    held: question.answers.some((answer) => normalised(text).includes(normalised(answer))),
    citations: citations.length,
    validCitations,
    firstTextAfter,
    milliseconds,
  };
}

/** SQuAD's own way of comparing: case, punctuation, articles and spacing do not count. */
const normalised = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[\p{P}\p{S}]/gu, '')
    .replace(/\b(?:a|an|the)\b/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
