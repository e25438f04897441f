import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Nothing can be installed here: no Python, or no registry that has the packages. */
export class CannotInstall extends Error {}

/** @throws CannotInstall with the last line of what failed. */
async function install<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const { stderr = '', message } = cause as Error & { stderr?: string };
    throw new CannotInstall(stderr.trim().split('\n').at(-1) || message, { cause });
  }
}

/**
 * The interpreter of a virtual environment with exactly these requirements, which name every package by its exact
 * version. It is kept in the user's cache folder under the hash of requirements and interpreter, and appears whole or
 * not at all: two runs that make it at once do not meet half an environment.
 */
export const pythonEnvironment = (requirements: string): Promise<string> =>
  install(async () => {
    const { stdout: version } = await run('python3', ['-VV']);
    const hash = createHash('sha256')
      .update(version)
      .update(await readFile(requirements));
    const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'selvedge', 'python');
    const folder = join(cache, hash.digest('hex').slice(0, 16));
    const python = join(folder, 'bin/python');
    if (existsSync(python)) return python;
    await mkdir(cache, { recursive: true });
    const fresh = await mkdtemp(join(cache, 'new-'));
    await run('python3', ['-m', 'venv', fresh]);
    const flags = [
      '--quiet',
      '--no-deps',
      '--no-compile',
      '--only-binary',
      ':all:',
      '--requirement',
      requirements,
    ];
    await run(join(fresh, 'bin/python'), ['-m', 'pip', 'install', ...flags], { timeout: 300_000 });
    await rename(fresh, folder).catch(async (error: unknown) => {
      // Another run was quicker; its environment has the same packages.
      await rm(fresh, { recursive: true, force: true });
      if (!existsSync(python)) throw error;
    });
    return python;
  });

/** The packages of a folder with a lock file of its own, installed beside it unless they are what the lock says. */
export const nodePackages = (folder: string): Promise<void> =>
  install(async () => {
    const lock = await readFile(join(folder, 'package-lock.json'));
    const installed = join(folder, 'node_modules', '.lock-hash');
    const hash = createHash('sha256').update(lock).digest('hex');
    if (existsSync(installed) && (await readFile(installed, 'utf8')) === hash) return;
    await run('npm', ['ci', '--ignore-scripts', '--no-audit'], { cwd: folder, timeout: 300_000 });
    await writeFile(installed, hash);
  });
