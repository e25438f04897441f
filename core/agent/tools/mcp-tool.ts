import type { JsonSchema } from '../../json-schema.ts';
import type { Json } from '../json.ts';
import type { McpConnections } from '../mcp.ts';
import { DEFAULT_TIMEOUT_MS, type Repeatability, type Tool } from '../tool.ts';

type Args = { readonly [key: string]: Json };

export interface McpToolOptions {
  /** The name under which the server was connected. */
  readonly server: string;
  readonly tool: string;
  readonly description?: string;
  /**
   * What you know of the tool. What its server says of itself (`readOnlyHint`) is a hint of a stranger, so there is no
   * default but the careful one: `once`.
   */
  readonly repeatability?: Repeatability;
  /** The shape that proposed and edited arguments must have; the server checks them again. Left out, any object. */
  readonly parameters?: JsonSchema;
  readonly timeoutMs?: number;
  readonly needsPerson?: (args: Args) => string | null;
}

/** A tool of a connected MCP server as an effect like any other: journaled, fenced, and held back for a person if you say so. */
export function mcpTool(
  deps: { readonly mcpConnections: McpConnections },
  { server, tool, timeoutMs = DEFAULT_TIMEOUT_MS, ...options }: McpToolOptions,
): Tool<Args, Json> {
  return {
    name: tool,
    description: options.description ?? `The tool ${tool} of the MCP server ${server}.`,
    repeatability: options.repeatability ?? 'once',
    timeoutMs,
    parameters: options.parameters ?? { type: 'object' },
    result: {},
    ...(options.needsPerson === undefined ? {} : { needsPerson: options.needsPerson }),
    run: (args, { tenantId, key }) =>
      deps.mcpConnections.call(tenantId, { server, tool, args, key, timeoutMs }),
  };
}
