import { runOfInterrupt, sessionName } from '../core/agent/identity.ts';
import type { Inbox } from '../core/agent/inbox.ts';
import type { AgentSessions } from '../core/agent/session.ts';
import { notFound } from '../core/failure.ts';
import type { InterruptId, RunId, TenantId } from '../core/identifier.ts';
import { type Reply, unwrapReply } from './durable-reply.ts';
import type { ObjectNamespace } from './object-namespace.ts';

/** What a thread's object answers to. */
export type SessionCalls = {
  readonly [Verb in keyof AgentSessions]: (
    ...args: Parameters<AgentSessions[Verb]>
  ) => Promise<Reply<Awaited<ReturnType<AgentSessions[Verb]>>>>;
};

/**
 * A Durable Object is created, and takes space forever, when it is first addressed. So an id that a client sends
 * reaches its object only if the lists know the run (AGT-30); a start makes the object on purpose.
 */
export function durableAgentSessions(
  namespace: ObjectNamespace<SessionCalls>,
  inbox: Pick<Inbox, 'knows'>,
): AgentSessions {
  const session = (tenantId: TenantId, runId: RunId) => namespace.getByName(sessionName(tenantId, runId));
  const ofRun = async (tenantId: TenantId, runId: RunId) => {
    if (!(await inbox.knows(tenantId, runId))) throw notFound('run', runId);
    return session(tenantId, runId);
  };
  const ofInterrupt = async (tenantId: TenantId, id: InterruptId) => {
    const runId = runOfInterrupt(id);
    if (!(await inbox.knows(tenantId, runId))) throw notFound('interrupt', id);
    return session(tenantId, runId);
  };
  return {
    start: async (run) => unwrapReply(await session(run.tenantId, run.id).start(run)),
    read: async (tenantId, runId) => unwrapReply(await (await ofRun(tenantId, runId)).read(tenantId, runId)),
    history: async (tenantId, runId, range) =>
      unwrapReply(await (await ofRun(tenantId, runId)).history(tenantId, runId, range)),
    cancel: async (tenantId, runId) =>
      unwrapReply(await (await ofRun(tenantId, runId)).cancel(tenantId, runId)),
    fork: async (by, runId, fork) =>
      unwrapReply(await (await ofRun(by.tenantId, runId)).fork(by, runId, fork)),
    replay: async (by, runId, replay) =>
      unwrapReply(await (await ofRun(by.tenantId, runId)).replay(by, runId, replay)),
    interrupt: async (tenantId, id) =>
      unwrapReply(await (await ofInterrupt(tenantId, id)).interrupt(tenantId, id)),
    answer: async (by, id, answer) =>
      unwrapReply(await (await ofInterrupt(by.tenantId, id)).answer(by, id, answer)),
  };
}
