import { z } from 'zod';

/** A server of the Model Context Protocol whose tools the agents of a tenant may call. */
export const ConnectMcpServerRequest = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z0-9][a-z0-9_-]{0,31}$/, 'expected up to 32 lower-case letters, digits, "_" or "-"'),
    url: z.url({ protocol: /^https?$/, error: 'expected an http or https URL' }).max(2_000),
    /** Sent with every request to it; never shown again. */
    headers: z
      .record(
        z.string().regex(/^[A-Za-z0-9-]{1,100}$/, 'expected the name of a header'),
        z.string().max(4_000),
      )
      .default({}),
  })
  .meta({ id: 'ConnectMcpServerRequest' });
export type ConnectMcpServerRequest = z.infer<typeof ConnectMcpServerRequest>;

export const McpServer = z
  .object({
    name: z.string(),
    url: z.string(),
    /** `authorizing`: somebody has to open `auth_url` and agree. */
    state: z.enum(['ready', 'connecting', 'authorizing', 'failed']),
    auth_url: z.string().nullable(),
    error: z.string().nullable(),
    tools: z.array(
      z.object({
        name: z.string(),
        description: z.string(),
        input_schema: z.record(z.string(), z.unknown()).readonly(),
      }),
    ),
  })
  .meta({ id: 'McpServer' });
export type McpServer = z.infer<typeof McpServer>;

export const McpServerList = z.object({ data: z.array(McpServer) }).meta({ id: 'McpServerList' });
export type McpServerList = z.infer<typeof McpServerList>;
