import type {
  Agent,
  ForkRequest,
  HistoryStep,
  ReplayRequest,
  Run,
  RunSummary,
  StartRunRequest,
} from '../agents.ts';
import type { AnsweredInterrupt, AnswerInterruptRequest, Interrupt } from '../interrupts.ts';
import { at, ids, later } from './ids.ts';

const input_schema = {
  type: 'object',
  required: ['order', 'amount'],
  properties: { order: { type: 'string' }, amount: { type: 'number', exclusiveMinimum: 0 } },
};

export const agent: Agent = {
  name: 'example-refund',
  title: 'Refund',
  description: 'Refunds an order; a person approves what is above the limit.',
  input_schema,
};

export const startRunRequest: StartRunRequest = {
  input: { order: 'A-1042', amount: 120 },
  thread_id: 'customer-77',
};

export const runSummary: RunSummary = {
  id: ids.run,
  agent: 'example-refund',
  thread_id: 'customer-77',
  status: 'interrupted',
  step: 1,
  created_at: at,
};

export const run: Run = {
  ...runSummary,
  state: { order: 'A-1042', amount: 120 },
  interrupts: [ids.interrupt],
};

export const forkRequest: ForkRequest = { step: 1, state: { amount: 20 }, effects: 'ask' };
export const replayRequest: ReplayRequest = { mode: 'recorded' };

export const forkedRun: Run = {
  ...run,
  id: 'run_00d1c2b3a4958677.6b5c4d3e2f105b6c',
  status: 'running',
  interrupts: [],
  attempts: 0,
  forked_from: { run_id: ids.run, step: 1 },
};

export const cancelledRun: Run = { ...run, status: 'cancelled', interrupts: [] };

export const historyStep: HistoryStep = {
  step: 1,
  node: 'check',
  parent: null,
  state: { order: 'A-1042', amount: 120 },
  effects: [
    {
      key: `${ids.run}:1:check:look_up`,
      step: 1,
      node: 'check',
      name: 'look_up',
      tool: 'look_up',
      outcome: 'done',
      attempts: 1,
      args: { order: 'A-1042' },
      result: { paid: 120 },
      duration_ms: 84,
      at,
    },
  ],
  answers: [],
  at,
};

export const interrupt: Interrupt = {
  id: ids.interrupt,
  run_id: ids.run,
  agent: 'example-refund',
  step: 2,
  node: 'pay',
  kind: 'tool',
  tool: 'pay_out',
  args: { order: 'A-1042', amount: 120 },
  args_hash: '1d5e7f0a3b2c4d6e8f9a0b1c2d3e4f5061728394a5b6c7d8e9f0a1b2c3d4e5f6',
  message: 'Refund 120 for order A-1042?',
  allow: ['approve', 'edit', 'reject'],
  response_schema: input_schema,
  status: 'pending',
  created_at: at,
};

export const answerInterruptRequest: AnswerInterruptRequest = {
  action: 'edit',
  args: { order: 'A-1042', amount: 100 },
  args_hash: '1d5e7f0a3b2c4d6e8f9a0b1c2d3e4f5061728394a5b6c7d8e9f0a1b2c3d4e5f6',
};

export const answeredInterrupt: AnsweredInterrupt = {
  id: ids.interrupt,
  status: 'answered',
  answer: { action: 'edit', args: { order: 'A-1042', amount: 100 }, by: ids.key, at: later },
};
