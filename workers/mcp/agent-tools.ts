import {
  acceptedContent,
  type CallToolResult,
  CLIENT_CAPABILITIES_META_KEY,
  fromJsonSchema,
  type InputRequiredResult,
  inputRequired,
  type JsonSchemaType,
  type McpServer,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { Agent } from '../../core/agent/graph.ts';
import { ownPart, runIdOf, runOfInterrupt } from '../../core/agent/identity.ts';
import type { GivenAnswer } from '../../core/agent/interrupt.ts';
import type { InterruptRecord } from '../../core/agent/journal.ts';
import type { State } from '../../core/agent/json.ts';
import type { RunStanding } from '../../core/agent/run.ts';
import { asId, type InterruptId, newId, type RunId } from '../../core/identifier.ts';
import type { Context } from '../http/context.ts';
import { refusalsAsResults, resultOf } from './text-result.ts';

/** How long a call waits for its run, and how often it looks: most clients give a tool a minute. */
const PATIENCE_MS = 25_000;
const LOOK_MS = 150;

/**
 * Every agent as a tool, with the agent's own input schema. A call starts a run and waits a while for it.
 *
 * A run that pauses for a person becomes the protocol's own pause: the tool answers `input_required`, the client asks
 * its user, and the call is sent again with the answer. The state that travels with it names the run, the interrupt and
 * the hash of the arguments that the user saw. It is no secret and gives no right: the key must be one of the run's
 * tenant, and an answer for other arguments than the ones shown is refused (AGT-24). Clients of the revision before,
 * which cannot be asked, get the run's id and where its inbox is. `agent_run` looks at a run again.
 */
export function registerAgents(server: McpServer, c: Context): void {
  for (const agent of c.var.services.agents.values()) registerAgent(server, c, agent);
  server.registerTool(
    'agent_run',
    {
      title: 'Look at a run',
      description:
        'The state of a run that an agent of this service has begun, and its output once there is one.',
      inputSchema: z.object({ run_id: z.string().min(1) }),
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    ({ run_id }) =>
      refusalsAsResults(c, async () =>
        runResult(c, await c.var.services.sessions.read(c.var.scope.tenantId, asId(run_id))),
      ),
  );
}

const Pause = z.object({ run: z.string(), interrupt: z.string(), hash: z.string().nullable() });
type Pause = z.infer<typeof Pause>;

function registerAgent(server: McpServer, c: Context, agent: Agent): void {
  server.registerTool(
    agent.name,
    {
      title: agent.title,
      description: agent.description,
      inputSchema: fromJsonSchema<State>(agent.inputSchema as JsonSchemaType),
      annotations: { readOnlyHint: false, destructiveHint: true, openWorldHint: true },
    },
    async (input, context): Promise<CallToolResult | InputRequiredResult> => {
      const paused = pauseOf(context);
      const run = paused === null ? await start(c, agent.name, input) : await goOn(c, paused, context);
      return waitForRun(c, run, context);
    },
  );
}

async function start(c: Context, agent: string, input: State): Promise<RunId> {
  const { services, scope } = c.var;
  const threadId = newId('thread', services.random);
  const own = await ownPart({ tenantId: scope.tenantId, idempotencyKey: null }, services.random);
  const id = await runIdOf(threadId, own);
  const { tenantId, keyId } = scope;
  await services.sessions.start({ id, tenantId, keyId, agent, threadId, input });
  return id;
}

function pauseOf(context: ServerContext): Pause | null {
  const state = context.mcpReq.requestState<string>();
  if (typeof state !== 'string') return null;
  try {
    return Pause.parse(JSON.parse(state));
  } catch {
    return null; // Not ours: the call is a new one.
  }
}

/** Hands the user's answer to the interrupt. One who closed the question leaves the run as it is. */
async function goOn(c: Context, paused: Pause, context: ServerContext): Promise<RunId> {
  const { services, scope } = c.var;
  const answer = answerOf(paused, context);
  const interrupt = asId<InterruptId>(paused.interrupt);
  if (answer !== null) await services.sessions.answer(scope, interrupt, answer);
  return runOfInterrupt(interrupt);
}

const Decision = z.object({ action: z.enum(['approve', 'reject']), reason: z.string().optional() });

function answerOf(paused: Pause, context: ServerContext): GivenAnswer | null {
  const hash = paused.hash === null ? {} : { argsHash: paused.hash };
  const decided = acceptedContent(context.mcpReq.inputResponses, 'decision', Decision);
  if (decided !== undefined) {
    const { action, reason } = decided;
    return { action, ...(reason === undefined || reason === '' ? {} : { reason }), ...hash };
  }
  const given = acceptedContent(context.mcpReq.inputResponses, 'value', z.record(z.string(), z.json()));
  return given === undefined ? null : { action: 'respond', value: given, ...hash };
}

async function waitForRun(
  c: Context,
  runId: RunId,
  context: ServerContext,
): Promise<CallToolResult | InputRequiredResult> {
  const { services, scope } = c.var;
  const until = services.clock() + PATIENCE_MS;
  let standing = await services.sessions.read(scope.tenantId, runId);
  while (standing.run.status === 'running' && services.clock() < until && !context.mcpReq.signal.aborted) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    standing = await services.sessions.read(scope.tenantId, runId);
  }
  const [waiting] = standing.waiting;
  if (standing.run.status === 'interrupted' && waiting !== undefined && canAsk(context)) {
    const question = questionOf(await services.sessions.interrupt(scope.tenantId, waiting));
    if (question !== null) return question;
  }
  return runResult(c, standing);
}

/** Whether the client can ask its user: clients of 2026-07-28 say so with each request. */
function canAsk(context: ServerContext): boolean {
  const envelope: Readonly<Record<string, unknown>> = { ...context.mcpReq.envelope };
  return Capabilities.safeParse(envelope[CLIENT_CAPABILITIES_META_KEY]).success;
}

const Capabilities = z.looseObject({ elicitation: z.looseObject({}) });

/** The interrupt as a question of the protocol; null where its answer does not fit into the protocol's flat forms. */
function questionOf(interrupt: InterruptRecord): InputRequiredResult | null {
  const pause: Pause = { run: interrupt.runId, interrupt: interrupt.id, hash: interrupt.argsHash };
  const requestState = JSON.stringify(pause);
  const { allow, message } = interrupt;
  if (allow.includes('approve')) {
    const shown =
      interrupt.args === null ? message : `${message}\n\n${JSON.stringify(interrupt.args, null, 2)}`;
    const decision = inputRequired.elicit({
      message: shown,
      requestedSchema: {
        type: 'object',
        properties: {
          action: { type: 'string', enum: ['approve', 'reject'], title: 'Decision' },
          reason: { type: 'string', title: 'Reason' },
        },
        required: ['action'],
      },
    });
    return inputRequired({ inputRequests: { decision }, requestState });
  }
  const flat = FlatForm.safeParse(interrupt.responseSchema);
  if (!flat.success) return null;
  const value = inputRequired.elicit({ message, requestedSchema: flat.data });
  return inputRequired({ inputRequests: { value }, requestState });
}

/** What a form of the protocol can ask for: an object of plain fields. */
const FlatForm = z.object({
  type: z.literal('object'),
  properties: z.record(
    z.string(),
    z.union([
      z.object({
        type: z.literal('string'),
        title: z.string().optional(),
        enum: z.array(z.string()).optional(),
      }),
      z.object({ type: z.enum(['number', 'integer']), title: z.string().optional() }),
      z.object({ type: z.literal('boolean'), title: z.string().optional() }),
    ]),
  ),
  required: z.array(z.string()).optional(),
});

function runResult(c: Context, { run, waiting, step, state }: RunStanding): CallToolResult {
  const structured = {
    run_id: run.id,
    agent: run.agent,
    status: run.status,
    step,
    interrupts: waiting,
    ...(run.status === 'completed' ? { output: run.output } : { state }),
    ...(run.error === null ? {} : { error: run.error }),
  };
  const inbox = new URL('/inbox', c.req.url).toString();
  const texts = {
    completed: JSON.stringify(run.output),
    interrupted: `Run ${run.id} waits for a person. Answer it in the inbox, ${inbox}, then look at it with agent_run.`,
    running: `Run ${run.id} goes on. Look at it with agent_run.`,
    failed: `Run ${run.id} failed: ${run.error?.message ?? 'no reason was recorded'}`,
    cancelled: `Run ${run.id} was cancelled.`,
    stranded: `Run ${run.id} is stranded: ${run.error?.message ?? 'its agent has changed'}`,
  };
  const failed = run.status === 'failed' || run.status === 'stranded';
  return { ...resultOf(texts[run.status], structured), ...(failed ? { isError: true } : {}) };
}
