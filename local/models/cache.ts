import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileNames, type LocalModel } from './manifest.ts';

/** Where models are kept between starts and between clones: `SELVEDGE_MODELS`, else the user's cache folder. */
export const modelCache = (environment: NodeJS.ProcessEnv = process.env): string =>
  environment.SELVEDGE_MODELS ??
  join(environment.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'selvedge', 'models');

export const folderOf = (cache: string, model: LocalModel): string => join(cache, model.id);

/** A file gets its name only when its hash has been checked, so its presence is enough. */
export const isCached = (cache: string, model: LocalModel): boolean =>
  fileNames(model).every((name) => existsSync(join(folderOf(cache, model), name)));
