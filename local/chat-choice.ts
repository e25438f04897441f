import { z } from 'zod';

/**
 * Which chat model answers: the local one, or another that the user chose by `SELVEDGE_CHAT_MODEL`. Finding a
 * key or a running Ollama only says that there is a choice; nobody's money is spent unasked.
 */
const ollama = 'http://127.0.0.1:11434';

/** The `CATALOGUE` of the Worker with the choice laid over it, or nothing to change. */
export function catalogueFor(choice: string | undefined, catalogue: string | undefined): string | undefined {
  if (choice === undefined || choice === '') return catalogue;
  // What is not JSON is passed on unchanged: the Worker names the field and says what is wrong.
  const given = parsed(catalogue ?? '{}');
  if (given === null) return catalogue;
  const [provider, ...rest] = choice.split('/');
  const model = rest.join('/');
  return JSON.stringify({
    ...given,
    models: [...given.models, ...modelFor(provider ?? '', model, choice)],
    aliases: { ...given.aliases, default: choice },
  });
}

const configured = z.looseObject({
  models: z.array(z.unknown()).default([]),
  aliases: z.record(z.string(), z.string()).default({}),
});

function parsed(catalogue: string): z.infer<typeof configured> | null {
  try {
    return configured.parse(JSON.parse(catalogue));
  } catch {
    return null;
  }
}

/** A name without one of these three before it must be in the catalogue already. */
function modelFor(provider: string, model: string, name: string): object[] {
  const capable = { name, task: 'chat', answers: 'generate', tools: true, json_schema: true };
  if (model === '') return [];
  if (provider === 'openai' || provider === 'anthropic') {
    return [{ ...capable, target: { kind: provider, model }, price: { provider, model } }];
  }
  if (provider === 'ollama') {
    return [{ ...capable, target: { kind: 'openai-compatible', model, base_url: `${ollama}/v1` } }];
  }
  return [];
}

/** What could answer instead of the local model, each with the words that choose it. */
export async function otherChatModels(environment: NodeJS.ProcessEnv): Promise<readonly string[]> {
  const found: string[] = [];
  if (environment.OPENAI_API_KEY) found.push(choose('OPENAI_API_KEY is set', 'openai/gpt-5-mini'));
  if (environment.ANTHROPIC_API_KEY) {
    found.push(choose('ANTHROPIC_API_KEY is set', 'anthropic/claude-haiku-4-5'));
  }
  const models = await ollamaModels();
  if (models !== null) found.push(choose('Ollama is running', `ollama/${models[0] ?? 'MODEL'}`));
  return found;
}

const choose = (what: string, name: string): string => `${what}: SELVEDGE_CHAT_MODEL=${name} npm start`;

async function ollamaModels(): Promise<readonly string[] | null> {
  try {
    const response = await fetch(`${ollama}/api/tags`, { signal: AbortSignal.timeout(500) });
    if (!response.ok) return null;
    const { models } = (await response.json()) as { models: { name: string }[] };
    return models.map((model) => model.name);
  } catch {
    return null; // Nobody listens there.
  }
}
