import { canonicalJson } from '../../canonical-json.ts';
import { notMeasurable, type Score } from '../score.ts';

type NotMeasurable = Extract<Score, { kind: 'not-measurable' }>;

export interface ToolCall {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/**
 * F1 of tool calls, where a call is right when name and arguments are, in any order and each as often as it is
 * expected. Not measurable when none was expected and none made.
 */
export function toolCallF1(
  expected: readonly ToolCall[],
  actual: readonly ToolCall[],
): number | NotMeasurable {
  if (expected.length + actual.length === 0) return notMeasurable('no tool call was expected or made');
  const open = expected.map(({ name, args }) => canonicalJson([name, args]));
  let right = 0;
  for (const { name, args } of actual) {
    const place = open.indexOf(canonicalJson([name, args]));
    if (place < 0) continue;
    open.splice(place, 1);
    right += 1;
  }
  return (2 * right) / (expected.length + actual.length);
}

/**
 * The mean share of right arguments over the expected calls, if the tools called are the expected ones in the
 * expected order (or in any order without `strictOrder`), else 0 (RAGAS' tool call accuracy).
 */
export function toolCallAccuracy(
  expected: readonly ToolCall[],
  actual: readonly ToolCall[],
  { strictOrder = true }: { readonly strictOrder?: boolean } = {},
): number | NotMeasurable {
  if (expected.length + actual.length === 0) return notMeasurable('no tool call was expected or made');
  if (expected.length !== actual.length) return 0;
  const arranged = (calls: readonly ToolCall[]) =>
    strictOrder
      ? calls
      : calls.toSorted((a, b) =>
          canonicalJson([a.name, a.args]) < canonicalJson([b.name, b.args]) ? -1 : 1,
        );
  const [wanted, made] = [arranged(expected), arranged(actual)];
  const shares = wanted.map((call, index) => {
    const other = made[index];
    return other === undefined || other.name !== call.name ? null : argumentShare(call.args, other.args);
  });
  if (shares.includes(null)) return 0;
  return shares.reduce<number>((sum, share) => sum + (share ?? 0), 0) / expected.length;
}

function argumentShare(expected: ToolCall['args'], actual: ToolCall['args']): number {
  const names = Object.keys(expected);
  if (names.length === 0) return Object.keys(actual).length === 0 ? 1 : 0;
  const right = names.filter((name) => canonicalJson(expected[name]) === canonicalJson(actual[name]));
  return right.length / names.length;
}
