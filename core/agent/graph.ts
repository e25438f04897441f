import type { Failure } from '../failure.ts';
import type { JsonSchema } from '../json-schema.ts';
import { freezeJson, type Json, type State } from './json.ts';
import type { Tool } from './tool.ts';

/**
 * An agent is a graph of nodes over a state.
 *
 * Boundary. A node is a function that returns what it writes, or a generator that first yields what it wants of
 * the world (`call`, `ask`); there are no promises in it. The engine owns the world, the clock and the journal. A node
 * can therefore be run again from its first line at any time, and costs nothing to run again.
 *
 *  AGT-1 A node is a pure function of the state and of the replies to what it yielded.
 *  AGT-2 State changes only by a node's write (or a fork's), key by key, through the key's reducer if it has one.
 *  AGT-3 An edge is chosen when the step is committed and is journaled; later code does not choose it again.
 *  AGT-4 Within a step every effect has a name of its own.
 *  AGT-5 States, arguments and results are frozen JSON: code that changes one in place fails at once, and what the
 *        journal holds never changes under it. A write that JSON cannot hold fails its node.
 */
export interface Node<S extends State, Names extends string = string> {
  run(state: S): Partial<S> | Work<Partial<S>>;
  readonly next: Edge<S, Names>;
}

export type Work<Result> = Generator<Request, Result, Reply>;

export type Request = Call | Question;

export interface Call {
  readonly kind: 'call';
  readonly name: string;
  readonly tool: Tool<Json, Json>;
  readonly args: Json;
}

export interface Question {
  readonly kind: 'question';
  readonly name: string;
  readonly message: string;
  /** What the answer must be. */
  readonly schema: JsonSchema;
}

/** What the engine gives back for a request. A failed call is thrown into the node as `EffectFailed`. */
export type Reply =
  | { readonly kind: 'done'; readonly args: Json; readonly result: Json; readonly key: string }
  | { readonly kind: 'answered'; readonly value: Json }
  | { readonly kind: 'rejected'; readonly reason: string | null };

/**
 * The effect did not happen: its tool said so, or its arguments break the tool's schema (`invalid_request`). A node may
 * catch it; a run whose node does not has failed.
 */
export class EffectFailed extends Error {
  override readonly name = 'EffectFailed';
  readonly code: Failure['code'] | 'attempts_exhausted';

  constructor(code: EffectFailed['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/** The node that comes next; null ends the run. A chosen edge lists where it may lead. */
export type Edge<S extends State, Names extends string = string> =
  | Names
  | null
  | { readonly to: readonly (Names | null)[]; choose(state: S): Names | null };

export interface Agent<S extends State = State, Names extends string = string> {
  /** As in the URL: lower case and hyphens. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: JsonSchema;
  readonly start: Names;
  readonly nodes: Readonly<Record<Names, Node<S, Names>>>;
  /** How a written value joins the one before it; a key without a reducer is replaced. */
  readonly reducers?: { [Key in keyof S]?: Reducer };
  output(state: S): Json;
  /** Set by `defineAgent`: why no run of this agent can start. */
  readonly problem?: string;
}

export type Reducer = (before: Json | undefined, written: Json) => Json;

/**
 * `defineAgent<OrderState, 'ship' | 'tell'>({ … })`: the state's type and the nodes' names. The compiler refuses a node
 * that is missing and an edge to one that does not exist; where names are only known at run time (`string`), such an
 * edge becomes the agent's `problem`: it is listed with it, and the agents beside it work. It forgets the state's type: the journal holds JSON that `inputSchema` checked
 * or the agent's own nodes wrote.
 */
export function defineAgent<S extends State, Names extends string>(agent: Agent<S, Names>): Agent {
  const erased: Agent = agent;
  const known = new Set(Object.keys(erased.nodes));
  const edges = Object.entries(erased.nodes).map(([from, node]) => [from, targets(node.next)] as const);
  for (const [from, to] of [['start', [erased.start]] as const, ...edges]) {
    const missing = to.find((name) => name !== null && !known.has(name));
    if (missing !== undefined) {
      const problem = `Agent '${agent.name}': the edge from '${from}' leads to no node '${missing}'`;
      return { ...erased, problem };
    }
  }
  return erased;
}

const targets = (edge: Edge<never>): readonly (string | null)[] =>
  edge !== null && typeof edge === 'object' ? edge.to : [edge];

/** Throws `RangeError` where `choose` leaves its own list: the list is what people see of an edge. */
export function follow(edge: Edge<State>, state: State): string | null {
  if (edge === null || typeof edge !== 'object') return edge;
  const chosen = edge.choose(state);
  if (!edge.to.includes(chosen)) {
    throw new RangeError(`its edge chose '${chosen}', which its list (${edge.to.join(', ')}) does not hold`);
  }
  return chosen;
}

/** What a step adds: the node's write, and over it what a fork has merged in. */
interface Written {
  readonly write: State;
  readonly patch?: State | null;
}

/** The state after all of these (AGT-2, AGT-5). Kept in a map, so that a long run is folded in one pass. */
export function fold(agent: Agent, before: State, steps: readonly Written[]): State {
  const state = new Map(Object.entries(freezeJson(before, 'state')));
  for (const { write, patch } of steps) {
    for (const [key, value] of Object.entries(freezeJson(write, 'write'))) {
      const reduce = agent.reducers?.[key];
      state.set(key, reduce === undefined ? value : freezeJson(reduce(state.get(key), value), key));
    }
    for (const [key, value] of Object.entries(patch ?? {})) state.set(key, freezeJson(value, key));
  }
  return freezeJson(Object.fromEntries(state), 'state');
}

export type CallReply<Args, Result> =
  | { readonly kind: 'done'; readonly args: Args; readonly result: Result; readonly key: string }
  | { readonly kind: 'rejected'; readonly reason: string | null };

/**
 * Calls a tool: `const refund = yield* call(issueRefund, { order, amount })`. `args` of the reply are the ones
 * that were used, which a person may have edited. A node that calls one tool twice names the calls.
 */
export function* call<Args extends Json, Result extends Json>(
  tool: Tool<Args, Result>,
  args: Args,
  name: string = tool.name,
): Work<CallReply<Args, Result>> {
  const reply = yield { kind: 'call', name, tool, args };
  if (reply.kind === 'answered') throw new TypeError(`A call cannot be answered with a value: '${name}'`);
  return reply as CallReply<Args, Result>;
}

/** Asks a person for a value that the schema describes: the run pauses until it is given. */
export function* ask(name: string, message: string, schema: JsonSchema): Work<Json> {
  const reply = yield { kind: 'question', name, message, schema };
  if (reply.kind !== 'answered') throw new TypeError(`A question can only be answered: '${name}'`);
  return reply.value;
}
