/**
 * The state of a box that a person ticks, as text. The mark alone is overlooked, by people who quote it and by models:
 * "[ ] Certificates renewed" reads as if they were. So the state is said in words as well, in front of what it is the state of.
 *
 *  ING-23 An open item never reads as a done one: "[ ] not done: Certificates renewed".
 */
const words = { task: 'done', box: 'checked', choice: 'chosen' } as const;

export const checkMark = (checked: boolean, kind: keyof typeof words = 'box'): string =>
  checked ? `[x] ${words[kind]}: ` : `[ ] not ${words[kind]}: `;
