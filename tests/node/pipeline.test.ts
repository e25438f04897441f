import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parserLibraries } from '../../core/ingest/parser-versions.ts';
import type { ChatEntry } from '../../core/models/catalogue.ts';
import { fingerprint, type Pipeline, pipelineConstants, pipelineOf } from '../../core/pipeline.ts';
import packageJson from '../../package.json' with { type: 'json' };

const chat: ChatEntry = {
  name: 'writer',
  task: 'chat',
  target: { kind: 'openai', model: 'writer' },
  price: { kind: 'none' },
  capabilities: {
    answers: 'generate',
    tools: false,
    jsonSchema: false,
    contextTokens: 8_192,
    maxOutputTokens: 1_024,
  },
};

const pair = { embedder: '@cf/baai/bge-small-en-v1.5', reranker: '@cf/baai/bge-reranker-base' };

const through = (
  {
    embedder,
    reranker,
    dimensions = 384,
  }: { embedder: string; reranker: string; dimensions?: number } = pair,
  standsIn: string | null = null,
  entry = chat,
) =>
  pipelineOf(
    {
      embedder: { model: embedder, dimensions },
      reranker: { model: reranker },
      hostedModels: {
        list: async () => new Map([[reranker, { standsIn, answers: null, missing: null, notional: false }]]),
      },
    },
    entry,
  );

/** Every number, text and flag of a value, as the ways to it. */
function leaves(value: unknown, way: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [way];
  return Object.entries(value).flatMap(([key, member]) => leaves(member, [...way, key]));
}

/** A copy in which the value at the end of a way is another one. */
function changed(value: unknown, [key, ...rest]: readonly string[]): unknown {
  if (key === undefined) return typeof value === 'number' ? value + 1 : `${String(value)}!`;
  const copy = structuredClone(value) as Record<string, unknown>;
  copy[key] = changed(copy[key], rest);
  return copy;
}

describe('the fingerprint of the pipeline', () => {
  const pipeline = { constants: pipelineConstants } as unknown as Pipeline;

  test('PRM-3: changes with each registered constant, and with nothing else', async () => {
    const before = await fingerprint(pipeline);
    expect(before).toMatch(/^[0-9a-f]{16}$/);
    expect(await fingerprint(structuredClone(pipeline))).toBe(before);
    const ways = leaves(pipelineConstants);
    expect(ways.length).toBeGreaterThan(40);
    for (const way of ways) {
      const constants = changed(pipelineConstants, way);
      expect(await fingerprint({ ...pipeline, constants }), way.join('.')).not.toBe(before);
    }
  });

  /** What cannot change an answer, and why. */
  const elsewhere: Readonly<Record<string, string>> = {
    FALLBACK: 'a guess at the language; the phrases themselves are in the fingerprint',
    SHARE: 'a guess at the language',
    CHARACTER: 'a guess at the language',
    LETTER: 'a guess at the language',
    LONGEST_PROBLEM: 'length of an error that a model is told',
    DELTA: 'how a quoted answer is cut for streaming',
    SEPARATOR: 'the definition of the parsed text, fixed by the API',
    ROUGHLY: 'room for an answer whose limit nobody names; capabilities are in the fingerprint',
    SHORTEST_ANSWER: 'the same',
    FRAME_TOKENS: 'what is reserved',
    LOOKS: 'what is reserved',
  };

  test.each(['core/answer', 'core/retrieve', 'core/ingest'])(
    'PRM-3: no constant of %s is used and not registered',
    (folder) => {
      const ingest = new Set(['chunk.ts', 'segment.ts', 'block.ts']);
      const files = readdirSync(folder).filter(
        (name) =>
          name.endsWith('.ts') &&
          !name.endsWith('.test.ts') &&
          (folder !== 'core/ingest' || ingest.has(name)),
      );
      const registered = new Set(leaves(pipelineConstants).flat());
      const missing = files.flatMap((name) =>
        [...readFileSync(join(folder, name), 'utf8').matchAll(/^(?:export )?const ([A-Z][A-Z_]+)\b/gm)]
          .map(([, constant = '']) => constant)
          .filter((constant) => !registered.has(constant) && !(constant in elsewhere))
          .map((constant) => `${name}: ${constant}`),
      );
      expect(missing).toEqual([]);
    },
  );

  test('names the libraries that read documents by the versions that are installed', () => {
    const versions: Readonly<Record<string, string>> = packageJson.dependencies;
    for (const [name, version] of Object.entries(parserLibraries)) {
      expect(versions[name], `${name}: raise its version in core/ingest/parser-versions.ts`).toBe(version);
    }
  });

  test('names the models with their dimensions, and what stands in for them', async () => {
    const all = await Promise.all([
      through(),
      through({ ...pair, dimensions: 768 }),
      through({ ...pair, embedder: 'another' }),
      through({ ...pair, reranker: 'another' }),
      through(pair, 'ms-marco-MiniLM-L-12-v2'),
      through(pair, null, { ...chat, name: 'another' }),
      through(pair, null, { ...chat, target: { kind: 'openai', model: 'another' } }),
    ]);
    expect(new Set(all.map((one) => one.fingerprint)).size).toBe(all.length);
  });

  test('MOD-9: says whether the scores of its pair of models have been measured', async () => {
    expect(await through(pair, 'ms-marco-MiniLM-L-12-v2')).toMatchObject({ calibration: 'measured' });
    expect(await through(pair)).toMatchObject({ calibration: 'assumed' });
    expect(await through({ ...pair, reranker: 'another' })).toMatchObject({ calibration: 'fallback' });
  });
});
