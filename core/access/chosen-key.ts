import type { Clock } from '../clock.ts';
import { Failure } from '../failure.ts';
import { asId, type KeyId, sha256 } from '../identifier.ts';
import type { Key, KeyRepository } from './key.ts';

/**
 * The admin key that an operator chose: the secret `ADMIN_KEY` of the Worker. Who deployed without a terminal gets in with
 * it, and who lost every other key.
 *
 *  KEY-2 The secret `ADMIN_KEY` is a key of the first tenant, with every scope, as soon as somebody presents it. Nothing is written before.
 *  KEY-3 `ADMIN_KEY` is valid as long as the secret has this value: another takes its place, without one it is unknown.
 *        Revoked, it stays so until the secret has another value.
 *  KEY-4 A short `ADMIN_KEY` is refused: it stands open to guessing on the internet.
 */
export const chosenKeyId: KeyId = asId('key_admin');

/** 24 characters of letters and digits are 143 random bits, or 96 in hex. */
export const SHORTEST = 24;

/**
 * What the look-up of a secret has found, corrected by what the operator chose.
 *
 * @param hash SHA-256 of the secret that was presented. @param found the key with this hash that is not revoked.
 */
export async function withChosenKey(
  deps: { readonly keys: KeyRepository; readonly clock: Clock; readonly adminKey: string | null },
  hash: string,
  found: Key | null,
): Promise<Key | null> {
  if (found !== null && found.id !== chosenKeyId) return found;
  if (deps.adminKey === null || (await sha256(deps.adminKey)) !== hash) return null;
  if (deps.adminKey.length < SHORTEST) {
    throw new Failure(
      'unauthenticated',
      `ADMIN_KEY has fewer than ${SHORTEST} characters and is not accepted. Choose a longer one.`,
    );
  }
  if (found !== null) return found;
  await deps.keys.choose(chosenKeyId, hash, deps.clock());
  return deps.keys.findByHash(hash);
}
