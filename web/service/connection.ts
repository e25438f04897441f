import { z } from 'zod';
import { OpenAiError, Problem } from '../../contract/errors.ts';
import { PageSettings } from '../../contract/page.ts';

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
export class ServiceError extends Error {
  override readonly name = 'ServiceError';
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

/** The page needs only the words of a failure, from any sender: a proxy's error has no request id. */
const openAiRefusal = z.object({ error: OpenAiError.shape.error.pick({ message: true }) });
const problem = Problem.pick({ detail: true });

type Presentation = Pick<PageSettings, 'title' | 'accent' | 'questions'>;
/** How this deployment presents itself; known before anything is shown. */
let presentation: Presentation = { title: 'Selvedge', accent: null, questions: [] };
export const pagePresentation = (): Presentation => presentation;

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
  const settings = response.ok ? PageSettings.parse(await response.json()) : null;
  if (settings !== null) present(settings);
  const given = settings?.key ?? null;
  const key = given ?? localStorage.getItem(STORED_KEY);
  become(
    key === null ? { kind: 'key-needed', refused: false } : { kind: 'open', key, given: given !== null },
  );
}

/** The accent takes the place of indigo: as it is on light paper, lightened where it is text on dark paper. */
function present(settings: Presentation): void {
  presentation = settings;
  document.title = settings.title;
  const { accent } = settings;
  if (accent === null || !/^#[0-9a-f]{6}$/i.test(accent)) return;
  const { style } = document.documentElement;
  style.setProperty('--indigo', `light-dark(${accent}, color-mix(in oklab, ${accent} 40%, white))`);
  style.setProperty('--indigo-fill', accent);
  style.setProperty('--indigo-fill-held', `color-mix(in oklab, ${accent} 85%, black)`);
  style.setProperty('--indigo-wash', `color-mix(in oklab, ${accent} 12%, var(--paper))`);
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

/** Turns a refusal into a `ServiceError`; a refused key also closes the connection, so that the page asks for another. */
export function refusal(status: number, requestId: string | null, text: string): ServiceError {
  const body = asJson(text);
  if (status === 401 && connection.kind === 'open' && !connection.given) forgetKey(true);
  const openAi = openAiRefusal.safeParse(body);
  const detail = problem.safeParse(body);
  const message = openAi.success
    ? openAi.data.error.message
    : detail.success
      ? detail.data.detail
      : `The service answered ${status}.`;
  return new ServiceError(message, status, requestId, body);
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
    throw new ServiceError(
      'The service cannot be reached. Check that it runs and that you are online.',
      0,
      null,
    );
  });
  if (response.ok) return response;
  throw refusal(response.status, response.headers.get('x-request-id'), await response.text());
}

export async function read<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
): Promise<z.output<Schema>> {
  return understood(await send(path), schema);
}

/** A page of a list whose items are looked at one by one. */
export const looseList = z.object({ data: z.array(z.unknown()), next: z.string().nullable() });

/** The same of OpenAI's lists. */
export const looseOpenAiList = z.object({
  data: z.array(z.unknown()),
  has_more: z.boolean(),
  last_id: z.string().nullable(),
});

/** A page of a list. An item in a form that this page does not know is left out, and hides no other. */
export async function readList<Schema extends z.ZodType>(
  path: string,
  item: Schema,
): Promise<{ readonly data: readonly z.output<Schema>[]; readonly next: string | null }> {
  const { data, next } = await read(path, looseList);
  return { data: known(data, item), next };
}

export const known = <Schema extends z.ZodType>(
  items: readonly unknown[],
  schema: Schema,
): readonly z.output<Schema>[] =>
  items.flatMap((item) => {
    const parsed = schema.safeParse(item);
    return parsed.success ? [parsed.data] : [];
  });

export async function write<Schema extends z.ZodType>(
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

async function understood<Schema extends z.ZodType>(
  response: Response,
  schema: Schema,
): Promise<z.output<Schema>> {
  const parsed = schema.safeParse(response.status === 204 ? null : await response.json());
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new ServiceError(
    `The service answered in a form that this page does not know (${issue?.path.join('.') ?? 'body'}: ${issue?.message ?? 'unknown'}).`,
    response.status,
    response.headers.get('x-request-id'),
  );
}
