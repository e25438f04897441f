import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-plugin';
import { minifySync, type Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import { readDeployment } from './deploy/deployment.ts';
import { writeLocalConfiguration } from './local/account-configuration.ts';

/**
 * When a second file starts, the pool sends it all modules that the first ones loaded in one WebSocket message, and workerd
 * takes 32 MiB. Source maps with their sources, white space and comments of packages are most of that, and nobody debugs
 * packages here.
 */
const slimPackages: Plugin = {
  name: 'slim-packages',
  enforce: 'post',
  transform(code, id) {
    if (!id.includes('/node_modules/')) return undefined;
    const slim = minifySync(id, code, {
      compress: false,
      mangle: false,
      codegen: { removeWhitespace: true },
    });
    return { code: slim.errors.length === 0 ? slim.code : code, map: { mappings: '' } };
  },
};

const localAccount = await writeLocalConfiguration(import.meta.dirname, readDeployment({}).vectors);

/** Milliseconds after which a test hangs. Far above what any takes: a busy machine is no fault of the code. */
const PATIENCE = 60_000;

/**
 * The test projects. `node`: the core and the laptop's tools, no platform. `workerd`: the real Worker with real D1,
 * R2, queues and Durable Objects, through HTTP. `system`: `npm start` as a user runs it, with the official
 * clients and a browser; it runs apart from the others, for its processes want the cores. Two are not part of `npm test`:
 * `clients` runs unmodified clients of others against `npm start` (`npm run test:clients`), `crash` kills it again and
 * again (`npm run test:crash`).
 */
export default defineConfig({
  test: {
    // The default is one fewer than the cores: one, where there are two. Most of these tests wait most of the time.
    maxWorkers: 2,
    reporters: ['default', './tests/closing-line.ts'],
    projects: [
      {
        test: {
          name: 'node',
          testTimeout: PATIENCE,
          hookTimeout: PATIENCE,
          include: ['{core,local,deploy,evals}/**/*.test.ts', 'tests/node/**/*.test.ts'],
        },
      },
      {
        plugins: [
          slimPackages,
          cloudflareTest(async () => ({
            remoteBindings: false,
            wrangler: {
              configPath: localAccount,
            },
            miniflare: {
              bindings: {
                // The name under which the tests call the Worker.
                PAGE_HOSTS: 'selvedge.test',
                MODEL_SERVER_URL: `http://127.0.0.1:${process.env.SELVEDGE_TEST_MODEL_PORT ?? 8798}`,
                MAIN_MIGRATIONS: await readD1Migrations('migrations/main'),
                SEARCH_MIGRATIONS: await readD1Migrations('migrations/search'),
              },
            },
          })),
        ],
        test: {
          name: 'workerd',
          testTimeout: PATIENCE,
          hookTimeout: PATIENCE,
          include: ['tests/workerd/**/*.test.ts'],
          setupFiles: ['tests/workerd/setup.ts'],
          globalSetup: [
            'tests/page-build.ts',
            'tests/model-server.ts',
            'tests/upstream.ts',
            'tests/mcp-server.ts',
          ],
        },
      },
      {
        test: {
          name: 'system',
          include: ['tests/system/**/*.test.ts', 'tests/browser/**/*.test.ts'],
          sequence: { groupOrder: 1 },
          testTimeout: 120_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          name: 'clients',
          include: ['tests/clients/**/*.test.ts'],
          globalSetup: ['tests/clients/setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          name: 'crash',
          include: ['tests/crash/**/*.test.ts'],
          fileParallelism: false,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
