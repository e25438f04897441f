import OpenAI from 'openai';
import type { Account } from './access.ts';
import { fetchService } from './service.ts';

/** The official client, unmodified, talking to the Worker under test. */
export const openai = (account: Account): OpenAI =>
  new OpenAI({
    apiKey: account.secret,
    baseURL: 'http://selvedge.test/v1',
    maxRetries: 0,
    fetch: (input, init) => fetchService(String(input), init as RequestInit),
  });
