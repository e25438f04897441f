import { DatabaseSync } from 'node:sqlite';
import { memoryContents } from '../../adapters/memory/contents.ts';
import { memoryVectors } from '../../adapters/memory/vectors.ts';
import { contentsContract } from '../contracts/contents.ts';
import { sqlPortContract } from '../contracts/sql-port.ts';
import { vectorsContract } from '../contracts/vectors.ts';
import { sqlPortOnNode } from '../sql-port-on-node.ts';

vectorsContract('in memory', memoryVectors());
contentsContract('in memory', memoryContents());
sqlPortContract('node:sqlite', async (work) => work(sqlPortOnNode(new DatabaseSync(':memory:'))));
