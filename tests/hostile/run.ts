import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { HostileFile } from './crafted.ts';

/** What one isolate may hold (a Worker has 128 MB), so that a reader that needs more dies here as it would there. */
const HEAP_MEBIBYTES = 128;
/** Only so that a hang ends at all: many times what any file takes. CPU is what is judged, not the clock. */
const HANG_MS = 60_000;

export interface Ending {
  /** A verdict, or `threw` (an exception that is no refusal), `died` (out of memory) or `hung`. */
  readonly verdict: string;
  readonly said: string;
}

export interface HostileResult extends Ending {
  readonly file: HostileFile;
  readonly cpuSeconds: number;
  /** The most that the process has held since it began, in its heap and outside of it. */
  readonly peakMebibytes: number;
}

/** Reads the files in a process with a ceiling on its heap; one that dies or hangs is replaced. */
export async function* readHostile(files: Iterable<HostileFile>): AsyncIterable<HostileResult> {
  let child: ChildProcess | null = null;
  try {
    for (const file of files) {
      child ??= await started();
      const result = await read(child, file);
      if (result.verdict === 'died' || result.verdict === 'hung') {
        child.kill('SIGKILL');
        child = null;
      }
      yield result;
    }
  } finally {
    child?.kill('SIGKILL');
  }
}

async function started(): Promise<ChildProcess> {
  const child = fork(fileURLToPath(new URL('./reader.ts', import.meta.url)), {
    execArgv: [`--max-old-space-size=${HEAP_MEBIBYTES}`, '--disable-warning=ExperimentalWarning'],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  await once(child, 'message');
  return child;
}

async function read(child: ChildProcess, file: HostileFile): Promise<HostileResult> {
  const lost = { file, cpuSeconds: Number.POSITIVE_INFINITY, peakMebibytes: Number.POSITIVE_INFINITY };
  const settled = new AbortController();
  const ended = once(child, 'exit', { signal: settled.signal }).then(
    ([code, signal]): HostileResult => ({ ...lost, verdict: 'died', said: `exit ${code ?? signal}` }),
    () => null,
  );
  const hung = new Promise<HostileResult>((resolve) => {
    const timer = setTimeout(
      () => resolve({ ...lost, verdict: 'hung', said: `no answer in ${HANG_MS / 1000} s` }),
      HANG_MS,
    );
    settled.signal.addEventListener('abort', () => clearTimeout(timer));
  });
  const answered = once(child, 'message', { signal: settled.signal }).then(
    ([ending]): HostileResult => ({ file, ...ending }),
    () => null,
  );
  child.send({ name: file.name, bytes: file.bytes });
  try {
    const first = await Promise.race([answered, ended, hung]);
    if (first === null) throw new Error('Nothing is aborted before one of them is settled.');
    return first;
  } finally {
    settled.abort();
  }
}

/** Cloudflare gives an invocation 30 s of CPU. */
const MAX_CPU_SECONDS = 30;
/** Heap at its ceiling, the bytes outside of it (source, decoded, unpacked), and Node itself. */
const MAX_MEBIBYTES = 600;

/** What is wrong with how a file ended; null where it ended well. CPU is asked only of runs that have the machine. */
export function faultOf(result: HostileResult, { cpu }: { readonly cpu: boolean }): string | null {
  const { file, verdict, said, cpuSeconds, peakMebibytes } = result;
  if (verdict === 'threw' || verdict === 'died' || verdict === 'hung')
    return `${file.name} ${verdict}: ${said}`;
  if (said === '') return `${file.name} is refused (${verdict}) without a word`;
  if (file.verdicts !== undefined && !file.verdicts.some((one) => one === verdict)) {
    return `${file.name} ended as ${verdict} (${said}) instead of ${file.verdicts.join(' or ')}`;
  }
  if (cpu && cpuSeconds > MAX_CPU_SECONDS) return `${file.name} took ${cpuSeconds.toFixed(1)} s of CPU`;
  if (peakMebibytes > MAX_MEBIBYTES) return `${file.name}: the process held ${Math.round(peakMebibytes)} MiB`;
  return null;
}
