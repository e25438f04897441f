import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startCheckedService } from './checked-service.ts';
import type { Service } from './service.ts';

let service: Service;

beforeAll(async () => {
  service = await startCheckedService({ environment: { SELVEDGE_SAMPLE: 'on' } });
});
afterAll(() => service?.stop());

interface Block {
  readonly language: string;
  readonly text: string;
}

const blocksOf = (markdown: string): readonly Block[] =>
  [...markdown.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(([, language, text]) => ({
    language: language ?? '',
    text: text ?? '',
  }));

/** One shell for the whole page, as a reader has it; each block's output ends at a line of our own. */
function script(blocks: readonly Block[], marker: string): string {
  return blocks
    .filter((block) => block.language === 'sh')
    .map((block) => `${block.text}\necho ${marker}`)
    .join('\n')
    .replace('http://localhost:8787', '"$TUTORIAL_URL"');
}

/** What a command prints; rejects with all of it where the command fails. */
const run = (command: string, ...args: readonly string[]): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      env: { ...process.env, TUTORIAL_URL: service.url },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    let errors = '';
    child.stdout.on('data', (piece) => (output += piece));
    child.stderr.on('data', (piece) => (errors += piece));
    child.on('close', (code) =>
      code === 0 ? resolve(output) : reject(new Error(`exit ${code}\n${output}\n${errors}`)),
    );
  });

const pattern = (line: string): RegExp =>
  new RegExp(
    `^${line
      .split('…')
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
    'm',
  );

test('every block of the tutorial runs, and prints what the page says it prints', async () => {
  const blocks = blocksOf(await readFile('docs/tutorials/first-answer.md', 'utf8'));
  const marker = '--- next block ---';
  const outputs = (await run('bash', '-euo', 'pipefail', '-c', script(blocks, `'${marker}'`))).split(
    `${marker}\n`,
  );
  let place = -1;
  for (const block of blocks) {
    if (block.language === 'sh') place += 1;
    if (block.language !== 'text') continue;
    for (const line of block.text.trimEnd().split('\n')) {
      expect(outputs[place], `block ${place + 1} of docs/tutorials/first-answer.md`).toMatch(pattern(line));
    }
  }
  expect(place).toBeGreaterThan(5);
});

test('the ten lines of the README run as they are printed', async () => {
  const example = blocksOf(await readFile('README.md', 'utf8')).find((block) => block.language === 'ts');
  expect(example?.text).toContain('http://localhost:8787');
  const here = example?.text.replace('http://localhost:8787', service.url) ?? '';
  const output = await run('node', '--input-type=module', '--eval', here);
  expect(output).toContain('30 days');
  expect(output).toContain("type: 'file_citation'");
  expect(output).toContain("filename: 'team-handbook.pdf'");
});
