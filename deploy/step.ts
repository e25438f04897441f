/** One line of the plan: something that is either so already or will be made so. */
export interface Step {
  readonly label: string;
  /** Looks, and changes nothing. */
  isDone(): Promise<boolean>;
  carryOut(): Promise<void>;
}

export interface PlannedStep extends Step {
  readonly done: boolean;
}

/** In order: a step may rely on what an earlier one has found, and says "not done" while that is missing. */
export async function planned(steps: readonly Step[]): Promise<PlannedStep[]> {
  const plan: PlannedStep[] = [];
  for (const step of steps) plan.push({ ...step, done: await step.isDone() });
  return plan;
}
