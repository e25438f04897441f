import type { DatabaseSync } from 'node:sqlite';

/** One Cloudflare account in memory, empty at first. D1 is SQLite, so that migrations really run. */
export class Account {
  readonly databases = new Map<string, { readonly name: string; readonly sqlite: DatabaseSync }>();
  readonly buckets = new Set<string>();
  readonly queues = new Map<string, Queue>();
  readonly indexes = new Map<string, VectorIndex>();
  readonly scripts = new Map<string, Script>();
  /** Static assets that were uploaded, by hash. */
  readonly assets = new Set<string>();

  database(name: string): DatabaseSync {
    const [database] = [...this.databases.values()].filter((each) => each.name === name);
    return found(database, 7404, `database ${name}`).sqlite;
  }
}

export interface Queue {
  readonly name: string;
  readonly consumers: Map<string, object>;
}

export interface VectorIndex {
  readonly config: unknown;
  readonly metadata: unknown[];
}

export interface Script {
  readonly versions: Version[];
  readonly secrets: Map<string, string>;
  schedules: unknown;
  workersDev: boolean;
}

export interface Version {
  readonly id: string;
  /** What was uploaded with the code. */
  readonly metadata: {
    readonly bindings?: readonly { readonly type: string; readonly name: string; readonly text?: string }[];
    readonly annotations?: Readonly<Record<string, string>>;
    readonly migrations?: { readonly new_tag?: string };
  };
}

/** What the API answers instead of a result. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: number;

  constructor(status: number, code: number, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export function found<T>(value: T | undefined, code: number, what: string): T {
  if (value === undefined) throw new Refusal(404, code, `${what} not found`);
  return value;
}

export interface Call {
  readonly account: Account;
  readonly query: URLSearchParams;
  /** A segment of the path by its name in the pattern. */
  segment(name: string): string;
  json<T>(): T;
  form(): Promise<FormData>;
}

/** "METHOD path" below the account, where `:name` is one segment, and what answers it. */
export type Routes = Readonly<Record<string, (call: Call) => unknown>>;
