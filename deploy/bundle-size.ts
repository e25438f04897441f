import { buildBundle, checkedSize } from './bundle.ts';
import { DeployFailure } from './deploy-failure.ts';

/** `npm run bundle`: prints the size of the Worker and fails when it is above our limit. */
try {
  console.log(`Worker: ${checkedSize(await buildBundle(process.cwd()))}`);
} catch (error) {
  if (!(error instanceof DeployFailure)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
