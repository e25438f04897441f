import { errorMessage } from '../error-message.ts';
import type { Agent } from './graph.ts';

/** An agent, or how to make one: what a function throws is then the fault of that agent alone. */
export type AgentSource = Agent | (() => Agent);

/**
 * The agents of a deployment. They are somebody's own code, so one that is wrong is listed with what is wrong about it
 * and leaves the other agents working:
 *
 *  AGT-40 An agent that cannot be made, has an edge to nowhere or shares its name with another is in `broken` under its
 *        name and in `agents` not at all. Nothing here throws.
 */
export interface AgentRegistry {
  readonly agents: ReadonlyMap<string, Agent>;
  /** Name to reason. */
  readonly broken: ReadonlyMap<string, string>;
}

/** The name under which it is reported that the whole list could not be made. */
export const ALL_AGENTS = 'agents';

export function loadAgents(list: () => readonly AgentSource[]): AgentRegistry {
  const agents = new Map<string, Agent>();
  const broken = new Map<string, string>();
  let sources: readonly AgentSource[] = [];
  try {
    sources = list();
  } catch (error) {
    broken.set(ALL_AGENTS, `The list of agents could not be made: ${errorMessage(error)}`);
  }
  for (const [place, source] of sources.entries()) {
    let agent: Agent;
    try {
      agent = typeof source === 'function' ? source() : source;
    } catch (error) {
      const name = (typeof source === 'function' && source.name) || `${ALL_AGENTS}[${place}]`;
      broken.set(name, `The agent could not be made: ${errorMessage(error)}`);
      continue;
    }
    const { name } = agent;
    if (agents.has(name) || broken.has(name)) {
      agents.delete(name);
      broken.set(name, `Two agents have the name '${name}'.`);
    } else if (agent.problem !== undefined) broken.set(name, agent.problem);
    else agents.set(name, agent);
  }
  return { agents, broken };
}
