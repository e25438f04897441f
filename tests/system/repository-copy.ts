import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';

/** A repository of somebody else's, begun from this tree: what is committed or would be, and the packages of this one. */
export interface RepositoryCopy {
  readonly root: string;
  git(...args: string[]): string;
  commit(message: string): void;
  write(path: string, text: string): void;
  /** Replaces what has to be there. */
  edit(path: string, from: string | RegExp, to: string): void;
  run(command: string, args: readonly string[], environment: Environment): Promise<Outcome>;
  remove(): void;
}

type Environment = Readonly<Record<string, string | undefined>>;

export interface Outcome {
  readonly code: number | null;
  readonly output: string;
}

export function copyRepository(): RepositoryCopy {
  const root = mkdtempSync(join(tmpdir(), 'selvedge-copy-'));
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=User', '-c', 'user.email=user@example.invalid', ...args], {
      cwd: root,
      encoding: 'utf8',
    });
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard']);
  for (const path of new Set(listed.toString('utf8').split('\0'))) {
    if (path !== '') cpSync(path, join(root, path), { recursive: true });
  }
  git('init', '-q', '-b', 'main');
  // Packages are not in the repository: they are this tree's.
  symlinkSync(join(process.cwd(), 'node_modules'), join(root, 'node_modules'));
  git('config', 'core.excludesFile', join(root, '.git', 'ignored'));
  writeFileSync(join(root, '.git', 'ignored'), 'node_modules\n');
  return {
    root,
    git,
    commit(message) {
      git('add', '-A');
      git('commit', '-qm', message);
    },
    write,
    edit(path, from, to) {
      const text = readFileSync(join(root, path), 'utf8');
      expect(text).toMatch(from);
      write(path, text.replace(from, to));
    },
    async run(command, args, environment) {
      const child = spawn(command, args, {
        cwd: root,
        env: { ...process.env, ...environment },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let output = '';
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
      const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
      return { code, output };
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}
