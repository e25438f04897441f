import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { errorMessage } from '../core/error-message.ts';
import { CannotInstall } from '../tests/install.ts';
import { askCases, findCases, type Outcome } from './documents/ask-cases.ts';
import { makeFiles, readCases } from './documents/cases.ts';
import { characterError } from './documents/character-error.ts';
import { ocr } from './documents/ocr-reader.ts';
import { casesPython, type PeerName, peerNames, peerReader } from './documents/peer.ts';
import { pageCount, type Reader, type Reading, type ReadingTask, selvedge } from './documents/reader.ts';
import { scoreTables, scoreTexts } from './documents/score.ts';
import { progressOn } from './retrieval/progress.ts';
import { withService } from './service.ts';

/**
 * `npm run bench:documents -- [--parts passages,tables,layout,cases] [--peers markitdown,docling,…] [--files TEXT]`
 *
 * How documents are read. `passages` reads the files of the ingestion cases in this process and looks whether some
 * passage holds the text that a question is after (seconds); `cases` uploads them with the official client and asks
 * (minutes): the quote must hold the text, on the right page. `tables` scores pdf-icdar-eu, `layout` the reading order
 * and text of pdf-layout-dev; both say pages a second. Every miss is printed with what came back.
 *
 * `--peers` reads the same files with other readers in the same run, from PyPI into the user's cache; `ocr` is our own OCR
 * of every page, also of those that have text. In `cases` their
 * Markdown is uploaded in the files' place, so that all else is equal.
 *
 * `SELVEDGE_DATA` is the folder of the collections; the cases and the scores' script lie in `tools` beside it.
 */
const { values: options } = parseArgs({
  options: {
    parts: { type: 'string', default: 'passages,tables,layout' },
    peers: { type: 'string', default: '' },
    /** Only files whose name contains this. */
    files: { type: 'string', default: '' },
    /** Another set of cases: a folder with make.py and cases.json. */
    set: { type: 'string' },
    url: { type: 'string' },
    key: { type: 'string', default: 'sk-local' },
  },
});

const progress = progressOn(process.stderr, Date.now);
const data = resolve(process.env.SELVEDGE_DATA ?? '../shared/data');
const tools = join(data, '../tools');
const script = join(tools, 'table_score.py');

const parts = { passages, tables, layout, cases };
type Part = keyof typeof parts;

if (!existsSync(data)) {
  console.log(`Skipped: there are no collections at ${data}; SELVEDGE_DATA names their folder.`);
} else {
  for (const part of chosen('parts', options.parts, Object.keys(parts) as readonly Part[]))
    await parts[part]();
}

function readers(): readonly Reader[] {
  const known: readonly (PeerName | 'ocr')[] = ['ocr', ...peerNames];
  return [
    selvedge,
    ...chosen('peers', options.peers, known).map((name) => (name === 'ocr' ? ocr : peerReader(name))),
  ];
}

function chosen<Name extends string>(option: string, list: string, known: readonly Name[]): readonly Name[] {
  return list
    .split(',')
    .filter((name) => name !== '')
    .map((name) => {
      const one = known.find((each) => each === name);
      if (one === undefined) {
        throw new Error(`--${option} takes ${known.join(', ')}; '${name}' is not one of them.`);
      }
      return one;
    });
}

async function caseFiles() {
  const set = options.set ?? join(tools, 'ingestion_cases');
  const all = await readCases(set);
  return {
    folder: await makeFiles(set, await casesPython()),
    cases: all.filter(({ file }) => file.includes(options.files)),
  };
}

async function passages(): Promise<void> {
  const { folder, cases } = await caseFiles();
  report('passages, selvedge', await findCases(folder, cases));
}

async function cases(): Promise<void> {
  const { folder, cases } = await caseFiles();
  await withService({ url: options.url, key: options.key }, async (client) => {
    report('cases, selvedge', await askCases(client, folder, cases, progress));
    for (const peer of readers().slice(1)) {
      const paths = [...new Set(cases.map(({ file }) => join(folder, file)))];
      const readings = await readAll(peer, paths, 'text');
      if (readings === null) continue;
      const byFile = new Map(readings.map((reading) => [reading.file, reading] as const));
      report(`cases, ${peer.name}`, await askCases(client, folder, cases, progress, byFile));
    }
  });
}

function report(label: string, outcomes: readonly Outcome[]): void {
  const missed = outcomes.filter(({ fault }) => fault !== null);
  console.log(`\n${label}: ${outcomes.length - missed.length} of ${outcomes.length}`);
  for (const { case: one, fault } of missed) {
    const page = one.page === null ? '' : `, page ${one.page}`;
    console.log(`  ${one.file}  ${one.question}  ("${one.held}"${page})\n      ${fault}`);
  }
}

async function tables(): Promise<void> {
  const folder = join(data, 'pdf-icdar-eu');
  const paths = await pdfsOf(join(folder, 'pdf'));
  console.log(`\ntables, pdf-icdar-eu: ${paths.length} files, ${await pagesOf(paths)} pages`);
  console.log('             F1      precision  recall  F1 a file  cells   found   pages/s');
  for (const reader of readers()) {
    const readings = await readAll(reader, paths, 'tables');
    if (readings === null) continue;
    const score = await scoreTables(script, join(folder, 'tables.jsonl'), readings);
    const figures = ['f1', 'precision', 'recall', 'f1_macro']
      .map((name) => score.get(`relation_${name}`))
      .concat(score.get('cell_recall'), score.get('tables_found'));
    console.log(
      `${reader.name.padEnd(11)}  ${figures.map((value) => value?.toFixed(4)).join('  ')}  ${await speed(readings, paths)}`,
    );
    reportErrors(readings);
  }
}

async function layout(): Promise<void> {
  const folder = join(data, 'pdf-layout-dev');
  const paths = await pdfsOf(folder);
  const isScan = (path: string): boolean => basename(path).startsWith('ocr_');
  for (const [kind, some] of [
    ['born-digital', paths.filter((path) => !isScan(path))],
    ['scans', paths.filter(isScan)],
  ] as const) {
    console.log(`\nlayout, pdf-layout-dev, ${kind}: ${some.length} files, ${await pagesOf(some)} pages`);
    console.log('             NID     word F1  pages/s');
    for (const reader of readers()) {
      const readings = await readAll(reader, some, 'text');
      if (readings === null) continue;
      const all = await scoreTexts(script, folder, readings);
      const scores = readings.flatMap(({ file }) => {
        const name = file.replace(/\.pdf$/, '');
        const score = all.get(name);
        return score === undefined ? [] : [{ name, ...score }];
      });
      const mean = (values: readonly number[]) => values.reduce((sum, one) => sum + one, 0) / values.length;
      console.log(
        `${reader.name.padEnd(11)}  ${mean(scores.map(({ nid }) => nid)).toFixed(4)}  ${mean(scores.map(({ wordF1 }) => wordF1)).toFixed(4)}   ${await speed(readings, some)}`,
      );
      for (const { name, nid, wordF1 } of scores) {
        const read = readings.find(({ file }) => file === `${name}.pdf`)?.markdown ?? '';
        const truth = await readFile(join(folder, `${name}.expected.md`), 'utf8');
        const error =
          kind === 'scans' ? `  character error ${(characterError(read, truth) * 100).toFixed(2)} %` : '';
        console.log(`  ${name.padEnd(28)}  ${nid.toFixed(4)}  ${wordF1.toFixed(4)}${error}`);
      }
      reportErrors(readings);
    }
  }
}

/** Null where the reader cannot run here; the reason is printed. */
async function readAll(
  reader: Reader,
  paths: readonly string[],
  task: ReadingTask,
): Promise<readonly Reading[] | null> {
  const readings: Reading[] = [];
  try {
    for await (const reading of reader.read(paths, task)) {
      readings.push(reading);
      progress.show(`${reader.name}: ${readings.length} of ${paths.length}`);
    }
    return readings;
  } catch (error) {
    if (reader === selvedge) throw error;
    const what = error instanceof CannotInstall ? 'cannot be installed' : 'cannot run';
    console.log(`${reader.name.padEnd(11)}  ${what} here: ${errorMessage(error)}`);
    return null;
  } finally {
    progress.show('');
  }
}

function reportErrors(readings: readonly Reading[]): void {
  for (const { file, error } of readings) if (error !== null) console.log(`  ${file}: ${error}`);
}

async function pdfsOf(folder: string): Promise<readonly string[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.pdf')).toSorted();
  return names.filter((name) => name.includes(options.files)).map((name) => join(folder, name));
}

async function pagesOf(paths: readonly string[]): Promise<number> {
  let pages = 0;
  for (const path of paths) pages += await pageCount(path);
  return pages;
}

/** Pages of the files that were read, by the time that reading took. */
async function speed(readings: readonly Reading[], paths: readonly string[]): Promise<string> {
  const read = new Map(readings.map(({ file, error }) => [file, error === null] as const));
  const pages = await pagesOf(paths.filter((path) => read.get(basename(path)) === true));
  const seconds = readings.reduce((sum, { error, seconds }) => sum + (error === null ? seconds : 0), 0);
  return (pages / seconds).toFixed(1);
}
