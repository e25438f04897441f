import { env } from 'cloudflare:test';
import { asId, type KeyId, sha256, type TenantId } from '../../core/identifier.ts';
import { type KeyScope, keyScopes } from '../../core/scope.ts';
import { fetchService } from './service.ts';

let made = 0;

/** A fresh tenant with one key, so that tests do not see each other. */
export async function newTenant(scopes: readonly KeyScope[] = keyScopes): Promise<Account> {
  made += 1;
  const name = `${made}-${crypto.randomUUID().slice(0, 8)}`;
  const secret = `sk-test-${name}`;
  await env.DB.batch([
    env.DB.prepare('INSERT INTO tenants VALUES (?, ?, 0, NULL)').bind(`tenant_${name}`, name),
    env.DB.prepare("INSERT INTO keys VALUES (?, ?, ?, ?, ?, '{}', '{}', 0, NULL)").bind(
      `key_${name}`,
      `tenant_${name}`,
      name,
      await sha256(secret),
      JSON.stringify(scopes),
    ),
  ]);
  return new Account(secret, asId<TenantId>(`tenant_${name}`));
}

/** A caller with a key: every request goes through the Worker's own front door. */
export class Account {
  readonly secret: string;
  readonly tenantId: TenantId;
  readonly keyId: KeyId;

  constructor(secret: string, tenantId: TenantId, keyId = asId<KeyId>(tenantId.replace('tenant', 'key'))) {
    this.secret = secret;
    this.tenantId = tenantId;
    this.keyId = keyId;
  }

  fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${this.secret}`);
    return fetchService(`http://selvedge.test${path}`, { ...init, headers });
  }

  send(method: string, path: string, body: unknown): Promise<Response> {
    return this.fetch(path, {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  }
}
