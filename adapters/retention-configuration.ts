import { z } from 'zod';
import { type AgingKind, agingKinds, type Retention } from '../core/retention.ts';

/** How many days each kind stays where nobody says otherwise: cost for a year and a month, answers as long as OpenAI's. */
const defaultDays: Retention = { spans: 30, requests: 400, responses: 30, evaluations: 400, feedback: 400 };

const days = z.int().min(1).max(36_500);

/** `keepDays` of app/selvedge.config.ts. */
export const KeepDays = z.partialRecord(z.enum(agingKinds), days);
export type KeepDays = Readonly<Partial<Record<AgingKind, number>>>;

/** The environment variable that is laid over each kind's days in the configuration. */
const variables = {
  spans: 'KEEP_SPANS_DAYS',
  requests: 'KEEP_REQUESTS_DAYS',
  responses: 'KEEP_RESPONSES_DAYS',
  evaluations: 'KEEP_EVALUATIONS_DAYS',
  feedback: 'KEEP_FEEDBACK_DAYS',
} as const satisfies Record<AgingKind, string>;

export const retentionVariables = Object.values(variables);
export type RetentionVariables = Readonly<Partial<Record<(typeof retentionVariables)[number], string>>>;

/**
 *  DEP-11 Days that rows stay: a variable of the environment goes before `keepDays` of the configuration, and that before
 *         the default. Empty counts as unset.
 *  DEP-12 Where one of them is no whole number of days, nothing is deleted rather than too much.
 *
 * @throws Error with the variable's name where it is no whole number of days.
 */
export function configuredRetention(env: RetentionVariables, own: KeepDays = {}): Retention {
  const read = (kind: AgingKind): number => {
    const text = env[variables[kind]] ?? '';
    if (text === '') return own[kind] ?? defaultDays[kind];
    const parsed = days.safeParse(Number(text));
    if (parsed.success) return parsed.data;
    throw new Error(
      `No rows are deleted until this setting is valid: ${variables[kind]} is '${text}'; expected a whole number of days from 1 to 36500.`,
    );
  };
  return {
    spans: read('spans'),
    requests: read('requests'),
    responses: read('responses'),
    evaluations: read('evaluations'),
    feedback: read('feedback'),
  };
}
