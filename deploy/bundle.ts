import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DeployFailure } from './deploy-failure.ts';
import { runWrangler } from './wrangler.ts';

const MEBIBYTE = 2 ** 20;

/**
 * Our own limit for the uncompressed JavaScript of the Worker, far below Cloudflare's 64 MiB for all of it, because it is
 * parsed at every cold start. WebAssembly is compiled when it is uploaded, and is counted apart. Some 2 MiB of it (the tokenizer's table, the two sides of MCP) are evaluated by the first request that needs
 * them. Docs: docs/reference/limits.md.
 */
export const BUNDLE_LIMIT = 8 * MEBIBYTE;

export interface Bundle {
  /** Bytes of all modules that are uploaded. */
  readonly bytes: number;
  readonly gzipped: number;
  /** Of `bytes`, those of WebAssembly. */
  readonly webAssembly: number;
  /** SHA-256 over the modules' names and contents. */
  readonly hash: string;
}

/** Builds the Worker as `wrangler deploy` would, needing no network and no credentials. */
export async function buildBundle(root: string): Promise<Bundle> {
  const directory = await mkdtemp(join(tmpdir(), 'selvedge-bundle-'));
  try {
    await runWrangler(['deploy', '--dry-run', '--outdir', directory], { root, area: 'workers', quiet: true });
    const names = (await readdir(directory)).filter((name) => !/\.map$|^README\.md$/.test(name)).sort();
    const modules = await Promise.all(names.map((name) => readFile(join(directory, name))));
    const hash = createHash('sha256');
    names.forEach((name, at) => {
      hash.update(name).update(modules[at] ?? '');
    });
    const all = Buffer.concat(modules);
    const webAssembly = names.reduce(
      (sum, name, at) => sum + (name.endsWith('.wasm') ? (modules[at]?.length ?? 0) : 0),
      0,
    );
    return { bytes: all.length, webAssembly, gzipped: gzipSync(all).length, hash: hash.digest('hex') };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** 10.64 MiB (3.96 MiB gzipped), 4.43 MiB of it WebAssembly; limit without it 8 MiB. Throws when it is above the limit. */
export function checkedSize({ bytes, gzipped, webAssembly }: Bundle): string {
  const inMebibytes = (size: number) => `${(size / MEBIBYTE).toFixed(2)} MiB`;
  const size = `${inMebibytes(bytes)} (${inMebibytes(gzipped)} gzipped), ${inMebibytes(webAssembly)} of it WebAssembly; limit without it ${BUNDLE_LIMIT / MEBIBYTE} MiB`;
  if (bytes - webAssembly > BUNDLE_LIMIT)
    throw new DeployFailure(`The Worker is too big: ${size} (deploy/bundle.ts).`);
  return size;
}
