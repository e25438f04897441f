import { SELF } from 'cloudflare:test';
import { Documented, type OpenApi } from '../documented.ts';

/** What did not fit the document since `undocumented` was last asked; `setup.ts` asks after every test. */
const faults: string[] = [];

export const undocumented = (): readonly string[] => faults.splice(0);

let reading: Promise<Documented> | undefined;

/** The document is read once a file: it does not change between tests. */
export function documented(): Promise<Documented> {
  reading ??= SELF.fetch('http://selvedge.test/openapi.json').then(
    async (response) => new Documented(await response.json<OpenApi>()),
  );
  return reading;
}

function note(fault: string | null): void {
  if (fault !== null) faults.push(fault);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * The Worker's front door, as every test goes through it: what comes out is held to `/openapi.json` (CON-8, CON-9),
 * and what does not fit fails the test.
 */
export async function fetchService(input: string, init: RequestInit = {}): Promise<Response> {
  const response = await SELF.fetch(input, init);
  const document = await documented();
  const method = init.method ?? 'GET';
  const found = document.find(method, new URL(input).pathname);
  if (found === null || response.status === 405) return response;
  const { name, operation } = found;
  const type = response.headers.get('content-type')?.split(';')[0]?.trim() ?? '';
  if (response.ok && typeof init.body === 'string') {
    const body = parse(init.body);
    if (body !== undefined) note(document.request(name, operation, body));
  }
  if (type === 'text/event-stream')
    return watched(response, (event) => document.event(name, operation, event));
  const isJson = type === 'application/json' || type === 'application/problem+json';
  const body = isJson ? parse(await response.clone().text()) : null;
  note(document.answer(name, operation, response.status, type, body));
  return response;
}

/** The same response; each event is looked at as it passes. */
function watched(response: Response, check: (event: unknown) => string | null): Response {
  const decoder = new TextDecoder();
  let rest = '';
  const watch = new TransformStream<Uint8Array, Uint8Array>({
    transform(bytes, controller) {
      controller.enqueue(bytes);
      const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        if (line.startsWith('data: ') && line !== 'data: [DONE]') note(check(parse(line.slice(6))));
      }
    },
  });
  return new Response(response.body?.pipeThrough(watch), response);
}
