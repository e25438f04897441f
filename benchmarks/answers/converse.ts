import type OpenAI from 'openai';
import { FileCitation } from '../../contract/response.ts';
import { unsupportedSegments } from './claims.ts';
import type { PageQuestion } from './page-questions.ts';
import { parsedText } from './parsed-text.ts';

/** Where and how questions are asked. */
export interface Setting {
  readonly vectorStoreId: string;
  /** A name of the catalogue; null for the service's default. */
  readonly model: string | null;
  /** A prompt that fixes how documents are answered; null for the service's default. */
  readonly prompt: { readonly id: string; readonly version: string } | null;
}

export interface Cited {
  readonly page: string;
  readonly quote: string;
  /** Whether the quote is the page's parsed text at the offsets that came with it. */
  readonly valid: boolean;
}

export interface Conversed {
  readonly id: string;
  readonly text: string;
  /** An answer that cites nothing is a decline: whatever is said from documents is cited. */
  readonly declined: boolean;
  readonly cited: readonly Cited[];
  readonly segments: number;
  readonly unsupported: readonly string[];
  /** Of the last question alone, up to its last event. */
  readonly milliseconds: number;
  readonly pipeline: string | null;
}

/** Asks what came before, then the question itself, through the official client and `previous_response_id`. */
export async function converse(client: OpenAI, setting: Setting, question: PageQuestion): Promise<Conversed> {
  let previous: string | null = null;
  for (const before of question.before ?? []) {
    previous = (await respond(client, setting, before, previous)).id;
  }
  const answer = await respond(client, setting, question.question, previous);
  const cited: Cited[] = [];
  for (const { file_id, filename, quote, start, end } of answer.citations) {
    const parsed = await parsedText(client, setting.vectorStoreId, file_id);
    cited.push({
      page: filename.replace(/\.md$/, ''),
      quote,
      valid: parsed.slice(start, end) === quote,
    });
  }
  const { segments, unsupported } = unsupportedSegments(answer.text, answer.citations);
  return {
    id: question.id,
    text: answer.text,
    declined: answer.citations.length === 0,
    cited,
    segments,
    unsupported,
    milliseconds: answer.milliseconds,
    pipeline: answer.pipeline,
  };
}

async function respond(client: OpenAI, setting: Setting, input: string, previous: string | null) {
  const began = performance.now();
  const { data: stream, response } = await client.responses
    .create({
      input,
      tools: [{ type: 'file_search', vector_store_ids: [setting.vectorStoreId] }],
      stream: true,
      ...(setting.model === null ? {} : { model: setting.model }),
      ...(setting.prompt === null ? {} : { prompt: setting.prompt }),
      ...(previous === null ? {} : { previous_response_id: previous }),
    })
    .withResponse();
  let id = '';
  let text = '';
  const citations: FileCitation[] = [];
  for await (const event of stream) {
    if (event.type === 'response.created') id = event.response.id;
    if (event.type === 'response.output_text.delta') text += event.delta;
    if (event.type === 'response.output_text.annotation.added')
      citations.push(FileCitation.parse(event.annotation));
    if (event.type === 'response.failed') throw new Error(event.response.error?.message);
  }
  const milliseconds = performance.now() - began;
  return { id, text, citations, milliseconds, pipeline: response.headers.get('x-selvedge-pipeline') };
}
