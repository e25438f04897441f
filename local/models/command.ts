import { parseArgs } from 'node:util';
import { isCached, modelCache } from './cache.ts';
import { fetchModels, hubAddress } from './fetch-models.ts';
import { bytesOf, type LocalModel, localModels } from './manifest.ts';
import { progressOn } from './progress.ts';

/** `npm run models` lists the local models; `npm run models -- fetch NAME…` brings some. */
const usage =
  'npm run models                    which models are here, and which can be fetched\nnpm run models -- fetch NAME…     fetch models by name';

const { positionals } = parseArgs({ allowPositionals: true });
const [verb, ...names] = positionals;
const cache = modelCache();

if (verb === undefined) list();
else if (verb === 'fetch' && names.length > 0) await fetchByName(names);
else {
  console.error(usage);
  process.exitCode = 2;
}

function list(): void {
  console.log(`Models in ${cache}\n`);
  for (const model of localModels) {
    const state = isCached(cache, model) ? 'here' : `${Math.round(bytesOf(model) / 1_000_000)} MB`;
    console.log(`${state.padStart(8)}  ${model.id} (${model.kind}, ${model.licence})`);
    console.log(`          ${model.description}; ${standing(model)}`);
  }
  console.log(`\n${usage}`);
}

function standing(model: LocalModel): string {
  return model.standsIn ? `stands in for ${model.answersFor}` : `is ${model.answersFor}`;
}

async function fetchByName(wanted: readonly string[]): Promise<void> {
  const unknown = wanted.find((name) => !localModels.some((model) => model.id === name));
  if (unknown !== undefined) {
    console.error(`No model '${unknown}'. Available: ${localModels.map((model) => model.id).join(', ')}.`);
    process.exitCode = 2;
    return;
  }
  const models = localModels.filter((model) => wanted.includes(model.id));
  const failed = await fetchModels(models, {
    cache,
    hub: hubAddress(),
    progress: progressOn(process.stderr),
  });
  for (const model of models) {
    const reason = failed.get(model);
    console.log(
      reason === undefined
        ? `${model.id} has been downloaded.`
        : `${model.id} could not be downloaded. ${reason}`,
    );
  }
  if (failed.size > 0) process.exitCode = 1;
  else if (models.some((model) => model.kind === 'chat' && !model.packaged)) {
    console.log('`npm start` will use it for chat.');
  }
}
