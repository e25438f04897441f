/** A question with what a right answer holds: any one of `answers`; none means that the documents do not say. */
export interface EvaluationCase {
  readonly id: string;
  readonly question: string;
  readonly answers: readonly string[];
}

export interface Dataset {
  readonly id: string;
  readonly name: string;
  /** SHA-256 of the cases as canonical JSON: results of equal datasets can be compared. */
  readonly hash: string;
  readonly size: number;
  readonly createdAt: number;
}
