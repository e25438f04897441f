import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type OpenAI from 'openai';
import { z } from 'zod';
import { load } from '../retrieval/load.ts';
import type { Progress } from '../retrieval/progress.ts';
import { type Conversed, converse, type Setting } from './converse.ts';
import { type Half, type PageQuestion, readPageQuestions } from './page-questions.ts';
import { type Asked, failures, footnotes, measure, table, wholeTable } from './page-report.ts';
import { readPages } from './pages.ts';

export interface PageBench {
  /** The folder that holds `docs-dev/corpus`. */
  readonly data: string;
  readonly half: Half;
  /** Null leaves it to the service. */
  readonly mode: 'quote' | 'generate' | null;
  readonly model: string | null;
  /** JSON Lines, one answer each, written as they come; what is in it is not asked again. Null keeps nothing. */
  readonly results: string | null;
  /** Where the figures go as JSON; null for nowhere. */
  readonly json: string | null;
  readonly failures: boolean;
  /** Loads the pages again: after a change to how documents are read. */
  readonly fresh: boolean;
}

/** The questions of one half against the pages of docs-dev in one store. The held-out half is reported as a whole. */
export async function benchPages(client: OpenAI, bench: PageBench, progress: Progress): Promise<void> {
  const questions = await readPageQuestions(bench.half);
  const pages = await readPages(join(bench.data, 'docs-dev', 'corpus'), 'docs-dev');
  const vectorStoreId = await load(client, pages, progress, bench);
  const prompt = bench.mode === null ? null : await promptFor(client, bench.mode);
  const setting: Setting = { vectorStoreId, model: bench.model, prompt };
  const done =
    bench.results === null ? new Map<string, Conversed>() : await readResults(bench.results, setting);
  const asked: Asked[] = [];
  for (const question of questions) {
    const known = done.get(keyOf(question));
    const answer = known ?? (await converse(client, setting, question));
    if (known === undefined && bench.results !== null) {
      await writeResult(bench.results, setting, question, answer);
    }
    asked.push({ question, answer });
    progress.show(`${asked.length} of ${questions.length} asked`);
  }
  progress.show('');
  const whole = bench.half === 'held-out';
  console.log(whole ? wholeTable(asked) : table(asked));
  console.log(footnotes(asked));
  if (bench.failures && !whole) console.log(failures(asked));
  if (bench.json !== null) {
    await writeFile(bench.json, `${JSON.stringify({ half: bench.half, ...measure(asked) }, null, 2)}\n`);
  }
}

/** A stored prompt that fixes the mode; the same content is the same version, so asking again makes nothing new. */
async function promptFor(
  client: OpenAI,
  mode: 'quote' | 'generate',
): Promise<NonNullable<Setting['prompt']>> {
  const id = `benchmark-${mode}`;
  const root = new URL(client.baseURL).origin;
  const response = await fetch(`${root}/api/prompts/${id}/versions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${client.apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ instructions: 'Answer from the documents.', answer: mode }),
  });
  if (!response.ok) throw new Error(`The prompt for ${mode} was refused: ${await response.text()}`);
  const { version } = z.object({ version: z.int() }).parse(await response.json());
  return { id, version: String(version) };
}

/** An answer belongs to the question's own words: one that was rewritten is asked again. */
const keyOf = ({ before, question }: PageQuestion): string => JSON.stringify([before ?? [], question]);

async function readResults(path: string, setting: Setting): Promise<ReadonlyMap<string, Conversed>> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const lines = text.split('\n').filter((line) => line !== '');
  return new Map(
    lines
      .map((line) => resultLine.parse(JSON.parse(line)))
      .filter((result) => result.setting === JSON.stringify(setting))
      .map((result) => [result.key, result.answer]),
  );
}

const resultLine = z.object({
  key: z.string(),
  setting: z.string(),
  answer: z.object({
    id: z.string(),
    text: z.string(),
    declined: z.boolean(),
    cited: z.array(z.object({ page: z.string(), quote: z.string(), valid: z.boolean() })),
    segments: z.int(),
    unsupported: z.array(z.string()),
    milliseconds: z.number(),
    pipeline: z.string().nullable(),
  }),
});

const writeResult = (path: string, setting: Setting, question: PageQuestion, answer: Conversed) =>
  appendFile(path, `${JSON.stringify({ key: keyOf(question), setting: JSON.stringify(setting), answer })}\n`);
