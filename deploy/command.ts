import { spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildBundle, checkedSize } from './bundle.ts';
import { CloudflareApi } from './cloudflare-api.ts';
import { readConfiguration } from './configuration.ts';
import { releaseSteps } from './release.ts';
import { resourceSteps } from './resources.ts';
import { type PlannedStep, planned } from './step.ts';
import { Trouble } from './trouble.ts';

const usage = `npm run deploy -- [--yes] [--skip-build]

Puts Selvedge into the Cloudflare account of CLOUDFLARE_ACCOUNT_ID with the token CLOUDFLARE_API_TOKEN: shows what
is there and what it will make, asks, and makes it. Running it again makes only what is missing or has changed.

  --yes         do not ask
  --skip-build  deploy the page as it lies in dist/web
`;

/** Set in the environment, they become secrets of the Worker (docs/how-to/deploy.md). */
const secretNames = [
  'OPENAI_API_KEY',
  'ANTHROPIC_API_KEY',
  'CATALOGUE',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'OTEL_EXPORTER_OTLP_PROTOCOL',
  'OTEL_EXPORTER_OTLP_HEADERS',
];

async function deploy(root: string): Promise<void> {
  const options = parsedOptions();
  const api = new CloudflareApi(process.env);
  const configuration = await readConfiguration(root);
  const databaseIds = new Map<string, string>();
  const resources = await planned(resourceSteps(api, configuration, databaseIds));
  if (!options['skip-build']) buildPage(root);
  const bundle = await buildBundle(root);
  const release = await planned(
    releaseSteps({
      root,
      api,
      configuration,
      databaseIds,
      bundleHash: bundle.hash,
      secrets: secrets(),
      show: (key) => console.log(`Your first admin key, shown only now: ${key}`),
    }),
  );
  const plan = [...resources, ...release];
  console.log(`Worker: ${checkedSize(bundle)}\n`);
  for (const step of plan) console.log(`${step.done ? '  there   ' : '+ to make '} ${step.label}`);
  if (plan.every((step) => step.done)) {
    console.log('\nNothing to do.');
    return;
  }
  await confirm(options.yes);
  await carryOut(plan);
}

async function carryOut(plan: readonly PlannedStep[]): Promise<void> {
  for (const step of plan) {
    if (step.done) continue;
    console.log(`\n${step.label} …`);
    await step.carryOut();
  }
  console.log('\nDeployed.');
}

function secrets(): Record<string, string> {
  const given = secretNames.map((name) => [name, process.env[name] ?? ''] as const);
  return Object.fromEntries(given.filter(([, text]) => text !== ''));
}

function buildPage(root: string): void {
  const { status } = spawnSync('npm', ['run', 'build'], { cwd: root, stdio: 'inherit' });
  if (status !== 0) throw new Trouble('The page could not be built (see above).');
}

async function confirm(yes: boolean): Promise<void> {
  if (yes) return;
  if (!process.stdin.isTTY)
    throw new Trouble('\nNothing is changed yet. Add --yes to go on without being asked.');
  const prompt = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await prompt.question('\nGo on? [y/N] ');
  prompt.close();
  if (!/^y(es)?$/i.test(answer.trim())) throw new Trouble('Nothing is changed.');
}

function parsedOptions(): { yes: boolean; 'skip-build': boolean } {
  const option = { type: 'boolean', default: false } as const;
  try {
    return parseArgs({ options: { yes: option, 'skip-build': option } }).values;
  } catch (error) {
    throw new Trouble(`${error instanceof Error ? error.message : error}\n\n${usage}`);
  }
}

try {
  await deploy(dirname(dirname(fileURLToPath(import.meta.url))));
} catch (error) {
  if (!(error instanceof Trouble)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
