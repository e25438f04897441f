/** The clients that are run, each by a script of its own in `python/` or `javascript/`. */
export interface Client {
  readonly name: string;
  readonly script: string;
  /** Python: the file that names its packages. A script of JavaScript runs with the packages of this repository. */
  readonly requirements?: string;
}

const newest = 'requirements.txt';
const openai2 = 'requirements-openai-2.txt';

export const clients: readonly Client[] = [
  { name: 'openai (Python)', script: 'python/openai_sdk.py', requirements: newest },
  { name: 'openai 2 (Python)', script: 'python/openai_sdk.py', requirements: openai2 },
];
