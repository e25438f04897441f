import { expect, test } from 'vitest';
import { d1Prompts } from '../../adapters/d1-prompts.ts';
import { asId, newId, type PromptId } from '../../core/identifier.ts';
import { type DeployedPrompts, definePrompt } from '../../core/prompts/definition.ts';
import { promptLibrary } from '../../core/prompts/library.ts';
import { d1OnNode } from './d1-on-node.ts';

/** The same database under one deployment after another. */
function bench() {
  const store = d1Prompts(d1OnNode('main'));
  const tenant = newId('tenant');
  const deployed = (prompts: Record<string, string>) => {
    const contents: DeployedPrompts = Object.fromEntries(
      Object.entries(prompts).map(([name, instructions]) => [name, definePrompt({ instructions })]),
    );
    const library = promptLibrary({ store, clock: () => 1_000, deployed: contents });
    return {
      library,
      resolve: (id: string, version?: number) => library.resolve(tenant, { id: asId<PromptId>(id), version }),
      write: (id: string, text: string) =>
        library.create(tenant, asId(id), definePrompt({ instructions: text })),
      produce: (id: string, version: number) => library.label(tenant, asId(id), 'production', version),
    };
  };
  return { tenant, deployed };
}

const range = { limit: 20, after: null };

test('PRM-4: a deployed prompt is version 1 of every tenant, and new text is a new version', async () => {
  const { tenant, deployed } = bench();
  const first = await deployed({ support: '\nBe brief.\n' }).resolve('support');
  expect(first).toMatchObject({ version: 1, instructions: 'Be brief.', labels: ['deployed', 'production'] });
  const second = deployed({ support: 'Be kind.' });
  expect(await second.resolve('support')).toMatchObject({ version: 2, labels: ['deployed', 'production'] });
  expect(await second.resolve('support', 1)).toMatchObject({ instructions: 'Be brief.', labels: [] });
  const list = await second.library.list(tenant, range);
  expect(list.data).toMatchObject([{ id: 'default' }, { id: 'support', latestVersion: 2 }]);
  // Text that comes back is the version that it was; text that goes leaves its versions.
  expect(await deployed({ support: 'Be brief.' }).resolve('support')).toMatchObject({ version: 1 });
  expect(await deployed({}).resolve('support')).toMatchObject({ version: 1 });
});

test('PRM-4: the name of a prompt that the tenant wrote itself is left alone', async () => {
  const { tenant, deployed } = bench();
  await deployed({}).write('support', 'Ours.');
  const later = deployed({ support: 'Be brief.' });
  expect(await later.resolve('support')).toMatchObject({ version: 1, instructions: 'Ours.' });
  expect((await later.library.versions(tenant, asId('support'), range)).data).toHaveLength(1);
});

test('PRM-5: production follows the file only while it points to its version', async () => {
  const { tenant, deployed } = bench();
  const first = deployed({ support: 'One.' });
  await first.resolve('support');
  await first.write('support', 'Ours.');
  await first.produce('support', 2);
  const second = deployed({ support: 'Two.' });
  expect(await second.resolve('support')).toMatchObject({ version: 2, instructions: 'Ours.' });
  const { data } = await second.library.versions(tenant, asId('support'), range);
  expect(data.map(({ version, labels }) => [version, labels])).toEqual([
    [3, ['deployed']],
    [2, ['production']],
    [1, []],
  ]);
  await second.produce('support', 3);
  expect(await deployed({ support: 'Three.' }).resolve('support')).toMatchObject({ version: 4 });
});

test('PRM-4: a deployed `default` comes after the version that has answered so far', async () => {
  const { deployed } = bench();
  const before = await deployed({}).resolve('default');
  const after = deployed({ default: 'In rhymes.' });
  expect(await after.resolve('default')).toMatchObject({ version: 2, instructions: 'In rhymes.' });
  expect(await after.resolve('default', 1)).toMatchObject({ hash: before.hash });
  await expect(after.library.label(newId('tenant'), asId('default'), 'deployed', 1)).rejects.toThrow(
    /'deployed'/,
  );
});

test('PRM-4: twenty requests at once make one version', async () => {
  const { tenant, deployed } = bench();
  const library = deployed({ support: 'One.' });
  const all = await Promise.all(Array.from({ length: 20 }, () => library.resolve('support')));
  expect(new Set(all.map(({ version }) => version))).toEqual(new Set([1]));
  expect((await library.library.versions(tenant, asId('support'), range)).data).toHaveLength(1);
});
