import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** The key of the local service. It exists only in local databases, and as its hash even there. */
export const localKey = 'sk-local';

/** Held by the service that uses a state folder. */
export interface StateLock {
  release(): void;
}

/**
 * LOC-5. One state folder has one service: two over the same Durable Objects would each fire their alarms.
 *
 * The lock is the operating system's, taken by SQLite on a file in the folder, and held by the process that opens
 * the databases. It ends with that process, however it ended, so there is no stale lock to guess about.
 *
 * @returns the lock, or null when another process has it.
 */
export async function lockState(state: string, port: number): Promise<StateLock | null> {
  await mkdir(state, { recursive: true });
  const file = new DatabaseSync(join(state, 'service.lock'), { timeout: 0 });
  try {
    file.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (error) {
    file.close();
    if (error instanceof Error && error.message.includes('database is locked')) return null;
    throw error;
  }
  await writeFile(join(state, 'service.json'), JSON.stringify({ pid: process.pid, port }));
  return { release: () => file.close() };
}

/** The port of the service that holds the folder, as it wrote it down; null while it has not yet. */
export async function portOfHolder(state: string): Promise<number | null> {
  try {
    const { port } = JSON.parse(await readFile(join(state, 'service.json'), 'utf8'));
    return typeof port === 'number' ? port : null;
  } catch {
    return null;
  }
}

export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false; // Gone, or another user's by now.
  }
}
