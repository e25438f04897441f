import { Hono } from 'hono';
import { pageSettings } from '../../contract/examples/models.ts';
import { PageSettings } from '../../contract/page.ts';
import packageFile from '../../package.json' with { type: 'json' };
import type { Routes } from './context.ts';
import { operation } from './operation.ts';

/** What the page must know before it has a key; the only route under `/api` that asks for none. */
export const page = new Hono<Routes>().get(
  '/',
  operation({
    summary: 'Read the settings of the page: the version, and the key that it may use, if any',
    tag: 'page',
    public: true,
    answers: { 200: { schema: PageSettings, example: pageSettings } },
  }),
  (c) => {
    const { title = 'Selvedge', accent = null, questions = [] } = c.var.services.pages;
    return c.json<PageSettings>({
      key: c.env.PAGE_KEY ?? null,
      version: packageFile.version,
      title,
      accent,
      questions,
    });
  },
);
