import { invalid } from '../failure.ts';
import { speaksOpenAi, type Target } from '../models/catalogue.ts';
import type { PassedOn } from '../models/provider.ts';

/** One field that tunes or annotates: its path in the caller's dialect, and its name in the one of the targets. */
export interface TuningField {
  readonly field: string;
  readonly as: string;
  readonly value: unknown;
}

/** What a request says beyond what every target can be told, sorted by the dialect's table of fields (CON-3). */
export interface Extras {
  readonly tuning: readonly TuningField[];
  /** Undocumented fields. */
  readonly unknown: PassedOn;
  /** Fields without effect here, by their path. */
  readonly noted: readonly string[];
}

export const noExtras: Extras = { tuning: [], unknown: {}, noted: [] };

/**
 * An undocumented field needs a target that speaks OpenAI's dialect, and a request that OpenAI could be sent: one
 * without documents. @throws Failure `invalid_request` that names the field.
 */
export function refuseUnknown({ unknown }: Extras): void {
  const [field] = Object.keys(unknown);
  if (field === undefined) return;
  throw invalid(
    field,
    `Unknown field '${field}' in the body. Only a model behind OpenAI's own API or one like it is passed such fields, and only without documents.`,
  );
}

/**
 * What a target is told of them, and which fields the answer must name as ignored: the same body has the same result
 * on every kind of target. @throws Failure as `refuseUnknown`.
 */
export function extrasFor(
  extras: Extras,
  target: Target,
): { readonly passedOn: PassedOn; readonly ignored: readonly string[] } {
  if (!speaksOpenAi(target)) {
    refuseUnknown(extras);
    return { passedOn: {}, ignored: [...extras.tuning.map(({ field }) => field), ...extras.noted] };
  }
  const tuning = Object.fromEntries(extras.tuning.map(({ as, value }) => [as, value]));
  return { passedOn: { ...extras.unknown, ...tuning }, ignored: extras.noted };
}
