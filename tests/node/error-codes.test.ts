import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { errorCodes } from '../../workers/http/error-codes.ts';

test('the document of errors has the line of every code', () => {
  const document = readFileSync('docs/reference/errors.md', 'utf8');
  const lines = document.split('\n').filter((line) => line.startsWith('| <a id='));
  const expected = Object.entries(errorCodes).map(
    ([code, { status, means, remedy }]) =>
      `| <a id="${code}"></a>\`${code}\` | ${status} | ${means} | ${remedy} |`,
  );
  expect(lines).toEqual(expected);
});

/** Stands on the row of a document (`last_error.reason`), and is no answer to a request. */
const ofDocuments = ['interrupted', 'budget_exceeded', 'key_revoked'];

/** A reason that the code gives a failure is a code that callers see. */
test('every reason that a failure is given has a line', () => {
  const sources = execFileSync('git', ['ls-files', 'core', 'adapters', 'workers', 'durable-objects'], {
    encoding: 'utf8',
  })
    .trim()
    .split('\n')
    .filter((path) => /(?<!\.test)\.ts$/.test(path));
  const reasons = sources.flatMap((path) =>
    [...readFileSync(path, 'utf8').matchAll(/new Failure\([^;]*?reason: '(\w+)'/g)].map(
      ([, reason]) => reason,
    ),
  );
  expect(reasons).toContain('last_admin_key');
  expect(reasons.filter((reason = '') => !(reason in errorCodes) && !ofDocuments.includes(reason))).toEqual(
    [],
  );
});

test('every reason of a document and every code of a run has a line', () => {
  const document = readFileSync('docs/reference/errors.md', 'utf8');
  const refusals = readFileSync('core/ingest/refusal.ts', 'utf8').split('export const')[0] ?? '';
  const engine = ['advance', 'decide']
    .map((name) => readFileSync(`core/agent/${name}.ts`, 'utf8'))
    .join('\n');
  const reasons = [...refusals.matchAll(/\| '(\w+)'/g)].map(([, reason]) => reason);
  const codes = [...engine.matchAll(/(?:code: |\bfailure\(\s*)'(\w+)'/g)].map(([, code]) => code);
  expect(reasons).toContain('needs_ocr');
  expect(codes).toContain('not_recorded');
  expect(codes).toContain('agent_missing');
  const wanted = [...ofDocuments, ...reasons, ...codes];
  expect(wanted.filter((code) => !document.includes(`id="${code}"`))).toEqual([]);
});
