import { expect, test } from 'vitest';
import { defineConfig } from '../adapters/configuration.ts';
import app from '../app/selvedge.config.ts';
import { defineAgent } from '../core/agent/graph.ts';
import { brokenAgents, checkAgents } from './agents.ts';
import { readConfiguration } from './configuration.ts';
import { DeployFailure } from './deploy-failure.ts';

const configuration = await readConfiguration(process.cwd());

type Count = { readonly n: number };
const counter = (name: string, next: string | null = null) =>
  defineAgent<Count, string>({
    name,
    title: name,
    description: 'Counts.',
    inputSchema: { type: 'object' },
    start: 'count',
    nodes: { count: { run: ({ n }) => ({ n: n + 1 }), next } },
    output: ({ n }) => ({ n }),
  });

test('the agents that ship can be made without an account', () => {
  expect(brokenAgents(app, configuration, {})).toEqual(new Map());
});

test('DEP-8: each agent that does not work is named, with what is wrong, and nothing goes on', () => {
  const own = defineConfig({
    agents: ({ env }) => [
      counter('fine'),
      counter('lost', 'nowhere'),
      counter('twin'),
      counter('twin'),
      function needsKey() {
        if (!('WEATHER_KEY' in env)) throw new Error('WEATHER_KEY is not set.');
        return counter('weather');
      },
    ],
  });
  const broken = brokenAgents(own, configuration, {});
  expect([...broken.keys()].sort()).toEqual(['lost', 'needsKey', 'twin']);
  expect(() => checkAgents(own, configuration, {})).toThrow(DeployFailure);
  expect(() => checkAgents(own, configuration, {})).toThrow(
    /Nothing has been changed[\s\S]*lost: .*no node 'nowhere'[\s\S]*needsKey: .*WEATHER_KEY is not set/,
  );
  expect([...brokenAgents(own, configuration, { WEATHER_KEY: 'k' }).keys()].sort()).toEqual(['lost', 'twin']);
});

test('an author may pass bindings on, and prepare with them, while an agent is made', () => {
  const own = defineConfig({
    agents: ({ env }) => {
      const statement = env.DB.prepare('SELECT 1').bind(2);
      const stub = env.SWEEPER.getByName('one');
      return statement !== undefined && stub !== undefined ? [counter('bound')] : [];
    },
  });
  expect(brokenAgents(own, configuration, {})).toEqual(new Map());
});
