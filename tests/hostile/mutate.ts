import { zip } from '../documents.ts';
import type { Seed } from './seeds.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** Each turns good bytes into broken ones; `random` is in [0, 1). */
export const mutations: Readonly<
  Record<string, (bytes: Bytes, random: () => number, other: Bytes) => Bytes>
> = {
  truncated: (bytes, random) => bytes.slice(0, Math.floor(random() * bytes.length)),
  beheaded: (bytes, random) => bytes.slice(1 + Math.floor(random() * Math.min(64, bytes.length))),
  flipped(bytes, random) {
    const broken = bytes.slice();
    const times = 1 + Math.floor(random() * 40);
    for (let time = 0; time < times; time += 1) {
      broken[Math.floor(random() * broken.length)] = Math.floor(random() * 256);
    }
    return broken;
  },
  hollowed(bytes, random) {
    const broken = bytes.slice();
    const from = Math.floor(random() * broken.length);
    return broken.fill(0, from, from + Math.floor(random() * 400));
  },
  repeated(bytes, random) {
    const from = Math.floor(random() * bytes.length);
    const part = bytes.slice(from, from + 1 + Math.floor(random() * 300));
    return joined([bytes.slice(0, from), ...Array.from({ length: 200 }, () => part), bytes.slice(from)]);
  },
  shuffled(bytes, random) {
    const cut = Math.floor(random() * bytes.length);
    return joined([bytes.slice(cut), bytes.slice(0, cut)]);
  },
  spliced(bytes, random, other) {
    return joined([
      bytes.slice(0, Math.floor(random() * bytes.length)),
      other.slice(Math.floor(random() * other.length)),
    ]);
  },
  /** Numbers grow: counts, lengths and positions that a reader may believe. */
  swollen(bytes, random) {
    const text = Buffer.from(bytes).toString('latin1');
    const numbers = [...text.matchAll(/\d+/g)];
    const chosen = new Set(Array.from({ length: 3 }, () => numbers[Math.floor(random() * numbers.length)]));
    let broken = text;
    for (const match of [...chosen].toSorted((a, b) => (b?.index ?? 0) - (a?.index ?? 0))) {
      if (match === undefined) continue;
      const swollen = random() < 0.5 ? '4294967295' : '999999999999999999999';
      broken = broken.slice(0, match.index) + swollen + broken.slice(match.index + match[0].length);
    }
    return Uint8Array.from(Buffer.from(broken, 'latin1'));
  },
};

/** One part of a container is broken, and the container made anew: its sums are right, as an attacker's are. */
export async function brokenInside(seed: Seed, name: string, random: () => number): Promise<Bytes> {
  const entries = Object.entries(seed.entries ?? {});
  const [chosen] = entries[Math.floor(random() * entries.length)] ?? [''];
  const broken = entries.map(([path, text]) => {
    const bytes = Uint8Array.from(new TextEncoder().encode(text));
    return [path, path === chosen ? mutated(name, bytes, random, bytes) : bytes] as const;
  });
  return zip(Object.fromEntries(broken));
}

export const mutated = (name: string, bytes: Bytes, random: () => number, other: Bytes): Bytes =>
  mutations[name]?.(bytes, random, other) ?? bytes;

function joined(parts: readonly Bytes[]): Bytes {
  return Uint8Array.from(Buffer.concat(parts));
}
