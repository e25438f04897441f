/**
 * Ids are a prefix that names the noun and 96 random bits in hex: `file_5f0c…`. They sort by nothing and
 * promise nothing; lists are ordered by `created_at` and id.
 */
export type Random = (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>;

export const systemRandom: Random = (bytes) => crypto.getRandomValues(bytes);

export const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

export const newId = (prefix: string, random: Random = systemRandom): string =>
  `${prefix}_${hex(random(new Uint8Array(12)))}`;

/** SHA-256 of text (as UTF-8) or bytes, in lower-case hex. */
export async function sha256(data: string | Uint8Array<ArrayBuffer> | ArrayBuffer): Promise<string> {
  const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : data;
  return hex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
}
