import { canonicalJson } from '../canonical-json.ts';
import type { Clock } from '../clock.ts';
import { Failure, invalid, notFound } from '../failure.ts';
import { asId, type PromptId, sha256, type TenantId } from '../identifier.ts';
import type { Page, PageRange } from '../page.ts';
import { DEFAULT_PROMPT, defaultPrompt } from './default.ts';
import type { DeployedPrompts } from './definition.ts';
import type { PromptContent, PromptVersion } from './prompt.ts';

/** The label that answers follow when a request names a prompt and no version. */
export const PRODUCTION = 'production';
/** The label of the version whose text stands in the deployment's own configuration (`app/prompts`). */
export const DEPLOYED = 'deployed';

/** Without a version: the one labelled `production`. */
export interface PromptReference {
  readonly id: PromptId;
  readonly version?: number | undefined;
}

export interface Prompt {
  readonly id: PromptId;
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
  versions(tenantId: TenantId, promptId: PromptId, range: PageRange): Promise<Page<PromptVersion>>;
  find(
    tenantId: TenantId,
    promptId: PromptId,
    which: { readonly version: number } | { readonly label: string } | { readonly hash: string },
  ): Promise<PromptVersion | null>;
  /** Adds versions in order; those whose content the prompt has already are passed over. */
  append(tenantId: TenantId, promptId: PromptId, versions: readonly NewVersion[]): Promise<void>;
  /**
   * Adds versions as `append` does and points `deployed` at the one with this hash; `production` goes along where there
   * is none yet or it points to what was deployed before. One transaction.
   */
  deploy(
    tenantId: TenantId,
    promptId: PromptId,
    versions: readonly NewVersion[],
    hash: string,
  ): Promise<void>;
  /** The version exists. */
  label(tenantId: TenantId, promptId: PromptId, label: string, version: number, at: number): Promise<void>;
}

export interface NewVersion {
  readonly content: PromptContent;
  readonly hash: string;
  readonly createdAt: number;
}

export interface PromptDependencies {
  readonly store: PromptRepository;
  readonly clock: Clock;
  readonly deployed?: DeployedPrompts;
}

/**
 * What holds for every caller: which version answers, and how versions are created.
 *
 *  PRM-4 A prompt of the deployment is a versioned prompt of every tenant that has none of its own under that name. New
 *     text is a new version, written when the tenant first meets it.
 *  PRM-5 `production` follows the deployment's text only while it points to it: whoever promotes a version of their own
 *     keeps it. Text that leaves the configuration leaves its versions behind.
 */
export interface PromptLibrary {
  /** Null resolves to `default`. Throws `not_found` for a prompt or version that the tenant does not have. */
  resolve(tenantId: TenantId, reference: PromptReference | null): Promise<PromptVersion>;
  list(tenantId: TenantId, range: PageRange): Promise<Page<Prompt>>;
  versions(tenantId: TenantId, promptId: PromptId, range: PageRange): Promise<Page<PromptVersion>>;
  /** Content that the prompt has already is that version again, and `created` is false. */
  create(
    tenantId: TenantId,
    promptId: PromptId,
    content: PromptContent,
  ): Promise<{ readonly version: PromptVersion; readonly created: boolean }>;
  /** Rolls forward or back; the versions themselves never change. */
  label(tenantId: TenantId, promptId: PromptId, label: string, version: number): Promise<PromptVersion>;
}

export const contentHash = (content: PromptContent): Promise<string> => sha256(canonicalJson(content));

/** Version 1 of `default` for a tenant that has never written one. */
async function builtIn(): Promise<PromptVersion> {
  const hash = await contentHash(defaultPrompt);
  return { ...defaultPrompt, promptId: DEFAULT_PROMPT, version: 1, hash, labels: [PRODUCTION], createdAt: 0 };
}

export function promptLibrary({ store, clock, deployed = {} }: PromptDependencies): PromptLibrary {
  const hashes = new Map<PromptId, Promise<string>>();
  const isDeployed = (promptId: PromptId) => Object.hasOwn(deployed, promptId);

  function deployedHash(promptId: PromptId, content: PromptContent): Promise<string> {
    const hash = hashes.get(promptId) ?? contentHash(content);
    hashes.set(promptId, hash);
    return hash;
  }

  /** Writes the deployment's version of a prompt where the tenant does not have it yet (PRM-4). */
  async function deploy(tenantId: TenantId, promptId: PromptId): Promise<void> {
    const content = isDeployed(promptId) ? deployed[promptId] : undefined;
    if (content === undefined) return;
    const hash = await deployedHash(promptId, content);
    const [before, first] = await Promise.all([
      store.find(tenantId, promptId, { label: DEPLOYED }),
      store.find(tenantId, promptId, { version: 1 }),
    ]);
    if (before?.hash === hash) return;
    const isOwn = before === null && first !== null;
    if (isOwn) return;
    const added = [{ content, hash, createdAt: clock() }];
    if (promptId === DEFAULT_PROMPT && first === null) added.unshift(await firstDefault());
    await store.deploy(tenantId, promptId, added, hash);
  }

  /** Whether a production version may be answered from as it is, without a look at what was deployed since. */
  async function isCurrent(promptId: PromptId, version: PromptVersion): Promise<boolean> {
    const content = isDeployed(promptId) ? deployed[promptId] : undefined;
    return (
      content === undefined ||
      !version.labels.includes(DEPLOYED) ||
      version.hash === (await deployedHash(promptId, content))
    );
  }

  async function find(tenantId: TenantId, reference: PromptReference): Promise<PromptVersion | null> {
    const { id, version } = reference;
    const which = version === undefined ? { label: PRODUCTION } : { version };
    const found = await store.find(tenantId, id, which);
    if (found !== null && (version !== undefined || (await isCurrent(id, found)))) return found;
    if (isDeployed(id)) await deploy(tenantId, id);
    const stored = isDeployed(id) ? await store.find(tenantId, id, which) : null;
    if (stored !== null) return stored;
    return id === DEFAULT_PROMPT && (version ?? 1) === 1 ? builtIn() : null;
  }

  /** A tenant's first write on `default` begins with the version it has been answered by so far. */
  async function append(tenantId: TenantId, promptId: PromptId, added: readonly NewVersion[]): Promise<void> {
    const fresh =
      promptId === DEFAULT_PROMPT && (await store.find(tenantId, promptId, { version: 1 })) === null;
    await store.append(tenantId, promptId, fresh ? [await firstDefault(), ...added] : added);
  }

  async function firstDefault(): Promise<NewVersion> {
    return { content: defaultPrompt, hash: await contentHash(defaultPrompt), createdAt: clock() };
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
      if (range.after === null)
        await Promise.all(Object.keys(deployed).map((id) => deploy(tenantId, asId(id))));
      const page = await store.prompts(tenantId, range);
      if (range.after !== null || page.data.some((prompt) => prompt.id === DEFAULT_PROMPT)) return page;
      if ((await store.find(tenantId, DEFAULT_PROMPT, { version: 1 })) !== null) return page;
      const built = { id: DEFAULT_PROMPT, latestVersion: 1, labels: { [PRODUCTION]: 1 }, createdAt: 0 };
      return { ...page, data: [built, ...page.data] };
    },

    async versions(tenantId, promptId, range) {
      await deploy(tenantId, promptId);
      const page = await store.versions(tenantId, promptId, range);
      if (page.data.length > 0 || range.after !== null) return page;
      if (promptId !== DEFAULT_PROMPT) throw notFound('prompt', promptId);
      return { data: [await builtIn()], next: null };
    },

    async create(tenantId, promptId, content) {
      const hash = await contentHash(content);
      await deploy(tenantId, promptId);
      const before = await store.find(tenantId, promptId, { hash });
      if (before !== null) return { version: before, created: false };
      await append(tenantId, promptId, [{ content, hash, createdAt: clock() }]);
      const version = await store.find(tenantId, promptId, { hash });
      if (version === null) throw new Error(`The version ${promptId}#${hash} was appended and is not there`);
      return { version, created: version.version > 1 || promptId !== DEFAULT_PROMPT };
    },

    async label(tenantId, promptId, label, version) {
      if (label === DEPLOYED) {
        throw invalid('label', `Invalid 'label': '${DEPLOYED}' always points to the text in app/prompts.`);
      }
      await deploy(tenantId, promptId);
      const target = await find(tenantId, { id: promptId, version });
      if (target === null) throw missingVersion(promptId, version, 'version');
      await append(tenantId, promptId, []);
      await store.label(tenantId, promptId, label, version, clock());
      return { ...target, labels: [...new Set([...target.labels, label])].sort() };
    },
  };
}

const missingVersion = (id: PromptId, version: number, param: string): Failure =>
  new Failure('not_found', `The prompt '${id}' has no version ${version}.`, { param });
