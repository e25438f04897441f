import app from '../app/selvedge.config.ts';
import { createWorker } from './create-worker.ts';

const worker = createWorker(app);

export const { AgentSession, Ledger, McpConnections, Sweeper } = worker;

export default worker.handler;
