import { calcPrice } from '@pydantic/genai-prices';
import { dollars, type Money, noMoney } from '../telemetry/money.ts';
import type { PriceReference } from './catalogue.ts';

/** The version of the price table; written on every request row, so that an old cost can be recomputed. */
export const priceTable = 'genai-prices@0.1.8';

export interface Tokens {
  /** All tokens read, cached ones included. */
  readonly input: number;
  readonly output: number;
  readonly cacheRead?: number;
  /** Those of `output` that were thought and not said. */
  readonly reasoning?: number;
}

/** What a call costs in USD; nothing where the reference has no price (`isPriced` tells them apart). */
export function priceOf(reference: PriceReference, tokens: Tokens): Money {
  switch (reference.kind) {
    case 'none':
      return noMoney;
    case 'own':
      return dollars(
        (tokens.input * reference.inputPerMillion + tokens.output * reference.outputPerMillion) / 1e6,
      );
    case 'table': {
      const usage = {
        input_tokens: tokens.input,
        output_tokens: tokens.output,
        ...(tokens.cacheRead === undefined ? {} : { cache_read_tokens: tokens.cacheRead }),
      };
      const price = calcPrice(usage, reference.model, { providerId: reference.provider });
      return price === null ? noMoney : dollars(price.total_price);
    }
  }
}

/** USD for a million tokens, for people to read; null where the table does not know the model. */
export function pricesPerMillion(
  reference: PriceReference,
): { readonly input: number; readonly output: number } | null {
  if (reference.kind === 'own') {
    return { input: reference.inputPerMillion, output: reference.outputPerMillion };
  }
  if (reference.kind === 'none') return null;
  const million = { input_tokens: 1e6, output_tokens: 1e6 };
  const price = calcPrice(million, reference.model, { providerId: reference.provider });
  return price === null ? null : { input: price.input_price, output: price.output_price };
}
