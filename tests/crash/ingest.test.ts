import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import OpenAI, { toFile } from 'openai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parsedText } from '../../core/ingest/block.ts';
import { autoChunking, chunk } from '../../core/ingest/chunk.ts';
import { parseDocument } from '../../core/ingest/parse.ts';
import { pdf } from '../documents.ts';
import { type Service, startService } from '../system/service.ts';

const KILLS = Number(process.env.SELVEDGE_KILLS ?? 20);
const SEED = Number(process.env.SELVEDGE_SEED ?? 20261122);
const DOCUMENTS = 30;
/** The longest that a run is left alone: about as long as four documents take. */
const LONGEST_MS = 6_000;

/** mulberry32: small, seeded, good enough to choose moments. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const random = generator(SEED);
const sentence = (topic: string, at: number) =>
  `Sentence ${at} says how ${topic} is kept, cleaned and checked. `;

/** Documents of one to some thirty passages, in four formats, two of them broken. */
function documentOf(index: number): { readonly name: string; readonly bytes: Uint8Array<ArrayBuffer> } {
  const topic = `part ${index}`;
  const sections = 1 + Math.floor(random() * 30);
  const encode = (text: string) => new TextEncoder().encode(text);
  if (index % 15 === 7) return { name: `${index}.txt`, bytes: new Uint8Array([0x61, 0xff]) };
  if (index % 5 === 1) {
    const pages = Array.from({ length: Math.ceil(sections / 2) }, (_, page) =>
      Array.from({ length: 40 }, (_, line) => ({
        text: sentence(topic, page * 40 + line),
        y: 780 - line * 18,
      })),
    );
    return { name: `${index}.pdf`, bytes: pdf(pages) };
  }
  if (index % 5 === 2) {
    const rows = Array.from(
      { length: sections * 15 },
      (_, row) => `${topic}/${row},${row * 3},${sentence(topic, row)}`,
    );
    return { name: `${index}.csv`, bytes: encode(`part,price,note\n${rows.join('\n')}`) };
  }
  const parts = Array.from(
    { length: sections },
    (_, at) =>
      `## Section ${at}\n\n${Array.from({ length: 18 }, (_, line) => sentence(topic, line)).join('')}`,
  );
  return { name: `${index}.md`, bytes: encode(`# Manual of ${topic}\n\n${parts.join('\n\n')}`) };
}

const documents = Array.from({ length: DOCUMENTS }, (_, index) => documentOf(index));

const client = (service: Service) =>
  new OpenAI({ apiKey: service.key, baseURL: `${service.url}/v1`, maxRetries: 0 });

let state: string;
let service: Service | null = null;
beforeAll(async () => {
  state = await mkdtemp(join(tmpdir(), 'selvedge-crash-'));
});
afterAll(async () => {
  await service?.kill();
  await rm(state, { recursive: true, force: true });
});

test(`${DOCUMENTS} documents survive ${KILLS} kills: none unfinished, no chunk lost, none twice`, async () => {
  service = await startService({ state });
  const store = (await client(service).vectorStores.create({ name: 'crash' })).id;
  const inProgressAtKill: number[] = [];
  for (let kill = 0; kill < KILLS; kill += 1) {
    const adding = addMissing(service, store).catch((error: unknown) => error);
    await new Promise((resolve) => setTimeout(resolve, 200 + random() * LONGEST_MS));
    const { file_counts } = await client(service).vectorStores.retrieve(store);
    inProgressAtKill.push(file_counts.in_progress);
    await service.kill();
    await adding;
    service = await startService({ state });
  }
  await addMissing(service, store);
  console.log(`In progress at each kill: ${inProgressAtKill.join(' ')}`);
  expect(inProgressAtKill.filter((count) => count > 0).length).toBeGreaterThan(KILLS / 4);

  const files = await finished(service, store);
  expect(files.size).toBe(DOCUMENTS);
  await service.stop();
  await checkStores(state, files);
}, 3_600_000);

/** Uploads and attaches what the store does not list yet; what a kill cut short is simply done again. */
async function addMissing(running: Service, store: string): Promise<void> {
  const openai = client(running);
  const present = new Set<string>();
  for await (const file of openai.vectorStores.files.list(store, { limit: 100 })) {
    present.add((file as typeof file & { filename: string }).filename);
  }
  for (const document of documents.filter(({ name }) => !present.has(name))) {
    const file = await toFile(document.bytes, document.name);
    const { id } = await openai.files.create({ file, purpose: 'assistants' });
    await openai.vectorStores.files.create(store, { file_id: id });
  }
}

interface Finished {
  readonly id: string;
  readonly status: string;
  readonly reason: string | null;
}

async function finished(running: Service, store: string): Promise<ReadonlyMap<string, Finished>> {
  const deadline = Date.now() + 15 * 60_000;
  for (;;) {
    const files = new Map<string, Finished>();
    let open = 0;
    for await (const file of client(running).vectorStores.files.list(store, { limit: 100 })) {
      if (file.status === 'in_progress') open += 1;
      const { filename } = file as typeof file & { filename: string };
      files.set(filename, { id: file.id, status: file.status, reason: file.last_error?.message ?? null });
    }
    if (open === 0) return files;
    if (Date.now() > deadline) throw new Error(`${open} documents are still in progress.`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** Reads the databases as files: what is there, not what a query makes of it. */
async function checkStores(state: string, files: ReadonlyMap<string, Finished>): Promise<void> {
  const passages = rowsOf<{
    id: string;
    file_id: string;
    text: string;
    start_offset: number;
    end_offset: number;
  }>(
    state,
    'passages',
    'SELECT id, file_id, text, start_offset, end_offset FROM passages ORDER BY file_id, ordinal',
  );
  const vectors = rowsOf<{ id: string }>(state, 'vectors', 'SELECT id FROM vectors').map((row) => row.id);
  let expected = 0;
  for (const { name, bytes } of documents) {
    const file = files.get(name);
    const broken = bytes.length === 2;
    expect([name, file?.status]).toEqual([name, broken ? 'failed' : 'completed']);
    if (broken) {
      expect(file?.reason).toContain('UTF-8');
      continue;
    }
    const blocks = await parseDocument({ filename: name, contentType: '', bytes });
    const chunks = chunk(blocks, autoChunking);
    const found = passages.filter((passage) => passage.file_id === file?.id);
    expect(found.map((passage) => [passage.start_offset, passage.end_offset, passage.text])).toEqual(
      chunks.map((one) => [one.start, one.end, parsedText(blocks).slice(one.start, one.end)]),
    );
    expected += chunks.length;
  }
  expect(passages).toHaveLength(expected);
  expect(vectors.toSorted()).toEqual(passages.map((passage) => passage.id).toSorted());
  console.log(`${expected} passages and as many vectors.`);
}

function rowsOf<Row>(state: string, table: string, query: string): readonly Row[] {
  const names = readdirSync(state, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.sqlite'),
  );
  return names.flatMap((name) => {
    const database = new DatabaseSync(join(state, name), { readOnly: true });
    const has = database.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?").get(table);
    const rows = has === undefined ? [] : (database.prepare(query).all() as Row[]);
    database.close();
    return rows;
  });
}
