/** Pure functions; `selvedge/statistics`. Ranges and sources stand beside each. */
export {
  cohenKappa,
  fleissKappa,
  type KappaOptions,
  krippendorffAlpha,
  type Label,
  type MeasurementLevel,
} from './agreement.ts';
export { type JudgedRate, type PpiInput, ppiMean, roganGladen } from './corrected.ts';
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
export { confidenceSequence, msprt } from './sequential.ts';
