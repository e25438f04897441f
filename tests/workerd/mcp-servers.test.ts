import { SELF } from 'cloudflare:test';
import { describe, expect, inject, test, vi } from 'vitest';
import type { McpServer, McpServerList } from '../../contract/mcp-servers.ts';
import { Failure } from '../../core/failure.ts';
import { type Account, newTenant } from './access.ts';
import { services } from './documents.ts';

vi.setConfig({ testTimeout: 30_000 });

const theirs = inject('mcpServer');

async function connect(
  account: Account,
  path: string,
  headers: Record<string, string> = {},
): Promise<McpServer> {
  const body = { name: 'customers', url: `${theirs}${path}`, headers };
  const response = await account.send('POST', '/api/mcp_servers', body);
  expect(response.status).toBe(201);
  return response.json();
}

const listed = async (account: Account) =>
  (await (await account.fetch('/api/mcp_servers')).json<McpServerList>()).data;

const find = (account: Account, name: string) =>
  services().mcpConnections.call(account.tenantId, {
    server: 'customers',
    tool: 'find_customer',
    args: { name },
    key: 'run:1:find:find_customer',
    timeoutMs: 10_000,
  });

describe('an MCP server of others', () => {
  test('is connected, its tools are listed, called, and it is forgotten again', async () => {
    const account = await newTenant();
    expect(await connect(account, '/open/mcp')).toMatchObject({
      state: 'ready',
      auth_url: null,
      tools: [{ name: 'find_customer', input_schema: { required: ['name'] } }],
    });
    expect(await find(account, 'Acme')).toEqual({ name: 'Acme', since: 2019 });
    await expect(find(account, 'Nobody')).rejects.toThrow('No such customer.');
    expect((await account.fetch('/api/mcp_servers/customers', { method: 'DELETE' })).status).toBe(204);
    expect(await listed(account)).toEqual([]);
    await expect(find(account, 'Acme')).rejects.toBeInstanceOf(Failure);
  });

  test('gets the headers that it was connected with, and they are never shown', async () => {
    const account = await newTenant();
    expect(await connect(account, '/key/mcp', { 'x-api-key': 'wrong' })).toMatchObject({ state: 'failed' });
    expect(await connect(account, '/key/mcp', { 'x-api-key': 'right' })).toMatchObject({ state: 'ready' });
    expect(JSON.stringify(await listed(account))).not.toContain('right');
  });

  test('behind OAuth is ready once a person has agreed', async () => {
    const account = await newTenant();
    const waiting = await connect(account, '/oauth/mcp');
    expect(waiting).toMatchObject({ state: 'authorizing', auth_url: expect.stringContaining('/authorize?') });
    await expect(find(account, 'Acme')).rejects.toThrow('waits for a person to authorise it');
    const agreed = await fetch(waiting.auth_url ?? '', { redirect: 'manual' });
    const back = agreed.headers.get('location') ?? '';
    const forged = new URL(back);
    forged.searchParams.set('state', 'forged');
    expect((await SELF.fetch(forged)).ok).toBe(false);
    expect((await SELF.fetch(back)).status).toBe(200);
    expect(await listed(account)).toMatchObject([{ state: 'ready', auth_url: null }]);
    expect(await find(account, 'Acme')).toEqual({ name: 'Acme', since: 2019 });
  });

  test("is nobody's but its tenant's", async () => {
    await connect(await newTenant(), '/open/mcp');
    expect(await listed(await newTenant())).toEqual([]);
  });

  test('may not be inside of a private network, and only an admin connects one', async () => {
    const account = await newTenant();
    const inside = { name: 'inside', url: 'https://169.254.169.254/mcp' };
    expect((await account.send('POST', '/api/mcp_servers', inside)).status).toBe(400);
    const reader = await newTenant(['read', 'agents']);
    expect((await reader.send('POST', '/api/mcp_servers', inside)).status).toBe(403);
  });

  test("a callback for nobody's tenant makes no object", async () => {
    expect((await SELF.fetch('http://selvedge.test/mcp/callback/tenant_nobody?state=x')).status).toBe(404);
  });
});
