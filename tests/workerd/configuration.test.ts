import { expect, test } from 'vitest';
import { defineConfig, definePrompt } from '../../adapters/configuration.ts';
import { configured } from './configured.ts';

test('PRM-4: a prompt of the configuration is found, listed and versioned like any other', async () => {
  const call = await configured({ prompts: { support: definePrompt({ instructions: 'Be brief.' }) } });
  expect(await call('/api/prompts/support')).toMatchObject({
    status: 200,
    body: { id: 'support@1', labels: ['deployed', 'production'], retrieval: { max_results: 6 } },
  });
  expect(await call('/api/prompts')).toMatchObject({
    body: { data: [{ id: 'default' }, { id: 'support' }] },
  });
  const own = await call('/api/prompts/support/versions', { instructions: 'Be kind.' });
  expect(own).toMatchObject({ status: 201, body: { id: 'support@2', labels: [] } });
});

test('DEP-5: a configuration that cannot work names the field', () => {
  const prompt = definePrompt({ instructions: ' ' });
  expect(() => defineConfig({ agents: () => [], prompts: { support: prompt } })).toThrow(
    /prompts\.support\.instructions/,
  );
  const parsers = [{ extensions: ['.ics'], mediaTypes: [], parse: () => [] }];
  expect(() => defineConfig({ agents: () => [], parsers })).toThrow(/parsers\[0\]\.extensions/);
  expect(() => defineConfig({ agents: () => [], prompts: { 'My prompt': prompt } })).toThrow(/My prompt/);
});
