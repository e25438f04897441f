import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Nothing can be installed here: no Python, or no registry that has the packages. */
export class NoPython extends Error {}

/**
 * The interpreter of a virtual environment with exactly these requirements, which name every package by its exact
 * version. It is kept in the user's cache folder under the hash of requirements and interpreter, and appears whole or
 * not at all: two runs that make it at once do not meet half an environment.
 * @throws NoPython with the last line of what failed.
 */
export async function pythonEnvironment(requirements: string): Promise<string> {
  try {
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
    const install = [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--no-deps',
      '--no-compile',
      '--only-binary',
      ':all:',
    ];
    await run(join(fresh, 'bin/python'), [...install, '--requirement', requirements], { timeout: 300_000 });
    await rename(fresh, folder).catch(async (error: unknown) => {
      // Another run was quicker; its environment has the same packages.
      await rm(fresh, { recursive: true, force: true });
      if (!existsSync(python)) throw error;
    });
    return python;
  } catch (cause) {
    const { stderr = '', message } = cause as Error & { stderr?: string };
    throw new NoPython(stderr.trim().split('\n').at(-1) || message, { cause });
  }
}
