import { memoryContents } from '../../adapters/memory/contents.ts';
import { memoryVectors } from '../../adapters/memory/vectors.ts';
import { contentsContract } from '../contracts/contents.ts';
import { vectorsContract } from '../contracts/vectors.ts';

vectorsContract('in memory', memoryVectors());
contentsContract('in memory', memoryContents());
