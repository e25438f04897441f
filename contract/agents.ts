import { z } from 'zod';
import { InterruptAnswer } from './interrupts.ts';
import { JsonObject } from './json.ts';
import { Cursor, Paging, pageOf, Time } from './paging.ts';

/** Any JSON, as a run holds it. */
const Value = z.unknown();
const State = z.record(z.string(), Value).readonly();

export const Agent = z
  .object({
    name: z.string(),
    title: z.string(),
    description: z.string(),
    input_schema: z.record(z.string(), z.unknown()).readonly(),
  })
  .meta({ id: 'Agent' });
export type Agent = z.infer<typeof Agent>;

/** An agent that could not be loaded, with the reason; the others work. */
export const BrokenAgent = z.object({ name: z.string(), error: z.string() }).meta({ id: 'BrokenAgent' });
export type BrokenAgent = z.infer<typeof BrokenAgent>;

export const AgentList = z
  .object({ data: z.array(Agent), broken: z.array(BrokenAgent) })
  .meta({ id: 'AgentList' });
export type AgentList = z.infer<typeof AgentList>;

export const RunStatus = z.enum(['running', 'interrupted', 'completed', 'failed', 'cancelled', 'stranded']);
export type RunStatus = z.infer<typeof RunStatus>;

export const StartRunRequest = z
  .strictObject({ input: JsonObject, thread_id: z.string().min(1).max(200).optional() })
  .meta({ id: 'StartRunRequest' });
export type StartRunRequest = z.infer<typeof StartRunRequest>;

const Step = z.int().min(1);

export const ForkRequest = z
  .strictObject({
    step: Step,
    state: JsonObject.optional(),
    effects: z.enum(['reuse', 'rerun', 'ask']).default('reuse'),
  })
  .meta({ id: 'ForkRequest' });
export type ForkRequest = z.infer<typeof ForkRequest>;

export const ReplayRequest = z
  .strictObject({ step: Step.optional(), mode: z.enum(['recorded', 'live']) })
  .meta({ id: 'ReplayRequest' });
export type ReplayRequest = z.infer<typeof ReplayRequest>;

export const RunError = z.object({ code: z.string(), message: z.string() });

const summary = {
  id: z.string(),
  agent: z.string(),
  thread_id: z.string(),
  status: RunStatus,
  /** The number of the last step; 0 before the first. */
  step: z.int(),
  error: RunError.optional(),
  forked_from: z.object({ run_id: z.string(), step: z.int() }).optional(),
  created_at: Time,
};

export const RunSummary = z.object(summary).meta({ id: 'RunSummary' });
export type RunSummary = z.infer<typeof RunSummary>;

export const RunList = pageOf(RunSummary).meta({ id: 'RunList' });
export type RunList = z.infer<typeof RunList>;

export const RunQuery = Paging.extend({
  agent: z.string().optional(),
  thread_id: z.string().optional(),
  status: RunStatus.optional(),
});

export const Run = z
  .object({
    ...summary,
    state: State,
    /** The ids of the interrupts that it waits for. */
    interrupts: z.array(z.string()).readonly(),
    /** Of a completed run. */
    output: Value.optional(),
    /** Of a run that makes no progress: attempts at the next step, how the last one failed, and when the next begins. */
    attempts: z.int().optional(),
    last_error: RunError.extend({ at: Time }).optional(),
    next_attempt_at: Time.optional(),
  })
  .meta({ id: 'Run' });
export type Run = z.infer<typeof Run>;

const Effect = z.object({
  /** `run:step:node:name`, the same in every attempt. */
  key: z.string(),
  step: z.int(),
  node: z.string(),
  name: z.string(),
  tool: z.string().optional(),
  outcome: z.enum(['done', 'reused', 'uncertain', 'failed']),
  attempts: z.int().optional(),
  args: Value.optional(),
  result: Value.optional(),
  /** What was too long for this page. */
  omitted: z
    .array(z.enum(['args', 'result']))
    .readonly()
    .optional(),
  error: RunError.optional(),
  duration_ms: z.number().optional(),
  at: Time.optional(),
});
export type Effect = z.infer<typeof Effect>;

export const HistoryStep = z
  .object({
    step: z.int(),
    node: z.string(),
    parent: z.int().nullable(),
    state: State,
    effects: z.array(Effect).readonly(),
    /** The last of `answers`. */
    answer: InterruptAnswer.optional(),
    answers: z
      .array(
        InterruptAnswer.extend({
          interrupt_id: z.string(),
          name: z.string(),
          kind: z.string(),
          message: z.string(),
          omitted: z
            .array(z.enum(['args', 'value']))
            .readonly()
            .optional(),
        }),
      )
      .readonly(),
    at: Time,
  })
  .meta({ id: 'HistoryStep' });
export type HistoryStep = z.infer<typeof HistoryStep>;

export const History = pageOf(HistoryStep).meta({ id: 'History' });
export type History = z.infer<typeof History>;

/** `after` is the number of a step. */
export const HistoryQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(100),
  after: Cursor.pipe(z.coerce.number<string>().int().min(1)).optional(),
  order: z.enum(['asc', 'desc']).default('asc'),
});
