// Who may import whom: the core decides, adapters fetch, Workers and Durable Objects only translate
// (docs/explanation/architecture.md).
const room = (name) => `^${name}/`;
const others = (...allowed) =>
  `^(?!(${allowed.join('|')})/)(app|contract|core|adapters|workers|durable-objects|local|evals|deploy|web|tests|benchmarks)/`;
const rule = (from, allowed, comment) => ({
  name: `${from}-imports`,
  severity: 'error',
  comment,
  from: { path: room(from), pathNot: '\\.test\\.ts$' },
  to: { path: others(...allowed) },
});

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    rule('contract', ['contract'], 'contract is a leaf: schemas of the API, and zod'),
    rule('core', ['core'], 'core decides and imports no other room'),
    rule('adapters', ['adapters', 'core'], "adapters implement core's interfaces"),
    rule(
      'durable-objects',
      ['durable-objects', 'contract', 'core', 'adapters'],
      'Durable Objects translate: storage, alarms and sockets to the core and back',
    ),
    rule('app', ['app', 'core', 'adapters'], 'what a user of Selvedge writes gets services, and no edge'),
    rule(
      'workers',
      ['workers', 'contract', 'core', 'adapters', 'app', 'durable-objects'],
      'Workers translate HTTP and queues',
    ),
    rule(
      'evals',
      ['evals', 'contract', 'core'],
      'the eval command meets the service over HTTP and shares its metrics',
    ),
    rule('web', ['web', 'contract'], 'the pages meet the service over HTTP'),
    rule(
      'deploy',
      ['deploy', 'app', 'adapters', 'core'],
      'deploying meets the account over REST, and reads the configuration as the Worker does',
    ),
    rule(
      'local',
      ['local', 'workers', 'app', 'deploy', 'adapters', 'core'],
      'the local account wraps the production Worker, derived from what is deployed',
    ),
    rule(
      'benchmarks',
      ['benchmarks', 'contract', 'core', 'evals', 'tests'],
      'benchmarks meet the service over HTTP, started as the tests start it',
    ),
    {
      name: 'nothing-imports-tests',
      severity: 'error',
      comment: 'helpers of tests are for tests and benchmarks',
      from: { pathNot: '^(tests|benchmarks)/|\\.test\\.tsx?$' },
      to: { path: '^(tests|benchmarks)/' },
    },
    {
      name: 'nothing-imports-workers',
      severity: 'error',
      comment: 'Workers are the edge: only the local account wraps them, and tests call them',
      from: { pathNot: '^(workers|local/account|tests)/' },
      to: { path: '^workers/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'only-the-entry-knows-the-app',
      severity: 'error',
      comment: 'createWorker takes any configuration',
      from: { path: '^workers/', pathNot: '^workers/index\\.ts$' },
      to: { path: '^app/' },
    },
    {
      name: 'core-has-no-platform',
      severity: 'error',
      comment:
        'core runs anywhere a test runs: no Cloudflare module, no Node module, no HTTP framework, no database',
      from: { path: '^core/', pathNot: '\\.test\\.ts$' },
      to: {
        path: '^(cloudflare:|node:|node_modules/(hono|drizzle-orm|wrangler|@cloudflare/workers-types)(/|$))',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'local-account-only-wraps',
      severity: 'error',
      comment: 'only the entry file of the local account knows the production Worker',
      from: { path: '^local/', pathNot: '^local/account/worker\\.ts$' },
      to: { path: '^workers/', dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // Bundles that wrangler leaves beside its configuration.
    exclude: { path: '(^|/)\\.wrangler/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.js', '.mjs'],
      exportsFields: ['exports'],
      conditionNames: ['workerd', 'import', 'default'],
    },
  },
};
