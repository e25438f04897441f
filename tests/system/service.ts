import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** `npm start` as a user runs it, on a free port and with a state folder of its own. */
export interface Service {
  readonly url: string;
  readonly key: string;
  /** Hand it to the next `startService` to go on with the same data. */
  readonly state: string;
  /** The `npm` process. */
  readonly pid: number;
  /** Everything printed so far. */
  output(): string;
  /** As Ctrl-C does. Removes the state folder unless it was given. */
  stop(): Promise<void>;
  /** SIGKILL of every process at once, as a power cut does. The state folder stays. */
  kill(): Promise<void>;
}

export interface ServiceOptions {
  readonly state?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** The clone that is started; this one unless it is given. */
  readonly root?: string;
}

export async function startService(options: ServiceOptions = {}): Promise<Service> {
  const state = options.state ?? (await mkdtemp(join(tmpdir(), 'selvedge-state-')));
  const port = await freePort();
  const child = spawn('npm', ['start', '--silent'], {
    detached: true,
    cwd: options.root ?? process.cwd(),
    env: {
      ...process.env,
      ...(await warmModelServer()),
      SELVEDGE_SAMPLE: 'off',
      ...options.environment,
      PORT: String(port),
      SELVEDGE_STATE: state,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (piece: Buffer) => {
      text += piece.toString();
    });
  }
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const pid = pidOf(child);
  // A test run that dies takes its service along; the processes outside npm's group then end by themselves.
  const endWithTests = (): void => void signal(-pid, 'SIGKILL');
  process.once('exit', endWithTests);
  void ended.then(() => process.off('exit', endWithTests));
  const service: Service = {
    url: `http://127.0.0.1:${port}`,
    key: 'sk-local',
    state,
    pid,
    output: () => text,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) process.kill(-pid, 'SIGINT');
      await ended;
      if (options.state === undefined) await rm(state, { recursive: true, force: true });
    },
    async kill() {
      for (const each of [...(await descendants(pid)), pid]) signal(each, 'SIGKILL');
      await ended;
    },
  };
  await ready(service, child, ended);
  return service;
}

/** The start command says "Ctrl-C stops it" once everything stands. */
async function ready(service: Service, child: ChildProcess, ended: Promise<void>): Promise<void> {
  const deadline = Date.now() + 240_000;
  while (!service.output().includes('Ctrl-C stops it')) {
    if (child.exitCode !== null || child.signalCode !== null) {
      await ended;
      throw new Error(`npm start ended with ${child.exitCode ?? child.signalCode}:\n${service.output()}`);
    }
    if (Date.now() > deadline) {
      await service.kill();
      throw new Error(`npm start was not ready within 240 s:\n${service.output()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The model server that a developer keeps warm for the tests spares loading the models once more. */
async function warmModelServer(): Promise<Record<string, string>> {
  const url = `http://127.0.0.1:${process.env.SELVEDGE_TEST_MODEL_PORT ?? 8798}`;
  try {
    const response = await fetch(`${url}/health`, { signal: AbortSignal.timeout(2_000) });
    return response.ok ? { SELVEDGE_MODEL_SERVER_URL: url } : {};
  } catch {
    return {}; // Nobody keeps one.
  }
}

/** Every process below `pid`, wherever its group or session. */
export async function descendants(pid: number): Promise<number[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=']);
  const children = new Map<number, number[]>();
  for (const line of stdout.trim().split('\n')) {
    const [child = 0, parent = 0] = line.trim().split(/\s+/).map(Number);
    children.set(parent, [...(children.get(parent) ?? []), child]);
  }
  const below = (parent: number): number[] =>
    (children.get(parent) ?? []).flatMap((child) => [child, ...below(child)]);
  return below(pid);
}

export function isAlive(pid: number): boolean {
  return signal(pid, 0);
}

function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
    throw error;
  }
}

function pidOf(child: ChildProcess): number {
  if (child.pid === undefined) throw new Error('npm could not be started.');
  return child.pid;
}

/** A port of 127.0.0.1 on which nothing listens. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
      .once('error', reject)
      .listen(0, '127.0.0.1', () => {
        const address = probe.address();
        const port = address === null || typeof address === 'string' ? 0 : address.port;
        probe.close(() => resolve(port));
      });
  });
}
