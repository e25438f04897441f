import type { Failure } from '../failure.ts';
import type { Json, State } from './json.ts';
import type { JsonSchema } from './schema.ts';
import type { Tool } from './tool.ts';

/**
 * An agent is a graph of nodes over a state.
 *
 * Boundary. A node is a function that returns what it writes, or a generator that first yields what it wants of
 * the world (`call`, `ask`); there are no promises in it. The engine owns the world, the clock and the journal. A node can therefore be run
 * again from its first line at any time, and costs nothing to run again.
 *
 * Invariants
 *  G1 A node is a pure function of the state and of the replies to what it yielded.
 *  G2 State changes only by a node's write (or a fork's), key by key, through the key's reducer if it has one.
 *  G3 An edge is chosen when the step is committed and is journaled; later code does not choose it again.
 *  G4 Within a step every effect has a name of its own.
 */
export interface Node<S extends State> {
  run(state: S): Partial<S> | Work<Partial<S>>;
  readonly next: Edge<S>;
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

/** A tool said that the effect did not happen. A node may catch it; a run whose node does not has failed. */
export class EffectFailed extends Error {
  override readonly name = 'EffectFailed';
  readonly code: Failure['code'] | 'attempts_exhausted';

  constructor(code: EffectFailed['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/** The node that comes next; null ends the run. A chosen edge lists where it may lead. */
export type Edge<S extends State> =
  | string
  | null
  | { readonly to: readonly (string | null)[]; choose(state: S): string | null };

export interface Agent<S extends State = State> {
  /** As in the URL: lower case and hyphens. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: JsonSchema;
  readonly start: string;
  readonly nodes: Readonly<Record<string, Node<S>>>;
  /** How a written value joins the one before it; a key without a reducer is replaced. */
  readonly reducers?: { [Key in keyof S]?: Reducer };
  output(state: S): Json;
}

export type Reducer = (before: Json | undefined, written: Json) => Json;

/**
 * Throws `RangeError` on an edge to a node that is not there, and gives the state's type up: the journal holds
 * JSON, and what it holds was checked by `inputSchema` or written by the agent's own nodes.
 */
export function defineAgent<S extends State>(agent: Agent<S>): Agent {
  const known = new Set(Object.keys(agent.nodes));
  const edges = Object.entries(agent.nodes).map(([from, node]) => [from, targets(node.next)] as const);
  for (const [from, to] of [['start', [agent.start]] as const, ...edges]) {
    const missing = to.find((name) => name !== null && !known.has(name));
    if (missing !== undefined) {
      throw new RangeError(`Agent '${agent.name}': the edge from '${from}' leads to no node '${missing}'`);
    }
  }
  return agent as unknown as Agent;
}

const targets = (edge: Edge<never>): readonly (string | null)[] =>
  edge !== null && typeof edge === 'object' ? edge.to : [edge];

export function follow(edge: Edge<State>, state: State): string | null {
  return edge !== null && typeof edge === 'object' ? edge.choose(state) : edge;
}

/** What a step adds: the node's write, and over it what a fork has merged in. */
interface Written {
  readonly write: State;
  readonly patch?: State | null;
}

/** The state after all of these (G2). Kept in a map, so that a long run is folded in one pass over its writes. */
export function fold(agent: Agent, before: State, steps: readonly Written[]): State {
  const state = new Map(Object.entries(before));
  for (const { write, patch } of steps) {
    for (const [key, value] of Object.entries(write)) {
      const reduce = agent.reducers?.[key];
      state.set(key, reduce === undefined ? value : reduce(state.get(key), value));
    }
    for (const [key, value] of Object.entries(patch ?? {})) state.set(key, value);
  }
  return Object.fromEntries(state);
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
  const reply = yield { kind: 'call', name, tool: tool as unknown as Tool<Json, Json>, args };
  if (reply.kind === 'answered') throw new TypeError(`A call cannot be answered with a value: '${name}'`);
  return reply as CallReply<Args, Result>;
}

/** Asks a person for a value that the schema describes: the run pauses until it is given. */
export function* ask(name: string, message: string, schema: JsonSchema): Work<Json> {
  const reply = yield { kind: 'question', name, message, schema };
  if (reply.kind !== 'answered') throw new TypeError(`A question can only be answered: '${name}'`);
  return reply.value;
}
