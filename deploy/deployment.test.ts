import { expect, test } from 'vitest';
import { DeployFailure } from './deploy-failure.ts';
import { readDeployment } from './deployment.ts';

const ownModel = {
  name: 'support-8b',
  task: 'chat',
  target: {
    kind: 'vllm',
    model: 'support-8b',
    base_url: 'https://models.example/v1',
    key_secret: 'SUPPORT_KEY',
  },
};

test("DEP-1: the index has the dimensions of the catalogue's default embedding model", () => {
  expect(readDeployment({}).vectors).toEqual({ dimensions: 384 });
});

test('DEP-2: a secret that the catalogue names reaches the Worker, and nothing else of the environment does', () => {
  const environment = {
    CATALOGUE: JSON.stringify({ models: [ownModel] }),
    SUPPORT_KEY: 'secret',
    OPENAI_API_KEY: '',
    UNRELATED: 'stays here',
  };
  expect(readDeployment(environment).variables).toEqual({
    CATALOGUE: environment.CATALOGUE,
    SUPPORT_KEY: 'secret',
  });
});

test('DEP-13: a model whose secret is missing is named with it', () => {
  const CATALOGUE = JSON.stringify({
    models: [ownModel, { ...ownModel, name: 'open', target: { ...ownModel.target, key_secret: undefined } }],
  });
  expect(readDeployment({ CATALOGUE }).withoutKey).toEqual([{ model: 'support-8b', secret: 'SUPPORT_KEY' }]);
  expect(readDeployment({ CATALOGUE, SUPPORT_KEY: 'x' }).withoutKey).toEqual([]);
  expect(readDeployment({}).withoutKey).toEqual([]);
});

test('DEP-3: a catalogue that the Worker would refuse is refused before anything is started', () => {
  expect(() => readDeployment({ CATALOGUE: '{"models": 7}' })).toThrow(DeployFailure);
  expect(() => readDeployment({ CATALOGUE: '{"aliases": {"default": "nobody"}}' })).toThrow(/nobody/);
});
