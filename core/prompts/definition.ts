import { defaultPrompt } from './default.ts';
import type { PromptContent, RetrievalSettings } from './prompt.ts';

/** A prompt as a deployment writes it in code: what it leaves out is as in `default`. */
export interface PromptDefinition extends Partial<Omit<PromptContent, 'instructions' | 'retrieval'>> {
  readonly instructions: string;
  readonly retrieval?: Partial<RetrievalSettings>;
}

/** The prompts that a deployment brings along, by name. */
export type DeployedPrompts = Readonly<Record<string, PromptContent>>;

/** `app/prompts/NAME.ts`: `export default definePrompt({ instructions: '…' })`. */
export function definePrompt({ instructions, retrieval, ...rest }: PromptDefinition): PromptContent {
  return {
    ...defaultPrompt,
    ...rest,
    instructions: instructions.trim(),
    retrieval: { ...defaultPrompt.retrieval, ...retrieval },
  };
}
