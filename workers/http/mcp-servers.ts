import { Hono } from 'hono';
import { ConnectMcpServerRequest, McpServer, McpServerList } from '../../contract/mcp-servers.ts';
import type { ConnectedMcpServer } from '../../core/agent/mcp.ts';
import { checkServerAddress } from '../../core/agent/mcp-address.ts';
import { notFound } from '../../core/failure.ts';
import { needs } from './authentication.ts';
import type { Context, Routes } from './context.ts';
import { operation } from './operation.ts';
import { jsonBody } from './validation.ts';

const serializeServer = ({ authUrl, tools, ...server }: ConnectedMcpServer): McpServer => ({
  ...server,
  auth_url: authUrl,
  tools: tools.map(({ name, description, inputSchema }) => ({
    name,
    description,
    input_schema: inputSchema,
  })),
});

/** Where OAuth sends the browser back to: it carries no key, so the tenant stands in the path and the state is checked. */
const callbackUrl = (c: Context): string =>
  new URL(`/mcp/callback/${c.var.scope.tenantId}`, c.req.url).toString();

const tag = 'agents';

const example: McpServer = {
  name: 'crm',
  url: 'https://mcp.example.com/mcp',
  state: 'authorizing',
  auth_url: 'https://auth.example.com/authorize?client_id=selvedge',
  error: null,
  tools: [],
};

export const mcpServers = new Hono<Routes>()
  .use(needs('admin'))
  .post(
    '/',
    operation({
      summary: 'Connect an MCP server whose tools agents may call',
      description:
        'A server that asks for OAuth answers with `auth_url`: open it once, and the server is ready.',
      tag,
      request: { name: example.name, url: example.url },
      answers: { 201: { schema: McpServer, example } },
    }),
    jsonBody(ConnectMcpServerRequest),
    async (c) => {
      const wanted = c.req.valid('json');
      checkServerAddress(wanted.url, { loopback: c.env.PAGE_KEY !== undefined });
      const { services, scope } = c.var;
      return c.json(
        serializeServer(await services.mcpConnections.add(scope.tenantId, wanted, callbackUrl(c))),
        201,
      );
    },
  )
  .get(
    '/',
    operation({
      summary: 'List the connected MCP servers and their tools',
      tag,
      answers: { 200: { schema: McpServerList, example: { data: [example] } } },
    }),
    async (c) => {
      const servers = await c.var.services.mcpConnections.list(c.var.scope.tenantId);
      return c.json({ data: servers.map(serializeServer) });
    },
  )
  .delete(
    '/:name',
    operation({ summary: 'Disconnect an MCP server and delete its tokens', tag, answers: { 204: null } }),
    async (c) => {
      const name = c.req.param('name');
      const { services, scope } = c.var;
      if (!(await services.mcpConnections.remove(scope.tenantId, name))) throw notFound('MCP server', name);
      return c.body(null, 204);
    },
  );
