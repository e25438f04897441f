import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The key of the local service. It exists only in local databases, and as its hash even there. */
export const localKey = 'sk-local';

/** Who uses a state folder, written into it; a mark that outlived its process counts for nothing. */
interface Holder {
  readonly pid: number;
  readonly port: number;
}

/**
 * Marks the folder as ours. Two services over the same Durable Objects would each fire their alarms.
 *
 * @returns null, or the port of the service that has the folder.
 */
export async function claimState(state: string, holder: Holder): Promise<number | null> {
  await mkdir(state, { recursive: true });
  const before = await read(state);
  if (before !== null && before.pid !== holder.pid && isAlive(before.pid) && (await answers(before.port))) {
    return before.port;
  }
  await writeFile(markOf(state), JSON.stringify(holder));
  return null;
}

const markOf = (state: string): string => join(state, 'service.json');

async function read(state: string): Promise<Holder | null> {
  try {
    return JSON.parse(await readFile(markOf(state), 'utf8'));
  } catch {
    return null; // Nobody's yet, or half written by a start that was killed.
  }
}

export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false; // Gone, or another user's by now.
  }
}

const answers = (port: number): Promise<boolean> =>
  fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(2_000) }).then(
    () => true,
    () => false,
  );
