import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type OpenAI from 'openai';
import { FileCitation } from '../../contract/response.ts';
import { errorMessage } from '../../core/error-message.ts';
import { autoChunking, chunk } from '../../core/ingest/chunk.ts';
import { parseDocument } from '../../core/ingest/parse.ts';
import type { Progress } from '../retrieval/progress.ts';
import { type DocumentCase, holds } from './cases.ts';
import type { Reading } from './reader.ts';

/** A case with what came of it; `fault` is null where it is met. */
export interface Outcome {
  readonly case: DocumentCase;
  readonly fault: string | null;
}

/**
 * Each file in a vector store of its own, as a user uploads it, and its questions over `/v1/responses`. With `readings`
 * the Markdown of another reader is uploaded in the file's place: then pages are not asked for, since it has none.
 */
export async function askCases(
  client: OpenAI,
  folder: string,
  cases: readonly DocumentCase[],
  progress: Progress,
  readings?: ReadonlyMap<string, Reading>,
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const [file, asked] of Map.groupBy(cases, (one) => one.file)) {
    progress.show(`cases: ${outcomes.length} of ${cases.length}, ${file}`);
    const reading = readings?.get(file);
    const store = await client.vectorStores.create({ name: `Case: ${file}` });
    const upload =
      readings === undefined
        ? new File([new Uint8Array(await readFile(join(folder, file)))], file)
        : new File([reading?.markdown || ' '], `${file}.md`);
    const document = await client.vectorStores.files.uploadAndPoll(store.id, upload, {
      pollIntervalMs: 200,
    });
    for (const one of asked) {
      const fault =
        document.status === 'completed'
          ? await ask(client, store.id, readings === undefined ? one : { ...one, page: null })
          : `${document.status}: ${reading?.error ?? document.last_error?.message}`;
      outcomes.push({ case: one, fault });
    }
    await client.vectorStores.delete(store.id);
    if (document.status === 'completed') await client.files.delete(document.id);
  }
  progress.show('');
  return outcomes;
}

/** Any citation of the answer may be the one that holds the text; it must then say the right page. */
async function ask(client: OpenAI, storeId: string, wanted: DocumentCase): Promise<string | null> {
  const response = await client.responses.create({
    input: wanted.question,
    tools: [{ type: 'file_search', vector_store_ids: [storeId] }],
    store: false,
  });
  const citations = response.output.flatMap((item) =>
    item.type === 'message'
      ? item.content.flatMap((part) => (part.type === 'output_text' ? part.annotations : []))
      : [],
  );
  const quotes = citations.map((citation) => FileCitation.parse(citation));
  if (quotes.length === 0) return `cites nothing: ${shortened(response.output_text)}`;
  const holding = quotes.filter(({ quote }) => holds(quote, wanted.held));
  if (holding.length === 0) return `quotes ${quotes.map(({ quote }) => shortened(quote)).join(' + ')}`;
  if (wanted.page === null || holding.some(({ page }) => page === wanted.page)) return null;
  return `cites page ${holding.map(({ page }) => page ?? 'none').join(', ')} instead of ${wanted.page}`;
}

/**
 * The quick look: whether the text stands in some passage at all, without asking. What is short or frequent is found
 * in the wrong place too, so this says what is lost, not what is answered.
 */
export async function findCases(folder: string, cases: readonly DocumentCase[]): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const [file, asked] of Map.groupBy(cases, (one) => one.file)) {
    let passages: readonly { readonly text: string; readonly title: string }[] = [];
    let refusal: string | null = null;
    try {
      const bytes = new Uint8Array(await readFile(join(folder, file)));
      passages = chunk(await parseDocument({ filename: file, contentType: '', bytes }), autoChunking);
    } catch (error) {
      refusal = errorMessage(error);
    }
    for (const one of asked) {
      const found = passages.some(({ title, text }) => holds(`${title}\n${text}`, one.held));
      const read = passages.map(({ text }) => text).join('\n\n');
      outcomes.push({ case: one, fault: found ? null : (refusal ?? `read: ${shortened(read)}`) });
    }
  }
  return outcomes;
}

const LONGEST = 300;
const shortened = (text: string): string =>
  JSON.stringify(text.length > LONGEST ? `${text.slice(0, LONGEST)} …` : text);
