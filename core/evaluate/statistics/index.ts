/** Pure functions; `selvedge/statistics`. Ranges and sources stand beside each. */
export { benjaminiHochberg, clusteredError, holm } from './families.ts';
export type { Interval, Level } from './interval.ts';
export {
  clopperPearson,
  mcnemar,
  neededPerArm,
  newcombe,
  type Power,
  type Proportion,
  pairedProportions,
  wilson,
} from './proportions.ts';
export {
  bootstrapMean,
  pairedBootstrap,
  quantile,
  type Resampling,
  signFlip,
  studentMean,
} from './resampling.ts';
