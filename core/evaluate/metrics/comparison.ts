import { notMeasurable, type Score } from '../score.ts';

type NotMeasurable = Extract<Score, { kind: 'not-measurable' }>;

/** Which slot a judge preferred, by the names that judges are given: A is the slot that is shown first. */
export type Slot = 'A' | 'B' | 'tie';

/**
 * Which of the answers A and B is better, asked in both orders, because judges favour a slot. `slotAB` is the verdict
 * with answer A in slot A, `slotBA` the one with answer B there; a winner names the answer.
 * `strict`: an answer wins in both orders, or it is a tie (MT-Bench, arXiv 2306.05685). `lenient`: a win and a tie are
 * a win as well (JudgeBench, arXiv 2410.12784). Under both, two orders that contradict each other are a tie.
 * `consistent` says whether both orders named the same answer, or both a tie; its share over many pairs is the
 * judge's own health.
 */
export function pairwise(
  slotAB: Slot,
  slotBA: Slot,
  { rule = 'strict' }: { readonly rule?: 'strict' | 'lenient' } = {},
): { readonly winner: Slot; readonly consistent: boolean } {
  const first = answerIn(slotAB, 'A', 'B');
  const second = answerIn(slotBA, 'B', 'A');
  if (first === second) return { winner: first, consistent: true };
  if (rule === 'lenient' && first === 'tie') return { winner: second, consistent: false };
  if (rule === 'lenient' && second === 'tie') return { winner: first, consistent: false };
  return { winner: 'tie', consistent: false };
}

function answerIn(slot: Slot, inA: Slot, inB: Slot): Slot {
  switch (slot) {
    case 'A':
      return inA;
    case 'B':
      return inB;
    case 'tie':
      return slot;
    default:
      throw new RangeError(`Cannot use '${String(slot)}' as a verdict: expected A, B or tie`);
  }
}

/**
 * With what probability each candidate is the parent of the next one (GEPA, arXiv 2507.19457, algorithm 2, as its
 * library removes the dominated). `scores[candidate][case]`, more is better, all candidates over the same cases.
 *
 * A case is led by every candidate that scores best on it. From the worst mean on, a candidate goes if each case that
 * it leads has another leader left; the others are drawn in proportion to the cases that they lead. Those that never
 * are drawn have 0.
 */
export function paretoSelection(
  scores: Readonly<Record<string, readonly number[]>>,
): Readonly<Record<string, number>> | NotMeasurable {
  const candidates = Object.entries(scores);
  const cases = candidates[0]?.[1].length ?? 0;
  for (const [name, own] of candidates) {
    if (own.length !== cases)
      throw new RangeError(`Cannot compare ${own.length} scores of '${name}' with ${cases}`);
    const bad = own.find((score) => !Number.isFinite(score));
    if (bad !== undefined) throw new RangeError(`Cannot use ${bad} as a score of '${name}'`);
  }
  if (cases === 0) return notMeasurable('no candidate has a score');
  const leaders = Array.from({ length: cases }, (_, at) => {
    const best = Math.max(...candidates.map(([, own]) => own[at] ?? Number.NEGATIVE_INFINITY));
    return new Set(candidates.flatMap(([name, own]) => (own[at] === best ? [name] : [])));
  });
  const total = (own: readonly number[]) => own.reduce((sum, score) => sum + score, 0);
  for (const [name] of candidates.toSorted(([, a], [, b]) => total(a) - total(b))) {
    const led = leaders.filter((names) => names.has(name));
    if (led.every((names) => names.size > 1)) for (const names of led) names.delete(name);
  }
  const wins = leaders.reduce((sum, names) => sum + names.size, 0);
  return Object.fromEntries(
    candidates.map(([name]) => [name, leaders.filter((names) => names.has(name)).length / wins]),
  );
}
