import type { HostedModel, HostedModels } from '../core/models/hosted-models.ts';

/** Milliseconds for which an answer is kept; the list changes with a deploy or a fetched local model. */
const KEPT = 30_000;
/** Milliseconds for which a refusal is kept, so that a dead account does not slow every request down. */
const REFUSAL_KEPT = 2_000;

const kept = new WeakMap<
  Ai,
  { readonly until: number; readonly models: Promise<Map<string, HostedModel> | null> }
>();

/**
 * `env.AI.models()`, kept for a while. The account says through `properties` where another model stands in
 * (`stands_in`), what a chat model is fit for (`answers`), whether a price is `notional` and what is not there
 * (`state`); Cloudflare's own
 * list has none of them, and then the catalogue's word counts. An account that does not answer knows nothing.
 */
export function workersAiModels(ai: Ai, clock: () => number): HostedModels {
  return {
    list() {
      const now = clock();
      const before = kept.get(ai);
      if (before !== undefined && before.until > now) return before.models;
      const models = fetchModels(ai);
      kept.set(ai, { until: now + KEPT, models });
      void models.then((list) => {
        if (list === null) kept.set(ai, { until: now + REFUSAL_KEPT, models });
      });
      return models;
    },
  };
}

async function fetchModels(ai: Ai): Promise<Map<string, HostedModel> | null> {
  try {
    const models = await ai.models();
    return new Map(models.map((model) => [model.name, asHosted(model)]));
  } catch (error) {
    console.warn(JSON.stringify({ event: 'models_not_listed', error: String(error) }));
    return null;
  }
}

function asHosted(model: AiModelsSearchObject): HostedModel {
  const value = (id: string) =>
    model.properties.find((property) => property.property_id === id)?.value ?? null;
  const answers = value('answers');
  return {
    standsIn: value('stands_in'),
    answers: answers === 'quote' || answers === 'generate' ? answers : null,
    missing: value('state') === 'missing' ? (value('reason') ?? 'not there') : null,
    notional: value('notional') === 'true' || value('stands_in') !== null,
  };
}
