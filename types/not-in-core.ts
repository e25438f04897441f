/**
 * Names of platforms, none of which core may know. This file is part of tsconfig.core.json alone: when a dependency's
 * types bring such a name into core, its line here compiles, and `npm run types` fails on the directive above it.
 */
export type NotInCore = [
  // @ts-expect-error Workers
  D1Database,
  // @ts-expect-error Workers
  DurableObjectNamespace,
  // @ts-expect-error Workers
  typeof caches,
  // @ts-expect-error Node
  typeof process,
  // @ts-expect-error Node
  typeof Buffer,
  // @ts-expect-error Node
  typeof import('node:fs'),
  // @ts-expect-error browsers
  typeof document,
  // @ts-expect-error core sends no requests
  typeof fetch,
];
