import type { Configuration as App } from '../adapters/configuration.ts';
import type { Environment } from '../adapters/environment.ts';
import { createServices } from '../adapters/services.ts';
import { bindingNames, type Configuration } from './configuration.ts';
import { DeployFailure } from './deploy-failure.ts';
import type { Variables } from './deployment.ts';

/**
 * The agents of a configuration that do not work, by name, with what is wrong: made as the Worker makes them, out of the
 * same services, over bindings that lead nowhere.
 */
export function brokenAgents(
  app: App,
  configuration: Configuration,
  variables: Variables,
): ReadonlyMap<string, string> {
  const bindings = bindingNames(configuration).map((name) => [name, inert()] as const);
  const env = { ...configuration.vars, ...variables, ...Object.fromEntries(bindings) };
  return createServices(env as unknown as Environment, app, {
    waitUntil: () => undefined,
    pdfium: () => Promise.reject(new Error('No page is drawn while deploying.')),
  }).brokenAgents;
}

/**
 *  DEP-8 An agent that cannot be made, has an edge to nowhere or shares its name with another is named before anything of
 *        the account is changed.
 */
export function checkAgents(app: App, configuration: Configuration, variables: Variables): void {
  const broken = brokenAgents(app, configuration, variables);
  if (broken.size === 0) return;
  throw new DeployFailure(
    `Nothing has been changed, because of agents in app/selvedge.config.ts:\n${describeBroken(broken)}`,
  );
}

export const describeBroken = (broken: ReadonlyMap<string, string>): string =>
  [...broken].map(([name, problem]) => `  ${name}: ${problem}`).join('\n');

/** What can be passed on, called and looked into, as an author may do with a binding while an agent is made. */
function inert(): unknown {
  return new Proxy(() => undefined, {
    get: (_, property) => (typeof property === 'symbol' || property === 'then' ? undefined : inert()),
    apply: () => inert(),
    construct: () => inert() as object,
  });
}
