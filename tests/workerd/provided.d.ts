import 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    /** Which kinds of model the test's model server has (`tests/model-server.ts`). */
    readonly models: Readonly<Record<'chat' | 'embedding' | 'rerank' | 'ocr', boolean>>;
    /** Where the scripted model provider listens (`tests/upstream.ts`). */
    readonly upstream: string;
    /** Where the MCP server of others listens (`tests/mcp-server.ts`). */
    readonly mcpServer: string;
  }
}
