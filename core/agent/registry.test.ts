import { expect, test } from 'vitest';
import { type Agent, defineAgent } from './graph.ts';
import { loadAgents } from './registry.ts';

const agent = (name: string, next: string | null = null): Agent =>
  defineAgent<{ readonly a: number }, string>({
    name,
    title: name,
    description: '',
    inputSchema: {},
    start: 'only',
    nodes: { only: { run: () => ({}), next } },
    output: () => null,
  });

test('AGT-40: an agent with an edge to nowhere is reported by its name, and the others work', () => {
  const { agents, broken } = loadAgents(() => [agent('good'), agent('bad', 'nowhere')]);
  expect([...agents.keys()]).toEqual(['good']);
  expect([...broken]).toEqual([['bad', "Agent 'bad': the edge from 'only' leads to no node 'nowhere'"]]);
});

test('AGT-40: two agents of one name are an error for that name, and a third changes nothing', () => {
  const { agents, broken } = loadAgents(() => [agent('one'), agent('twin'), agent('twin'), agent('twin')]);
  expect([...agents.keys()]).toEqual(['one']);
  expect([...broken]).toEqual([['twin', "Two agents have the name 'twin'."]]);
});

test('AGT-40: what an agent or the whole list throws is an entry, never an exception', () => {
  const search = (): Agent => {
    throw new Error('No SEARCH_KEY.');
  };
  const { agents, broken } = loadAgents(() => [search, () => agent('good')]);
  expect([...agents.keys()]).toEqual(['good']);
  expect([...broken]).toEqual([['search', 'The agent could not be made: No SEARCH_KEY.']]);
  expect([...loadAgents(search as never).broken]).toEqual([
    ['agents', 'The list of agents could not be made: No SEARCH_KEY.'],
  ]);
});
