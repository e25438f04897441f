import { bootstrapMean, type Interval, wilson } from '../../core/evaluate/statistics/index.ts';
import { meanOf } from '../../core/evaluate/statistics/interval.ts';
import { percentile } from '../percentile.ts';
import type { Conversed } from './converse.ts';
import { heldParts, KINDS, type PageQuestion } from './page-questions.ts';

export interface Share extends Interval {
  readonly of: number;
  /** NaN of nothing. */
  readonly value: number;
}

/** What was measured of a set of questions; each share with its 95 % interval (Wilson; of `parts` a bootstrap's). */
export interface Measured {
  readonly questions: number;
  /** Of the questions that have an answer, false premises included: all its parts stand in the text. */
  readonly allParts: Share;
  /** The mean share of parts, of the same questions. */
  readonly parts: Share;
  /** Of the same questions: declined. */
  readonly wrongDeclines: Share;
  /** Of the questions that have none: declined. */
  readonly rightDeclines: Share;
  /** Of the answers given to questions that have one: some citation is of a page that holds it. */
  readonly goldCited: Share;
  readonly validCitations: Share;
  /** Of all that was shown from marker to marker (`claims.ts`). */
  readonly unsupported: Share;
  /** Median, of the answers given. */
  readonly characters: number;
  readonly p50: number;
  readonly p95: number;
}

export interface Asked {
  readonly question: PageQuestion;
  readonly answer: Conversed;
}

export function measure(asked: readonly Asked[]): Measured {
  const answerable = asked.filter(({ question }) => question.kind !== 'unanswerable');
  const unanswerable = asked.filter(({ question }) => question.kind === 'unanswerable');
  const given = asked.filter(({ answer }) => !answer.declined);
  const share = (of: readonly Asked[], holds: (one: Asked) => boolean): Share =>
    shareOf(of.filter(holds).length, of.length);
  const partial = answerable.map(({ question, answer }) =>
    meanOf(heldParts(question, answer.text).map(Number)),
  );
  const cited = asked.flatMap(({ answer }) => answer.cited);
  const sum = (read: (answer: Conversed) => number) =>
    asked.reduce((total, { answer }) => total + read(answer), 0);
  return {
    questions: asked.length,
    allParts: share(answerable, isComplete),
    parts: {
      of: partial.length,
      value: meanOf(partial),
      ...(partial.length === 0 ? { low: 0, high: 1 } : bootstrapMean(partial)),
    },
    wrongDeclines: share(answerable, ({ answer }) => answer.declined),
    rightDeclines: share(unanswerable, ({ answer }) => answer.declined),
    goldCited: share(
      answerable.filter(({ answer }) => !answer.declined),
      ({ question, answer }) => answer.cited.some(({ page }) => question.pages.includes(page)),
    ),
    validCitations: shareOf(cited.filter(({ valid }) => valid).length, cited.length),
    unsupported: shareOf(
      sum(({ unsupported }) => unsupported.length),
      sum(({ segments }) => segments),
    ),
    characters: percentile(
      given.map(({ answer }) => answer.text.length),
      0.5,
    ),
    p50: percentile(
      asked.map(({ answer }) => answer.milliseconds),
      0.5,
    ),
    p95: percentile(
      asked.map(({ answer }) => answer.milliseconds),
      0.95,
    ),
  };
}

/** A decline that happens to hold the strings is none the less a decline. */
const isComplete = ({ question, answer }: Asked): boolean =>
  !answer.declined && heldParts(question, answer.text).every(Boolean);

const shareOf = (successes: number, of: number): Share => ({
  of,
  value: successes / of,
  ...wilson(successes, of),
});

const HEAD =
  'kind           n    all parts            parts  wrong decl.  right decl.          gold cited  chars   p50 ms  p95 ms';

/** The table: a line a kind, then the whole. */
export function table(asked: readonly Asked[]): string {
  const kinds = KINDS.flatMap((kind) => {
    const own = asked.filter(({ question }) => question.kind === kind);
    return own.length === 0 ? [] : [line(kind, measure(own))];
  });
  return [HEAD, ...kinds, line('ALL', measure(asked))].join('\n');
}

/** The whole alone: what may be said of the held-out half. */
export const wholeTable = (asked: readonly Asked[]): string => [HEAD, line('ALL', measure(asked))].join('\n');

function line(name: string, measured: Measured): string {
  return [
    name.padEnd(13),
    String(measured.questions).padStart(3),
    withInterval(measured.allParts),
    plain(measured.parts).padEnd(5),
    plain(measured.wrongDeclines).padEnd(11),
    withInterval(measured.rightDeclines),
    plain(measured.goldCited).padEnd(10),
    String(measured.characters).padEnd(6),
    measured.p50.toFixed(0).padStart(6),
    measured.p95.toFixed(0).padStart(6),
  ].join('  ');
}

const plain = ({ value, of }: Share): string => (of === 0 ? '' : value.toFixed(3));
const withInterval = (share: Share): string =>
  (share.of === 0 ? '' : `${plain(share)} [${share.low.toFixed(2)}, ${share.high.toFixed(2)}]`).padEnd(19);

/** What the table has no room for. */
export function footnotes(asked: readonly Asked[]): string {
  const { validCitations, unsupported, goldCited } = measure(asked);
  const pipelines = [...new Set(asked.map(({ answer }) => answer.pipeline))];
  return [
    `citations at their offsets   ${count(validCitations)}`,
    `shown but not supported      ${count(unsupported)}`,
    `gold cited                   ${count(goldCited)}`,
    `pipeline                     ${pipelines.join(', ')}`,
  ].join('\n');
}

const count = ({ value, of }: Share): string => `${of === 0 ? 0 : Math.round(value * of)} of ${of}`;

/** Every question that went wrong, with what was wanted and what was said. */
export function failures(asked: readonly Asked[]): string {
  return asked
    .filter(({ question, answer }) =>
      question.kind === 'unanswerable' ? !answer.declined : !isComplete({ question, answer }),
    )
    .map(({ question, answer }) =>
      JSON.stringify({
        id: question.id,
        question: [...(question.before ?? []), question.question].join(' → '),
        answer: answer.text,
        wanted: question.parts,
        held: heldParts(question, answer.text),
        pages: question.pages,
        cited: [...new Set(answer.cited.map(({ page }) => page))],
      }),
    )
    .join('\n');
}
