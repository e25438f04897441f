import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import type { Place } from './setup.ts';

/** What a script of one client prints, each after a mark: its versions, a line a case, and how many cases there were. */
const versionsLine = z.object({ versions: z.record(z.string(), z.string()) });
const outcomeLine = z.object({ capability: z.string(), title: z.string(), fault: z.string().nullable() });
const line = z.union([versionsLine, outcomeLine, z.object({ cases: z.int().positive() })]);
export type Outcome = z.infer<typeof outcomeLine>;

export interface Report {
  readonly versions: Readonly<Record<string, string>>;
  readonly outcomes: readonly Outcome[];
  /** Why the script did not come to its end; null when it did. */
  readonly broken: string | null;
}

/** Before each line of ours, for some clients print lines of their own. */
const MARK = 'report: ';

/** No client takes longer; the slowest needs some 20 s on two busy cores. */
const LIMIT = 180_000;

/**
 * Runs a script with nothing of our environment but the path: no key of a developer reaches it, telemetry is off by the
 * variables that each client documents, and what calls outside all the same ends at a proxy that remembers it.
 */
export async function runClient(
  command: string,
  script: readonly string[],
  place: Place,
  more: Readonly<Record<string, string>>,
): Promise<Report> {
  const child = spawn(command, script, {
    env: { PATH: process.env.PATH, LANG: 'C.UTF-8', ...environment(place), ...more },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: LIMIT,
  });
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(code === 0 ? '' : `It ended with ${code ?? signal}.`));
  });
  const [printed, complained, end] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  const lines = printed
    .split('\n')
    .filter((each) => each.startsWith(MARK))
    .map((each) => line.parse(JSON.parse(each.slice(MARK.length))));
  const outcomes = lines.filter((each) => 'capability' in each);
  const cases = lines.find((each) => 'cases' in each)?.cases;
  return {
    versions: lines.find((each) => 'versions' in each)?.versions ?? {},
    outcomes,
    broken:
      end === '' && cases === outcomes.length
        ? null
        : `${outcomes.length} of ${cases ?? 'unknown'} cases. ${end}\n${complained.slice(-3_000)}`,
  };
}

const environment = ({ url, key, store, upstream, outside }: Place) => ({
  OPENAI_BASE_URL: `${url}/v1`,
  // LlamaIndex keeps to the older name.
  OPENAI_API_BASE: `${url}/v1`,
  OPENAI_API_KEY: key,
  SELVEDGE_STORE: store,
  SELVEDGE_UPSTREAM: upstream,
  HTTPS_PROXY: outside,
  HTTP_PROXY: outside,
  NO_PROXY: '127.0.0.1,localhost',
  PYTHONUNBUFFERED: '1',
  PYTHONWARNINGS: 'ignore',
  DO_NOT_TRACK: '1',
  AI_SDK_LOG_WARNINGS: 'false',
  HAYSTACK_TELEMETRY_ENABLED: 'False',
  HF_HUB_DISABLE_TELEMETRY: '1',
  HF_HUB_OFFLINE: '1',
  LANGSMITH_TRACING: 'false',
  OPENAI_AGENTS_DISABLE_TRACING: '1',
});
