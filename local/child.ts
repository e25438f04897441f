import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/**
 * One of the two processes behind `npm start`. Each stands in a process group of its own, so that Ctrl-C reaches
 * only the start command, which then ends them in order, and so that nothing of a group can be left over. Each
 * ends by itself when the channel to its parent closes, however that one ended (`endWithParent`).
 */
export class Child<Settings, Ready, Opening = never> {
  readonly name: string;
  readonly #process: ChildProcess;
  readonly #exited: Promise<void>;

  constructor(name: string, script: URL, environment: NodeJS.ProcessEnv = process.env) {
    this.name = name;
    this.#process = fork(script, {
      detached: true,
      env: environment,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.#exited = once(this.#process, 'exit').then(() => {});
  }

  /** Settles when the process has ended, for whatever reason. */
  get exited(): Promise<void> {
    return this.#exited;
  }

  /** What the process says before it has settings. Called right after the start, so that nothing is missed. */
  opening(): Promise<Opening> {
    return this.#message<Opening>();
  }

  /** Hands over the settings and waits for the answer. */
  async begin(settings: Settings): Promise<Ready> {
    this.#process.send(settings as object);
    return this.#message<Ready>();
  }

  async #message<Message>(): Promise<Message> {
    const first = await Promise.race([
      once(this.#process, 'message').then(([message]) => ({ message: message as Message })),
      this.#exited,
    ]);
    if (first === undefined) throw new Error(`The ${this.name} ended before it was ready.`);
    return first.message;
  }

  /** Asks the process to end and makes sure that its whole group is gone. */
  async stop(patience: number): Promise<void> {
    if (this.#process.connected) this.#process.disconnect();
    const late = setTimeout(() => this.#killGroup(), patience);
    await this.#exited;
    clearTimeout(late);
    this.#killGroup();
  }

  #killGroup(): void {
    const { pid } = this.#process;
    if (pid === undefined) return;
    try {
      process.kill(-pid, 'SIGKILL');
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
  }
}

/** The child's side: the first message of the parent. */
export async function settingsFromParent<Settings>(): Promise<Settings> {
  const [settings] = await once(process, 'message');
  return settings;
}

/** The child's side: end, tidily if it can be done in time, when the parent is gone. */
export function endWithParent(tidyUp: () => Promise<void>): void {
  const end = (): void => {
    setTimeout(() => process.exit(1), 5_000).unref();
    tidyUp().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.once('disconnect', end);
  // The parent can be gone before we are awake.
  if (!process.connected) end();
}
