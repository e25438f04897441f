import { z } from 'zod';
import { pageOf, Time } from './paging.ts';

/** Ten runs of a thousand cases fit D1's limits a request; a larger dataset is several. */
const MAX_CASES = 1_000;

const Words = z.string().regex(/\S/, 'expected a text that is not blank');

export const CreateDatasetRequest = z
  .strictObject({
    name: Words.max(200),
    cases: z
      .array(
        z.strictObject({
          id: z
            .string()
            .regex(
              /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
              'expected up to 64 letters, digits, dots, dashes and underscores',
            )
            .optional(),
          question: Words.max(10_000),
          /** Any of them is right; none says that the documents do not hold the answer. */
          answers: z.array(Words.max(2_000)).max(20),
        }),
      )
      .min(1)
      .max(MAX_CASES),
  })
  .meta({ id: 'CreateDatasetRequest' });
export type CreateDatasetRequest = z.infer<typeof CreateDatasetRequest>;

export const Dataset = z
  .object({ id: z.string(), name: z.string(), hash: z.string(), size: z.int(), created_at: Time })
  .meta({ id: 'Dataset' });
export type Dataset = z.infer<typeof Dataset>;

export const DatasetList = pageOf(Dataset).meta({ id: 'DatasetList' });

export const DatasetCase = z
  .object({ id: z.string(), question: z.string(), answers: z.array(z.string()).readonly() })
  .meta({ id: 'DatasetCase' });
export type DatasetCase = z.infer<typeof DatasetCase>;

export const DatasetCaseList = pageOf(DatasetCase).meta({ id: 'DatasetCaseList' });
