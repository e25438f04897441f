import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { errorMessage } from '../core/error-message.ts';

/**
 * Builds the page when there is none, or when its source is newer. The new page replaces the old one
 * in one step, so that a service that is running never serves half of one.
 *
 * @returns what went wrong, or null. The API does not need the page.
 */
export async function buildPage(root: string): Promise<string | null> {
  const built = join(root, 'dist', 'web');
  const source = join(root, 'web');
  const index = join(built, 'index.html');
  if (existsSync(index) && (await stat(index)).mtimeMs > (await newest(source))) return null;
  const fresh = join(root, 'dist', `web-${process.pid}`);
  try {
    const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
    const config = join(source, 'vite.config.ts');
    await promisify(execFile)(process.execPath, [vite, 'build', '--config', config, '--outDir', fresh], {
      cwd: root,
    });
    await rm(built, { recursive: true, force: true });
    await rename(fresh, built);
    return null;
  } catch (error) {
    await rm(fresh, { recursive: true, force: true });
    // wrangler wants the folder, even if there is nothing in it.
    await mkdir(built, { recursive: true });
    return errorMessage(error);
  }
}

/** When anything in a folder was last changed, in epoch milliseconds. */
async function newest(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const times = entries
    .filter((entry) => entry.isFile())
    .map(async (entry) => (await stat(join(entry.parentPath, entry.name))).mtimeMs);
  return Math.max(0, ...(await Promise.all(times)));
}
