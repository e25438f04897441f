import type { Asked } from './ask.ts';

export interface Summary {
  readonly answerable: number;
  readonly unanswerable: number;
  /** Share of the answers given to answerable questions that hold a gold answer. */
  readonly held: number;
  /** The same of all answerable questions, declined ones included. */
  readonly heldOfAll: number;
  /** Share of the answerable questions that were declined. */
  readonly declined: number;
  /** Share of the unanswerable ones. */
  readonly declinedRightly: number;
  readonly citations: number;
  readonly valid: number;
}

export function summary(asked: readonly Asked[]): Summary {
  const answerable = asked.filter(({ question }) => question.answerable);
  const unanswerable = asked.filter(({ question }) => !question.answerable);
  const answered = answerable.filter(({ declined }) => !declined);
  const held = answered.filter((one) => one.held).length;
  const sum = (read: (one: Asked) => number) => asked.reduce((total, one) => total + read(one), 0);
  return {
    answerable: answerable.length,
    unanswerable: unanswerable.length,
    held: held / answered.length,
    heldOfAll: held / answerable.length,
    declined: 1 - answered.length / answerable.length,
    declinedRightly: unanswerable.filter(({ declined }) => declined).length / unanswerable.length,
    citations: sum((one) => one.citations),
    valid: sum((one) => one.validCitations),
  };
}
