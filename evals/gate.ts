/**
 * `npm run --silent gate -- --baseline FILE --candidate FILE --margin X [--alpha .05]`
 *
 * Exit 0 PASS, 1 FAIL, 3 UNDECIDED, 2 unusable input. The table is for people; the last line on standard
 * output is JSON for machines. The rule stands in `core/evaluate/gate.ts`.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type GateReport, gate, type Verdict } from '../core/evaluate/gate.ts';
import { parseResults } from './results.ts';

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

function results(name: string, path: string | undefined) {
  if (path === undefined) throw new Error(`--${name} FILE is missing`);
  return parseResults(readFileSync(path, 'utf8'), path);
}

function judge(): GateReport {
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
  return gate(results('baseline', values.baseline), results('candidate', values.candidate), {
    margin,
    alpha,
  });
}

const shown = (value: number | null): string =>
  (value === null ? '–' : `${value >= 0 ? '+' : ''}${value.toFixed(4)}`).padStart(9);

function print({ verdict, metrics }: GateReport): void {
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
    }),
  );
}

try {
  const report = judge();
  print(report);
  process.exitCode = exitCodes[report.verdict];
} catch (error) {
  const reason = error instanceof Error ? error.message : String(error);
  console.error(`gate: ${reason}`);
  console.log(JSON.stringify({ verdict: 'UNUSABLE', metrics: [], reason }));
  process.exitCode = UNUSABLE;
}
