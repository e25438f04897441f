import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The lines of README.md between which the button stands. */
const [begin, end] = ['<!-- button -->', '<!-- /button -->'];

/**
 * The button "Deploy to Cloudflare" for README.md, made from `repository` in package.json and from nothing else. It works
 * for public repositories on github.com and gitlab.com, and for no others.
 *
 * @see https://developers.cloudflare.com/workers/platform/deploy-buttons/
 */
export function deployButton(repository: unknown): string {
  const url =
    typeof repository === 'object' && repository !== null && 'url' in repository
      ? repository.url
      : repository;
  const address = /^(?:git\+)?(https:\/\/(?:github|gitlab)\.com\/[^/\s]+\/[^/\s]+?)(?:\.git)?\/?$/.exec(
    String(url),
  )?.[1];
  if (address === undefined) {
    return (
      '*The button "Deploy to Cloudflare" comes here with the public address of this repository: set `repository` in ' +
      'package.json and run `npm run button`.*'
    );
  }
  const target = `https://deploy.workers.cloudflare.com/?url=${address}`;
  return `[![Deploy to Cloudflare](https://deploy.workers.cloudflare.com/button)](${target})`;
}

/** README.md with the button that package.json asks for. */
export function withButton(readme: string, repository: unknown): string {
  const [from, to] = [readme.indexOf(begin), readme.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`README.md has no ${begin} … ${end}.`);
  return `${readme.slice(0, from + begin.length)}\n${deployButton(repository)}\n${readme.slice(to)}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = dirname(import.meta.dirname);
  const path = join(root, 'README.md');
  const { repository } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  await writeFile(path, withButton(await readFile(path, 'utf8'), repository));
}
