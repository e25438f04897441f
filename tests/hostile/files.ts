import { craftedFiles, type HostileFile } from './crafted.ts';
import { brokenInside, mutated, mutations } from './mutate.ts';
import { seeded } from './random.ts';
import { seeds } from './seeds.ts';

export const HOSTILE_FILES = 500;

/** Always the same files: the crafted ones, and good files of every format broken by a seeded chance. */
export async function hostileFiles(seed = 20261125): Promise<readonly HostileFile[]> {
  const random = seeded(seed);
  const good = await seeds();
  const names = Object.keys(mutations);
  const files: HostileFile[] = [...(await craftedFiles())];
  for (let at = 0; files.length < HOSTILE_FILES; at += 1) {
    const one = good[at % good.length];
    const other = good[Math.floor(random() * good.length)];
    const mutation = names[Math.floor(random() * names.length)];
    if (one === undefined || other === undefined || mutation === undefined) continue;
    const inside = one.entries !== undefined && random() < 0.6;
    const bytes = inside
      ? await brokenInside(one, mutation, random)
      : mutated(mutation, one.bytes, random, other.bytes);
    files.push({ name: `${mutation}-${inside ? 'inside-' : ''}${at}-${one.name}`, bytes });
  }
  return files;
}
