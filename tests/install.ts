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

const installs = new Map<string, Promise<string>>();

/**
 * Once for each source in a process.
 * @throws CannotInstall with the last line of what failed.
 */
function install(source: string, work: () => Promise<string>): Promise<string> {
  const running =
    installs.get(source) ??
    work().catch((cause: Error & { stderr?: string }) => {
      const last = (cause.stderr ?? '').trim().split('\n').at(-1);
      throw new CannotInstall(last || cause.message, { cause });
    });
  installs.set(source, running);
  return running;
}

/**
 * The interpreter of a virtual environment with exactly these requirements, which name every package by its exact
 * version. It is kept in the user's cache folder under the hash of requirements and interpreter, and appears whole or
 * not at all: two runs that make it at once do not meet half an environment.
 */
export const pythonEnvironment = (requirements: string): Promise<string> =>
  install(requirements, async () => {
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
    const flags = [
      '--quiet',
      '--no-deps',
      '--no-compile',
      '--only-binary',
      ':all:',
      '--requirement',
      requirements,
    ];
    try {
      await run('python3', ['-m', 'venv', fresh]);
      await run(join(fresh, 'bin/python'), ['-m', 'pip', 'install', ...flags], { timeout: 300_000 });
      await rename(fresh, folder);
    } catch (error) {
      await rm(fresh, { recursive: true, force: true });
      // Where another run was quicker, its environment has the same packages.
      if (!existsSync(python)) throw error;
    }
    return python;
  });

/** The folder, with the packages of its own lock file installed beside it unless they are what the lock says. */
export const nodePackages = (folder: string): Promise<string> =>
  install(folder, async () => {
    const lock = await readFile(join(folder, 'package-lock.json'));
    const installed = join(folder, 'node_modules', '.lock-hash');
    const hash = createHash('sha256').update(lock).digest('hex');
    if (existsSync(installed) && (await readFile(installed, 'utf8')) === hash) return folder;
    await run('npm', ['ci', '--ignore-scripts', '--no-audit'], { cwd: folder, timeout: 300_000 });
    await writeFile(installed, hash);
    return folder;
  });
