import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Builds the page when there is none, or when its source is newer. @returns whether it was built. */
export async function buildPage(root: string): Promise<boolean> {
  const built = join(root, 'dist', 'web');
  const source = join(root, 'web');
  if (!existsSync(join(source, 'index.html'))) {
    await mkdir(built, { recursive: true });
    return false;
  }
  const index = join(built, 'index.html');
  if (existsSync(index) && (await stat(index)).mtimeMs > (await newest(source))) return false;
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  await promisify(execFile)(process.execPath, [vite, 'build', '--config', join(source, 'vite.config.ts')], {
    cwd: root,
  });
  return true;
}

/** When anything in a folder was last changed, in epoch milliseconds. */
async function newest(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const times = entries
    .filter((entry) => entry.isFile())
    .map(async (entry) => (await stat(join(entry.parentPath, entry.name))).mtimeMs);
  return Math.max(0, ...(await Promise.all(times)));
}
