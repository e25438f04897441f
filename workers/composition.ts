import { d1Keys } from '../adapters/d1-keys.ts';
import { d1Requests } from '../adapters/d1-requests.ts';
import type { Environment } from '../adapters/environment.ts';
import type { KeyStore } from '../core/access/key.ts';
import { type Clock, systemClock } from '../core/clock.ts';
import { type Random, systemRandom } from '../core/identifier.ts';
import type { RequestWriter } from '../core/telemetry/record.ts';

/** Everything that routes and queue consumers need, behind the interfaces of the core. */
export interface Services {
  readonly clock: Clock;
  readonly random: Random;
  readonly keys: KeyStore;
  readonly requests: RequestWriter;
}

/** The one place where bindings become adapters. Cheap: nothing here does I/O. */
export function compose(env: Environment): Services {
  return {
    clock: systemClock,
    random: systemRandom,
    keys: d1Keys(env.DB),
    requests: d1Requests(env.DB),
  };
}
