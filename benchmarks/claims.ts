import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { wilson } from '../core/evaluate/statistics/index.ts';
import { productCheck } from './claims/checks.ts';
import { type Claim, HALVES, readClaims, readHaluEval, readWice } from './claims/pairs.ts';

/**
 * `npm run bench:claims [-- --half tuning|held-out --failures]`
 *
 * The check of written sentences (`core/answer/evidence.ts`) against our adversarial pairs, by kind: how many lies it lets
 * pass (missed) and how many true restatements it refuses (false alarms); then against WiCE and HaluEval where `SELVEDGE_DATA`
 * has them. The held-out half is reported as a whole. In process, no service, no model.
 */
const { values: options } = parseArgs({
  options: {
    half: { type: 'string', default: 'tuning' },
    /** Prints each sentence on which the check was wrong. */
    failures: { type: 'boolean', default: false },
  },
});

const data = resolve(process.env.SELVEDGE_DATA ?? '../shared/data');
const half = HALVES.find((each) => each === options.half);
if (half === undefined) throw new Error(`--half is '${options.half}'; expected ${HALVES.join(' or ')}.`);

const claims = await readClaims(half);
console.log(`our pairs, ${half}`);
report(claims, half === 'tuning');
const others = [
  ['faith-wice-dev', 'oracle_chunks.jsonl', readWice],
  ['faith-halueval-qa', 'pairs.jsonl', readHaluEval],
] as const;
for (const [folder, file, read] of others) {
  const path = join(data, folder, file);
  console.log(`\n${folder}`);
  if (existsSync(path)) report(await read(path), true);
  else console.log('not there: SELVEDGE_DATA names the folder of the collections');
}

function report(all: readonly Claim[], byKind: boolean): void {
  const checked = all.map((claim) => ({ ...claim, shown: productCheck(claim) }));
  for (const supported of [false, true]) {
    const own = checked.filter((claim) => claim.supported === supported);
    console.log(supported ? '  false alarms: true, and refused' : '  missed: not supported, and shown');
    for (const kind of byKind ? [...new Set(own.map((claim) => claim.kind))].toSorted() : []) {
      line(
        kind,
        own.filter((claim) => claim.kind === kind),
      );
    }
    line('ALL', own);
    for (const { kind, sentence, evidence, shown } of options.failures && byKind ? own : []) {
      if (shown !== supported) console.log(JSON.stringify({ kind, sentence, evidence }));
    }
  }
}

function line(
  name: string,
  claims: readonly { readonly shown: boolean; readonly supported: boolean }[],
): void {
  const wrong = claims.filter(({ shown, supported }) => shown !== supported).length;
  const { low, high } = wilson(wrong, claims.length);
  const share = (wrong / claims.length).toFixed(3);
  console.log(
    `    ${name.padEnd(20)} ${String(wrong).padStart(4)} of ${String(claims.length).padEnd(5)} ${share} [${low.toFixed(2)}, ${high.toFixed(2)}]`,
  );
}
