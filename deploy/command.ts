import { spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { errorMessage } from '../core/error-message.ts';
import { checkAgents } from './agents.ts';
import { buildBundle, checkedSize } from './bundle.ts';
import { CloudflareApi } from './cloudflare-api.ts';
import { nameOfBuilder, readConfiguration } from './configuration.ts';
import { DeployFailure } from './deploy-failure.ts';
import { describeKeyless, readApp, readDeployment } from './deployment.ts';
import { releaseSteps, secretNames } from './release.ts';
import { resourceSteps } from './resources.ts';
import { type PlannedStep, planned } from './step.ts';

const usage = `npm run deploy -- [--yes] [--skip-build] [--stage NAME]

Deploys Selvedge to the Cloudflare account CLOUDFLARE_ACCOUNT_ID with the token CLOUDFLARE_API_TOKEN: prints a plan,
asks, and carries it out. Running it again creates only what is missing or has changed. Where Cloudflare builds
(WORKERS_CI=1) nobody is asked, and no key is printed into the build's log.

  --yes         do not ask
  --skip-build  deploy dist/web as it is
  --stage NAME  a second deployment in the same account: every name of it ends in -NAME
`;

async function deploy(root: string): Promise<void> {
  const options = parsedOptions();
  const api = new CloudflareApi(process.env);
  const app = await readApp(root);
  const onBuilder = process.env.WORKERS_CI === '1';
  const configuration = onBuilder
    ? nameOfBuilder(await readConfiguration(root, app.names, options.stage), process.env)
    : await readConfiguration(root, app.names, options.stage);
  const deployment = readDeployment(process.env, app.catalogue);
  const secrets = await secretNames(api, configuration);
  checkAgents(app, configuration, { ...heldBack(secrets), ...deployment.variables });
  const databaseIds = new Map<string, string>();
  const resources = await planned(resourceSteps(api, configuration, deployment.vectors, databaseIds));
  if (!options['skip-build']) buildPage(root);
  const bundle = await buildBundle(root);
  const release = await planned(
    releaseSteps({
      root,
      api,
      configuration,
      databaseIds,
      bundleHash: bundle.hash,
      secrets: deployment.variables,
      hasChosenKey: secrets.includes('ADMIN_KEY') || 'ADMIN_KEY' in deployment.variables,
      show: onBuilder ? null : (key) => console.log(`Your first admin key, shown only once: ${key}`),
    }),
  );
  const plan = [...resources, ...release];
  console.log(`Worker: ${checkedSize(bundle)}\n`);
  for (const keyless of deployment.withoutKey) {
    if (!secrets.includes(keyless.secret)) console.log(`${describeKeyless(keyless)}\n`);
  }
  for (const step of plan) console.log(`${step.done ? '  unchanged' : '+ create   '}  ${step.label}`);
  if (plan.every((step) => step.done)) {
    console.log('\nNothing to do. The account is up to date.');
    return;
  }
  await confirm(options.yes || onBuilder);
  await carryOut(plan);
}

/** Values of secrets cannot be read again; that an agent finds one is all that making it needs. */
const heldBack = (names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, 'held back']));

async function carryOut(plan: readonly PlannedStep[]): Promise<void> {
  for (const step of plan) {
    if (step.done) continue;
    console.log(`\n${step.label} …`);
    await step.carryOut();
  }
  console.log('\nDeployed.');
}

function buildPage(root: string): void {
  const { status } = spawnSync('npm', ['run', 'build'], { cwd: root, stdio: 'inherit' });
  if (status !== 0) throw new DeployFailure('The page could not be built (see above).');
}

async function confirm(yes: boolean): Promise<void> {
  if (yes) return;
  if (!process.stdin.isTTY)
    throw new DeployFailure('\nNothing has been changed. Add --yes to deploy without being asked.');
  const prompt = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await prompt.question('\nContinue? [y/N] ');
  prompt.close();
  if (!/^y(es)?$/i.test(answer.trim())) throw new DeployFailure('Nothing has been changed.');
}

function parsedOptions(): { yes: boolean; 'skip-build': boolean; stage?: string } {
  const option = { type: 'boolean', default: false } as const;
  try {
    const { stage, ...values } = parseArgs({
      options: { yes: option, 'skip-build': option, stage: { type: 'string' } },
    }).values;
    if (stage === undefined) return values;
    if (!/^[a-z0-9]{1,20}$/.test(stage)) {
      throw new Error(`--stage takes up to 20 lower-case letters and digits, not '${stage}'.`);
    }
    return { ...values, stage };
  } catch (error) {
    throw new DeployFailure(`${errorMessage(error)}\n\n${usage}`);
  }
}

try {
  await deploy(dirname(dirname(fileURLToPath(import.meta.url))));
} catch (error) {
  if (!(error instanceof DeployFailure)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
