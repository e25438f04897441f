import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import packageFile from '../../package.json' with { type: 'json' };
import type { Routes } from './context.ts';

/** What the page must know before it has a key; the only route under `/api` that asks for none. */
export const page = new Hono<Routes>().get(
  '/',
  describeRoute({ summary: 'The key that the page may use without asking, if there is one', tags: ['page'] }),
  (c) => c.json({ key: c.env.PAGE_KEY ?? null, version: packageFile.version }),
);
