/**
 * Ranking metrics as trec_eval defines them: linear gain, discount 1/log2(rank + 1), the ideal taken from all judged
 * documents of the query; relevant is a grade of 1 or more. A query without a relevant document is left out.
 */
export type Grades = ReadonlyMap<string, number>;

export interface RankingScore {
  readonly ndcg10: number;
  readonly recall50: number;
  readonly recall100: number;
  /** 1 / rank of the first relevant document of the whole list. */
  readonly reciprocalRank: number;
  /** 1 when every relevant document is among the first ten: what a question of several hops needs. */
  readonly all10: number;
}

export function scoreRanking(ranked: readonly string[], grades: Grades): RankingScore | null {
  const relevant = new Set([...grades].flatMap(([document, grade]) => (grade >= 1 ? [document] : [])));
  if (relevant.size === 0) return null;
  const found = (depth: number): number =>
    ranked.slice(0, depth).filter((document) => relevant.has(document)).length / relevant.size;
  const ideal = [...grades.values()].toSorted((a, b) => b - a);
  const first = ranked.findIndex((document) => relevant.has(document));
  return {
    ndcg10:
      gain(
        ranked.map((document) => grades.get(document) ?? 0),
        10,
      ) / gain(ideal, 10),
    recall50: found(50),
    recall100: found(100),
    reciprocalRank: first === -1 ? 0 : 1 / (first + 1),
    all10: found(10) === 1 ? 1 : 0,
  };
}

const gain = (grades: readonly number[], depth: number): number =>
  grades.slice(0, depth).reduce((sum, grade, index) => sum + Math.max(grade, 0) / Math.log2(index + 2), 0);

export function meanScore(scores: readonly RankingScore[]): RankingScore {
  const mean = (of: (score: RankingScore) => number): number =>
    scores.reduce((sum, score) => sum + of(score), 0) / scores.length;
  return {
    ndcg10: mean((score) => score.ndcg10),
    recall50: mean((score) => score.recall50),
    recall100: mean((score) => score.recall100),
    reciprocalRank: mean((score) => score.reciprocalRank),
    all10: mean((score) => score.all10),
  };
}
