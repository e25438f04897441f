import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type Area, missingPermission } from './cloudflare-api.ts';
import { DeployFailure } from './deploy-failure.ts';

const wrangler = join(
  dirname(createRequire(import.meta.url).resolve('wrangler/package.json')),
  'bin/wrangler.js',
);

/**
 * Runs wrangler without a terminal, so that it asks nothing, and shows what it says. `area` is what the command
 * changes: the permission to name when the token lacks it.
 */
export async function runWrangler(
  args: readonly string[],
  options: { readonly root: string; readonly area: Area; readonly quiet?: boolean },
): Promise<void> {
  const child = spawn(process.execPath, [wrangler, ...args], {
    cwd: options.root,
    // The configuration that we pass has the Worker's final name.
    env: { ...process.env, WRANGLER_SEND_METRICS: 'false', WRANGLER_CI_OVERRIDE_NAME: undefined },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      said += chunk;
      if (options.quiet !== true) process.stdout.write(chunk);
    });
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (code === 0) return;
  if (options.quiet === true) process.stdout.write(said);
  const command = `wrangler ${args.slice(0, 3).join(' ')}`;
  if (/\[code: (10000|9109|7403)\]/.test(said)) throw missingPermission(options.area, command);
  throw new DeployFailure(
    `${command} failed (see above). Fix that and run this command again; it continues where it stopped.`,
  );
}
