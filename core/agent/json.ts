/** What a journal can hold: the values that survive being written down and read back. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** An agent's state, a node's write, an input: an object of JSON values. */
export type State = { readonly [key: string]: Json };
