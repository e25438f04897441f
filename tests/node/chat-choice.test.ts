import { expect, test } from 'vitest';
import { configuredCatalogue } from '../../adapters/catalogue-configuration.ts';
import { catalogueFor } from '../../local/chat-choice.ts';

test.each([
  ['openai/gpt-5-mini', { kind: 'openai', model: 'gpt-5-mini' }],
  ['anthropic/claude-haiku-4-5', { kind: 'anthropic', model: 'claude-haiku-4-5' }],
  [
    'ollama/llama3.2:3b',
    { kind: 'openai-compatible', model: 'llama3.2:3b', baseUrl: 'http://127.0.0.1:11434/v1', secret: null },
  ],
])('SELVEDGE_CHAT_MODEL=%s is what the Worker then takes for `default`', (choice, target) => {
  const CATALOGUE = catalogueFor(choice, undefined);
  const catalogue = configuredCatalogue({ CATALOGUE } as Parameters<typeof configuredCatalogue>[0]);
  expect(catalogue.aliases.default).toBe(choice);
  expect(catalogue.entries.find((entry) => entry.name === choice)).toMatchObject({ task: 'chat', target });
});

test('a name that the catalogue has already only moves the alias, and what was configured stays', () => {
  const own = { aliases: { fast: '@cf/baai/bge-small-en-v1.5' } };
  expect(JSON.parse(catalogueFor('my-model', JSON.stringify(own)) ?? '')).toEqual({
    models: [],
    aliases: { fast: '@cf/baai/bge-small-en-v1.5', default: 'my-model' },
  });
  expect(catalogueFor(undefined, 'anything')).toBe('anything');
});
