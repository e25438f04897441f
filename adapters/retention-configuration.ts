import { z } from 'zod';
import type { Retention } from '../core/retention.ts';
import type { Environment } from './environment.ts';

const days = z.coerce.number().int().min(1).max(36_500);

const configuration = z.object({
  KEEP_SPANS_DAYS: days,
  KEEP_REQUESTS_DAYS: days,
  KEEP_RESPONSES_DAYS: days,
  KEEP_EVALUATIONS_DAYS: days,
  KEEP_FEEDBACK_DAYS: days,
});

/** Throws with the variable's name on what is no whole number of days: rather nothing is deleted than too much. */
export function configuredRetention(env: Environment): Retention {
  const parsed = configuration.safeParse(env);
  if (!parsed.success)
    throw new Error(`No rows are deleted until these settings are valid: ${z.prettifyError(parsed.error)}`);
  const { data } = parsed;
  return {
    spans: data.KEEP_SPANS_DAYS,
    requests: data.KEEP_REQUESTS_DAYS,
    responses: data.KEEP_RESPONSES_DAYS,
    evaluations: data.KEEP_EVALUATIONS_DAYS,
    feedback: data.KEEP_FEEDBACK_DAYS,
  };
}
