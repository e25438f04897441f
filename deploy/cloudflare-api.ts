import { z } from 'zod';
import { DeployFailure } from './deploy-failure.ts';

/** The parts of the API that we touch, and the permission that an account-owned or user token needs for each. */
export const permissions = {
  d1: 'Account · D1 · Edit',
  r2: 'Account · Workers R2 Storage · Edit',
  queues: 'Account · Queues · Edit',
  vectorize: 'Account · Vectorize · Edit',
  workers: 'Account · Workers Scripts · Edit',
} as const;

export type Area = keyof typeof permissions;

export const missingPermission = (area: Area, attempt: string): DeployFailure =>
  new DeployFailure(
    `The API token is not allowed to do this: ${attempt}. Give it the permission "${permissions[area]}" ` +
      `(https://dash.cloudflare.com/profile/api-tokens) and run this command again; it continues where it stopped.`,
  );

const envelope = z.object({
  success: z.boolean(),
  result: z.unknown(),
  errors: z.array(z.object({ code: z.number(), message: z.string() })),
});

/** "Authentication error", "Unauthorized to access requested resource", "not authorized to access this service". */
const PERMISSION_CODES: readonly number[] = [10000, 9109, 7403];
const TIMEOUT = 30_000;

/** Cloudflare's REST API v4, below one account. */
export class CloudflareApi {
  readonly #account: string;
  readonly #token: string;
  readonly #base: string;

  /** Reads the variables that wrangler reads too. */
  constructor(environment: Readonly<Record<string, string | undefined>>) {
    this.#token = required(environment, 'CLOUDFLARE_API_TOKEN');
    this.#account = required(environment, 'CLOUDFLARE_ACCOUNT_ID');
    this.#base = environment.CLOUDFLARE_API_BASE_URL ?? 'https://api.cloudflare.com/client/v4';
  }

  /** The result of a GET, or null when it is not found. */
  find<T>(path: string, schema: z.ZodType<T>): Promise<T | null> {
    return this.#call('GET', path, schema);
  }

  async send<T>(method: 'POST' | 'PUT', path: string, body: object, schema: z.ZodType<T>): Promise<T> {
    const result = await this.#call(method, path, schema, body);
    if (result === null) throw new DeployFailure(`${method} ${path}: not found.`);
    return result;
  }

  async #call<T>(method: string, path: string, schema: z.ZodType<T>, body?: object): Promise<T | null> {
    const response = await this.#fetch(method, path, body);
    if (method === 'GET' && (response.status === 404 || response.status === 410)) return null;
    const answer = envelope.safeParse(await response.json());
    if (!answer.success)
      throw new DeployFailure(
        `${method} ${path}: status ${response.status}, with a body that is not the API's.`,
      );
    if (answer.data.success) return schema.parse(answer.data.result);
    const { errors } = answer.data;
    if (errors.some((error) => PERMISSION_CODES.includes(error.code))) {
      throw missingPermission(areaOf(path), `${method} ${path}`);
    }
    const said = errors.map((error) => `${error.message} [code: ${error.code}]`).join('; ');
    throw new DeployFailure(`${method} ${path}: ${said || `status ${response.status}`}`);
  }

  async #fetch(method: string, path: string, body: object | undefined): Promise<Response> {
    try {
      return await fetch(`${this.#base}/accounts/${this.#account}/${path}`, {
        method,
        headers: { authorization: `Bearer ${this.#token}`, 'content-type': 'application/json' },
        signal: AbortSignal.timeout(TIMEOUT),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    } catch (error) {
      throw new DeployFailure(`${new URL(this.#base).host} does not answer: ${error}`);
    }
  }
}

function required(environment: Readonly<Record<string, string | undefined>>, name: string): string {
  const value = environment[name];
  if (value !== undefined && value !== '') return value;
  throw new DeployFailure(
    `${name} is not set. Deploying needs CLOUDFLARE_ACCOUNT_ID and a CLOUDFLARE_API_TOKEN with:\n` +
      Object.values(permissions)
        .map((permission) => `  ${permission}`)
        .join('\n'),
  );
}

function areaOf(path: string): Area {
  const area = path.split('/')[0];
  return area !== undefined && area in permissions ? (area as Area) : 'workers';
}
