import { Failure } from '../failure.ts';
import { sha256 } from '../identifier.ts';
import type { Scope } from '../scope.ts';
import { withChosenKey } from './chosen-key.ts';
import type { Key, KeyDependencies } from './key.ts';

export interface AuthenticationDependencies extends Pick<KeyDependencies, 'keys' | 'clock'> {
  /** What the operator chose as an admin key, or null (chosen-key.ts). */
  readonly adminKey: string | null;
}

export interface AuthenticatedKey {
  readonly scope: Scope;
  readonly key: Key;
}

/**
 * Who a secret belongs to. The secret is compared by its SHA-256: 192 random bits need no slow hash, and
 * a look-up by hash leaks nothing through time.
 */
export async function authenticate(
  deps: AuthenticationDependencies,
  secret: string | null,
): Promise<AuthenticatedKey> {
  if (secret === null || secret === '') {
    throw new Failure(
      'unauthenticated',
      'No API key. Send it as "Authorization: Bearer sk-…" or "x-api-key: sk-…".',
    );
  }
  const hash = await sha256(secret);
  const key = await withChosenKey(deps, hash, await deps.keys.findByHash(hash));
  if (key === null) throw new Failure('unauthenticated', 'This API key is unknown or was revoked.');
  return { key, scope: { tenantId: key.tenantId, keyId: key.id, scopes: key.scopes } };
}
