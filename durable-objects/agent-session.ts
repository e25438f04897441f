import { DurableObject } from 'cloudflare:workers';
import type { SessionCalls } from '../adapters/durable-agent-sessions.ts';
import { type Reply, toReply } from '../adapters/durable-reply.ts';
import type { Environment } from '../adapters/environment.ts';
import type { Compose } from '../adapters/services.ts';
import { sqliteJournal } from '../adapters/sqlite-journal.ts';
import { drive } from '../core/agent/drive.ts';
import { type Fork, forkRun, type Replay, replayRun } from '../core/agent/fork.ts';
import { type HistoryRange, readHistory } from '../core/agent/history.ts';
import { publish } from '../core/agent/inbox.ts';
import { answerInterrupt, type GivenAnswer, readInterrupt } from '../core/agent/interrupt.ts';
import type { Caller, Journal } from '../core/agent/journal.ts';
import { cancelRun, type NewRun, type RunDependencies, readRun, startRun } from '../core/agent/run.ts';
import { errorReport } from '../core/error-message.ts';
import type { InterruptId, RunId, TenantId } from '../core/identifier.ts';
import { sqlPort } from './sql-port.ts';

/**
 * One object a thread: the journal of its runs, and the alarm that drives them. Requests change the journal and
 * leave the driving to the alarm, which the change has set.
 */
export const agentSession = (compose: Compose) => {
  return class AgentSession extends DurableObject<Environment> implements SessionCalls {
    readonly #journal: Journal;
    /** The runs that are being driven, to be told when they are cancelled. */
    readonly #driven = new Map<RunId, AbortController>();

    constructor(ctx: DurableObjectState, env: Environment) {
      super(ctx, env);
      this.#journal = sqliteJournal(sqlPort(ctx.storage));
      void ctx.blockConcurrencyWhile(() => this.#remember());
    }

    start(run: NewRun) {
      return this.#serve((deps) => startRun(deps, run));
    }

    read(tenantId: TenantId, runId: RunId) {
      return this.#serve((deps) => readRun(deps, tenantId, runId));
    }

    history(tenantId: TenantId, runId: RunId, range: HistoryRange) {
      return this.#serve((deps) => readHistory(deps, tenantId, runId, range));
    }

    interrupt(tenantId: TenantId, interruptId: InterruptId) {
      return this.#serve((deps) => readInterrupt(deps, tenantId, interruptId));
    }

    cancel(tenantId: TenantId, runId: RunId) {
      return this.#serve((deps) => {
        const standing = cancelRun(deps, tenantId, runId);
        this.#driven.get(runId)?.abort();
        return standing;
      });
    }

    fork(by: Caller, runId: RunId, fork: Fork) {
      return this.#serve((deps) => forkRun(deps, by, runId, fork));
    }

    replay(by: Caller, runId: RunId, replay: Replay) {
      return this.#serve((deps) => replayRun(deps, by, runId, replay));
    }

    answer(by: Caller, interruptId: InterruptId, answer: GivenAnswer) {
      return this.#serve((deps) => answerInterrupt(deps, by, interruptId, answer));
    }

    override async alarm(): Promise<void> {
      const deps = this.#dependencies();
      const due = this.#journal.due(deps.clock()).filter((run) => run.status === 'running');
      await Promise.all(
        due.map(async (run) => {
          const controller = new AbortController();
          this.#driven.set(run.id, controller);
          await drive({ ...deps, signal: controller.signal }, run);
          this.#driven.delete(run.id);
          // Before the others end: a question to a person should not wait for another run of the thread.
          await publish(deps);
        }),
      );
      await publish(deps);
    }

    async #serve<T>(work: (deps: RunDependencies) => T): Promise<Reply<T>> {
      return await toReply(async () => {
        const deps = this.#dependencies();
        const value = work(deps);
        await publish(deps);
        return value;
      });
    }

    /** An alarm can be lost after too many failures; the journal knows that there is work. */
    async #remember(): Promise<void> {
      if ((await this.ctx.storage.getAlarm()) !== null) return;
      const [next] = this.#journal.due(Number.MAX_SAFE_INTEGER);
      if (next?.wakeAt != null) await this.ctx.storage.setAlarm(next.wakeAt);
    }

    #dependencies() {
      const services = compose(this.env);
      return {
        journal: this.#journal,
        agents: services.agents,
        inbox: services.inbox,
        requests: services.requests,
        ledger: services.ledger,
        keys: services.keys,
        clock: services.clock,
        random: services.random,
        report: (error: unknown) =>
          console.error(JSON.stringify({ session: this.ctx.id.toString(), error: errorReport(error) })),
      };
    }
  };
};
