import { canonicalJson } from '../canonical-json.ts';
import type { Clock } from '../clock.ts';
import { Failure, notFound } from '../failure.ts';
import { sha256, type TenantId } from '../identifier.ts';
import type { Page, PageRange } from '../page.ts';
import { DEFAULT_PROMPT, defaultPrompt } from './default.ts';
import type { PromptContent, PromptVersion } from './prompt.ts';

/** The label that answers follow when a request names a prompt and no version. */
export const PRODUCTION = 'production';

/** Without a version: the one labelled `production`. */
export interface PromptReference {
  readonly id: string;
  readonly version?: number | undefined;
}

export interface Prompt {
  readonly id: string;
  readonly latestVersion: number;
  /** Which version each label points to. */
  readonly labels: Readonly<Record<string, number>>;
  readonly createdAt: number;
}

/**
 * Versions are append-only and numbered from 1 without gaps, per tenant and prompt; equal content is one
 * version. A prompt's first version is its `production` from the moment it exists.
 */
export interface PromptRepository {
  prompts(tenantId: TenantId, range: PageRange): Promise<Page<Prompt>>;
  versions(tenantId: TenantId, promptId: string, range: PageRange): Promise<Page<PromptVersion>>;
  find(
    tenantId: TenantId,
    promptId: string,
    which: { readonly version: number } | { readonly label: string } | { readonly hash: string },
  ): Promise<PromptVersion | null>;
  /** Adds versions in order; those whose content the prompt has already are passed over. */
  append(tenantId: TenantId, promptId: string, versions: readonly NewVersion[]): Promise<void>;
  /** The version exists. */
  label(tenantId: TenantId, promptId: string, label: string, version: number, at: number): Promise<void>;
}

export interface NewVersion {
  readonly content: PromptContent;
  readonly hash: string;
  readonly createdAt: number;
}

export interface PromptDependencies {
  readonly store: PromptRepository;
  readonly clock: Clock;
}

/** What holds for every caller: which version answers, and how versions come to be. */
export interface PromptLibrary {
  /** Null resolves to `default`. Throws `not_found` for a prompt or version that the tenant does not have. */
  resolve(tenantId: TenantId, reference: PromptReference | null): Promise<PromptVersion>;
  list(tenantId: TenantId, range: PageRange): Promise<Page<Prompt>>;
  versions(tenantId: TenantId, promptId: string, range: PageRange): Promise<Page<PromptVersion>>;
  /** Content that the prompt has already is that version again, and `created` is false. */
  create(
    tenantId: TenantId,
    promptId: string,
    content: PromptContent,
  ): Promise<{ readonly version: PromptVersion; readonly created: boolean }>;
  /** Rolls forward or back; the versions themselves never change. */
  label(tenantId: TenantId, promptId: string, label: string, version: number): Promise<PromptVersion>;
}

export const contentHash = (content: PromptContent): Promise<string> => sha256(canonicalJson(content));

/** Version 1 of `default` for a tenant that has never written one. */
async function builtIn(): Promise<PromptVersion> {
  const hash = await contentHash(defaultPrompt);
  return { ...defaultPrompt, promptId: DEFAULT_PROMPT, version: 1, hash, labels: [PRODUCTION], createdAt: 0 };
}

export function promptLibrary({ store, clock }: PromptDependencies): PromptLibrary {
  async function find(tenantId: TenantId, reference: PromptReference): Promise<PromptVersion | null> {
    const { id, version } = reference;
    const which = version === undefined ? { label: PRODUCTION } : { version };
    const stored = await store.find(tenantId, id, which);
    if (stored !== null) return stored;
    return id === DEFAULT_PROMPT && (version ?? 1) === 1 ? builtIn() : null;
  }

  /** A tenant's first write on `default` begins with the version it has been answered by so far. */
  async function append(tenantId: TenantId, promptId: string, added: readonly NewVersion[]): Promise<void> {
    const fresh =
      promptId === DEFAULT_PROMPT && (await store.find(tenantId, promptId, { version: 1 })) === null;
    const first = { content: defaultPrompt, hash: await contentHash(defaultPrompt), createdAt: clock() };
    await store.append(tenantId, promptId, fresh ? [first, ...added] : added);
  }

  return {
    async resolve(tenantId, reference) {
      const wanted = reference ?? { id: DEFAULT_PROMPT };
      const found = await find(tenantId, wanted);
      if (found !== null) return found;
      if (wanted.version === undefined) throw notFound('prompt', wanted.id, 'prompt.id');
      throw missingVersion(wanted.id, wanted.version, 'prompt.version');
    },

    async list(tenantId, range) {
      const page = await store.prompts(tenantId, range);
      if (range.after !== null || page.data.some((prompt) => prompt.id === DEFAULT_PROMPT)) return page;
      if ((await store.find(tenantId, DEFAULT_PROMPT, { version: 1 })) !== null) return page;
      const built = { id: DEFAULT_PROMPT, latestVersion: 1, labels: { [PRODUCTION]: 1 }, createdAt: 0 };
      return { ...page, data: [built, ...page.data] };
    },

    async versions(tenantId, promptId, range) {
      const page = await store.versions(tenantId, promptId, range);
      if (page.data.length > 0 || range.after !== null) return page;
      if (promptId !== DEFAULT_PROMPT) throw notFound('prompt', promptId);
      return { data: [await builtIn()], next: null };
    },

    async create(tenantId, promptId, content) {
      const hash = await contentHash(content);
      const before = await store.find(tenantId, promptId, { hash });
      if (before !== null) return { version: before, created: false };
      await append(tenantId, promptId, [{ content, hash, createdAt: clock() }]);
      const version = await store.find(tenantId, promptId, { hash });
      if (version === null) throw new Error(`The version ${promptId}#${hash} was appended and is not there`);
      return { version, created: version.version > 1 || promptId !== DEFAULT_PROMPT };
    },

    async label(tenantId, promptId, label, version) {
      const target = await find(tenantId, { id: promptId, version });
      if (target === null) throw missingVersion(promptId, version, 'version');
      await append(tenantId, promptId, []);
      await store.label(tenantId, promptId, label, version, clock());
      return { ...target, labels: [...new Set([...target.labels, label])].sort() };
    },
  };
}

const missingVersion = (id: string, version: number, param: string): Failure =>
  new Failure('not_found', `The prompt '${id}' has no version ${version}.`, { param });
