import type { PageRecognizer } from '../core/models/page-recognizer.ts';
import { noMoney } from '../core/telemetry/money.ts';
import { folderOf, modelCache } from '../local/models/cache.ts';
import { fetchModels, hubAddress } from '../local/models/fetch-models.ts';
import { localModels } from '../local/models/manifest.ts';
import { hocrOf } from '../local/models/ocr/hocr.ts';
import { PageReader } from '../local/models/ocr/page-reader.ts';
import { readPng } from '../local/models/ocr/png.ts';
import { progressOn } from '../local/models/progress.ts';

/** The laptop's OCR in this process, without its server: for measurements. */
export async function localRecognizer(): Promise<PageRecognizer> {
  const models = localModels.filter(({ kind }) => kind === 'ocr');
  const [model] = models;
  if (model === undefined) throw new Error('The manifest has no OCR model.');
  const cache = modelCache();
  const [missing] = await fetchModels(models, {
    cache,
    hub: hubAddress(),
    progress: progressOn(process.stderr),
  });
  if (missing !== undefined) throw new Error(missing[1]);
  const reader = await PageReader.load(folderOf(cache, model));
  return {
    model: model.id,
    worstCase: () => noMoney,
    async recognize(png) {
      const picture = readPng(Buffer.from(png));
      return hocrOf(await reader.read(picture), picture);
    },
  };
}
