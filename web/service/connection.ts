import * as z from 'zod/mini';

/**
 * The one way to the service. The key comes from the service itself where it gives the page one (on a laptop),
 * otherwise from the person, and is then kept in this browser only; it travels in a header, never in a URL.
 */
const STORED_KEY = 'selvedge.key';

export type Connection =
  | { readonly kind: 'opening' }
  | { readonly kind: 'key-needed'; readonly refused: boolean }
  | { readonly kind: 'open'; readonly key: string; readonly given: boolean };

/** What went wrong, in the service's words, with the id under which its operator finds the request. */
export class Trouble extends Error {
  override readonly name = 'Trouble';
  readonly status: number;
  readonly requestId: string | null;
  /** The parsed body, for the few answers that carry more than a message (the winner of a 409). */
  readonly body: unknown;

  constructor(message: string, status: number, requestId: string | null, body: unknown = null) {
    super(message);
    this.status = status;
    this.requestId = requestId;
    this.body = body;
  }
}

const page = z.object({ key: z.nullable(z.string()), version: z.string() });
const openAiTrouble = z.object({ error: z.object({ message: z.string() }) });
const problem = z.object({ detail: z.string() });

let connection: Connection = { kind: 'opening' };
const listeners = new Set<() => void>();

function become(next: Connection): void {
  connection = next;
  for (const listener of listeners) listener();
}

export const currentConnection = (): Connection => connection;

export function onConnection(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export async function connect(): Promise<void> {
  const response = await fetch('/api/page');
  const given = response.ok ? page.parse(await response.json()).key : null;
  const key = given ?? localStorage.getItem(STORED_KEY);
  become(
    key === null ? { kind: 'key-needed', refused: false } : { kind: 'open', key, given: given !== null },
  );
}

export function keepKey(key: string): void {
  localStorage.setItem(STORED_KEY, key);
  become({ kind: 'open', key, given: false });
}

export function forgetKey(refused = false): void {
  localStorage.removeItem(STORED_KEY);
  become({ kind: 'key-needed', refused });
}

export function authorization(): Record<string, string> {
  return connection.kind === 'open' ? { authorization: `Bearer ${connection.key}` } : {};
}

/** Turns a refusal into a `Trouble`; a refused key also closes the connection, so that the page asks for another. */
export function refusal(status: number, requestId: string | null, text: string): Trouble {
  const body = asJson(text);
  if (status === 401 && connection.kind === 'open' && !connection.given) forgetKey(true);
  const openAi = openAiTrouble.safeParse(body);
  const detail = problem.safeParse(body);
  const message = openAi.success
    ? openAi.data.error.message
    : detail.success
      ? detail.data.detail
      : `The service answered ${status}.`;
  return new Trouble(message, status, requestId, body);
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // A proxy's HTML page: the status then says what there is to say.
  }
}

export async function send(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers({ ...authorization(), ...Object.fromEntries(new Headers(init.headers)) });
  const response = await fetch(path, { ...init, headers }).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new Trouble('The service cannot be reached. Check that it runs and that you are online.', 0, null);
  });
  if (response.ok) return response;
  throw refusal(response.status, response.headers.get('x-request-id'), await response.text());
}

export async function read<Schema extends z.ZodMiniType>(
  path: string,
  schema: Schema,
): Promise<z.output<Schema>> {
  return understood(await send(path), schema);
}

export async function write<Schema extends z.ZodMiniType>(
  method: 'POST' | 'PUT' | 'DELETE',
  path: string,
  body: unknown,
  schema: Schema,
): Promise<z.output<Schema>> {
  const init: RequestInit =
    body === undefined
      ? { method }
      : { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  return understood(await send(path, init), schema);
}

async function understood<Schema extends z.ZodMiniType>(
  response: Response,
  schema: Schema,
): Promise<z.output<Schema>> {
  const parsed = schema.safeParse(response.status === 204 ? null : await response.json());
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new Trouble(
    `The service answered in a form that this page does not know (${issue?.path.join('.') ?? 'body'}: ${issue?.message ?? 'unknown'}).`,
    response.status,
    response.headers.get('x-request-id'),
  );
}
