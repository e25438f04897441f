/**
 * `npm run --silent gate -- --baseline FILE --candidate FILE --margin X [--alpha .05]`
 *
 * Exit 0 PASS, 1 FAIL, 3 UNDECIDED, 2 unusable input. The table is for people; the last line on standard
 * output is JSON for machines. The rule stands in `core/evaluate/gate.ts`; what two runs must share to be
 * compared in `core/evaluate/provenance.ts`, where both files begin with a line that says what was run.
 */

import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { errorMessage } from '../core/error-message.ts';
import { type GateReport, gate, type Verdict } from '../core/evaluate/gate.ts';
import { type Changes, compareRuns } from '../core/evaluate/provenance.ts';
import { parseResults, type Results } from './results.ts';

const exitCodes: Readonly<Record<Verdict, number>> = { PASS: 0, FAIL: 1, UNDECIDED: 3 };
const UNUSABLE = 2;

function number(
  name: string,
  text: string | undefined,
  fits: (value: number) => boolean,
  range: string,
): number {
  const value = text === undefined || text.trim() === '' ? Number.NaN : Number(text);
  if (!Number.isFinite(value) || !fits(value)) throw new Error(`--${name} must be a number ${range}`);
  return value;
}

function results(name: string, path: string | undefined): Results {
  if (path === undefined) throw new Error(`--${name} FILE is missing`);
  return parseResults(readFileSync(path, 'utf8'), path);
}

interface Judgement extends GateReport {
  /** Null where a file does not say what was run. */
  readonly changed: Changes | null;
}

function judge(): Judgement {
  const { values } = parseArgs({
    options: {
      baseline: { type: 'string' },
      candidate: { type: 'string' },
      margin: { type: 'string' },
      alpha: { type: 'string', default: '0.05' },
    },
  });
  const margin = number('margin', values.margin, (value) => value >= 0, 'of 0 or more');
  const alpha = number('alpha', values.alpha, (value) => value > 0 && value < 1, 'between 0 and 1');
  const baseline = results('baseline', values.baseline);
  const candidate = results('candidate', values.candidate);
  const changed =
    baseline.run === null || candidate.run === null ? null : compareRuns(baseline.run, candidate.run);
  return { ...gate(baseline.scores, candidate.scores, { margin, alpha }), changed };
}

const shown = (value: number | null): string =>
  (value === null ? '–' : `${value >= 0 ? '+' : ''}${value.toFixed(4)}`).padStart(9);

function print({ verdict, metrics, changed }: Judgement): void {
  for (const [what, { from, to }] of Object.entries(changed ?? {})) {
    console.log(`${what} changed: ${from ?? 'not recorded'} → ${to ?? 'not recorded'}`);
  }
  console.log(`${'metric'.padEnd(24)} pairs difference       low      high  needed  lost`);
  for (const metric of metrics) {
    const { missing, errors, of } = metric.lost;
    console.log(
      [
        metric.metric.padEnd(24),
        String(metric.n).padStart(5),
        ` ${shown(metric.difference)}`,
        shown(metric.low),
        shown(metric.high),
        String(metric.neededN ?? '–').padStart(7),
        ` ${missing + errors} of ${of}`,
        metric.verdict,
      ].join(' '),
    );
  }
  console.log(
    JSON.stringify({
      verdict,
      metrics: metrics.map(({ metric, n, difference, low, high, neededN, lost, verdict: own }) => ({
        metric,
        n,
        difference,
        low,
        high,
        needed_n: neededN,
        lost,
        verdict: own,
      })),
      ...(changed === null ? {} : { changed }),
    }),
  );
}

try {
  const report = judge();
  print(report);
  process.exitCode = exitCodes[report.verdict];
} catch (error) {
  const reason = errorMessage(error);
  console.error(`gate: ${reason}`);
  console.log(JSON.stringify({ verdict: 'UNUSABLE', metrics: [], reason }));
  process.exitCode = UNUSABLE;
}
