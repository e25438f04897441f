import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

/**
 * The numbered rules that heads of files promise, and the tests that prove them.
 *
 * A rule stands in a block comment as ` *  AGT-3 What is promised.`, goes on until the next rule or a blank line, and is
 * cited by a test in its title: `test('AGT-3: …')`. `npm run spec` writes SPEC.md from the heads;
 * `tests/node/specification.test.ts` fails when it is stale, when two rules share an id, and when no test cites one.
 */
export interface Rule {
  readonly id: string;
  readonly text: string;
  /** The file whose head promises it. */
  readonly path: string;
}

/** What each prefix stands for, in the order of SPEC.md. */
const areas = {
  KEY: 'Access',
  LED: 'Budgets and metered work',
  ING: 'Ingestion',
  RET: 'Retrieval',
  ANS: 'Answers',
  MOD: 'Models',
  PRM: 'Prompts',
  AGT: 'Agents',
  EVL: 'Evaluation',
  GAT: 'The gate',
  TRC: 'Traces',
  CON: 'The HTTP contract',
  SEC: 'Security',
  DEP: 'Deployment',
  LOC: 'The local account',
} as const;

/** Two spaces begin a rule in a list of several; a rule alone has a full stop after its id. */
const first = /^\s*(?:\*\s{2,3}|(?:\*|\/\*\*) (?=[A-Z]{3}-\d+\. ))([A-Z]{3}-\d+)[:.]? (.+?)(?: \*\/)?$/;
const more = /^\s*\*\s{2,}(\S.*)$/;

export function rulesIn(path: string, source: string): readonly Rule[] {
  const rules: { id: string; text: string; path: string }[] = [];
  let open = false;
  for (const line of source.split('\n')) {
    const [, id, text] = first.exec(line) ?? [];
    const [, rest] = more.exec(line) ?? [];
    const last = rules.at(-1);
    if (id !== undefined && text !== undefined) rules.push({ id, text, path });
    else if (open && rest !== undefined && last !== undefined) last.text += ` ${rest}`;
    open = id !== undefined || (open && rest !== undefined);
  }
  return rules;
}

const tracked = (...patterns: string[]): readonly string[] =>
  execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', ...patterns], {
    encoding: 'utf8',
  })
    .split('\n')
    .filter((path) => path !== '');

const isTest = (path: string): boolean => /(\.test\.tsx?|test_\w+\.py|-contract\.ts)$/.test(path);

export const allRules = (): readonly Rule[] =>
  tracked('*.ts', '*.tsx')
    .filter((path) => !isTest(path) && path !== 'tests/specification.ts')
    .flatMap((path) => rulesIn(path, readFileSync(path, 'utf8')));

/** The ids that begin titles of tests: `'AGT-3: …'`, `'LED-1, LED-2: …'`. */
export function citedRules(): ReadonlySet<string> {
  const titles = tracked('*.ts', '*.py')
    .filter(isTest)
    .flatMap(
      (path) => readFileSync(path, 'utf8').match(/['"`][A-Z]{3}-\d+(?:(?:, | and )[A-Z]{3}-\d+)*:/g) ?? [],
    );
  return new Set(titles.flatMap((title) => title.match(/[A-Z]{3}-\d+/g) ?? []));
}

export function specification(rules: readonly Rule[]): string {
  const parts = Object.entries(areas).flatMap(([prefix, title]) => {
    const own = rules
      .filter(({ id }) => id.startsWith(`${prefix}-`))
      .sort((a, b) => Number(a.id.slice(4)) - Number(b.id.slice(4)));
    if (own.length === 0) return [];
    const lines = own.map(({ id, text, path }) => `- **${id}** ${text} ([${path}](${path}))`);
    return [`## ${title}\n\n${lines.join('\n')}\n`];
  });
  return [
    '# Specification\n',
    'What Selvedge promises, rule by rule. Made from the heads of the files by `npm run spec`; each rule is proved by a test',
    'that has its number in the title, and a test fails when one is not.\n',
    parts.join('\n'),
  ].join('\n');
}

export const unknownPrefixes = (rules: readonly Rule[]): readonly string[] =>
  rules.map(({ id }) => id).filter((id) => !(id.slice(0, 3) in areas));

if (import.meta.main) writeFileSync('SPEC.md', specification(allRules()));
