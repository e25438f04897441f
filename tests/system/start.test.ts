import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import OpenAI from 'openai';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { errorMessage } from '../../core/error-message.ts';
import { changeDatabase } from './local-database.ts';
import { descendants, freePort, isAlive, type Service, startService } from './service.ts';

vi.setConfig({ testTimeout: 300_000 });

let state: string;
beforeAll(async () => {
  state = await mkdtemp(join(tmpdir(), 'selvedge-start-'));
});
afterAll(() => rm(state, { recursive: true, force: true }));

/** With a model server of its own, whether or not somebody keeps a warm one. */
async function start(environment: Record<string, string> = {}): Promise<Service> {
  const service = await startService({
    state,
    environment: { SELVEDGE_MODEL_SERVER_URL: '', ...environment },
  });
  running.push(service);
  return service;
}

let running: Service[] = [];
afterEach(async () => {
  await Promise.all(running.map((service) => service.kill()));
  running = [];
});

const clientOf = (service: Service): OpenAI =>
  new OpenAI({ baseURL: `${service.url}/v1`, apiKey: service.key });

async function allEnd(pids: readonly number[]): Promise<readonly number[]> {
  const deadline = Date.now() + 15_000;
  let alive = pids.filter(isAlive);
  while (alive.length > 0 && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    alive = pids.filter(isAlive);
  }
  return alive;
}

/** A `PATH` that has what npm needs and no more: small containers come without `ps` and its like. */
async function slimPath(): Promise<string> {
  const folder = await mkdtemp(join(state, 'path-'));
  for (const name of ['sh', 'node', 'npm']) {
    const { stdout } = await promisify(execFile)('sh', ['-c', `command -v ${name}`]);
    await symlink(stdout.trim(), join(folder, name));
  }
  return folder;
}

const listKeys = (service: Service, key: string): Promise<Response> =>
  fetch(`${service.url}/api/keys`, { headers: { authorization: `Bearer ${key}` } });

describe('npm start', () => {
  test('says where it is and with which models, answers, and Ctrl-C leaves no process', async () => {
    const service = await start();
    const processes = await descendants(service.pid);
    expect(processes.length).toBeGreaterThan(3);
    expect(service.output()).toContain(`http://localhost:${new URL(service.url).port}`);
    expect(service.output()).toContain('sk-local');
    expect(service.output()).toMatch(/^Embedding .*bge-small-en-v1\.5/m);
    expect((await listKeys(service, 'sk-local')).status).toBe(200);
    expect((await listKeys(service, 'sk-other')).status).toBe(401);

    await service.stop();
    expect(await allEnd([service.pid, ...processes])).toEqual([]);
  });

  test('keeps its data through a kill of everything, and a second start on its port is refused', async () => {
    const first = await start();
    const made = await fetch(`${first.url}/api/keys`, {
      method: 'POST',
      headers: { authorization: 'Bearer sk-local', 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'survivor', scopes: ['admin'] }),
    });
    expect(made.status).toBe(201);
    const { key } = (await made.json()) as { key: string };
    await first.kill();

    const second = await start();
    expect((await listKeys(second, key)).status).toBe(200);
    const refused = await runStart({ PORT: new URL(second.url).port, SELVEDGE_STATE: join(state, 'other') });
    expect(refused.code).toBe(1);
    expect(refused.output).toMatch(/Port \d+ is in use.*PORT=\d+ npm start/);
    expect(refused.output).not.toContain('    at ');
    const sameData = await runStart({ PORT: String(await freePort()), SELVEDGE_STATE: state });
    expect(sameData.code).toBe(1);
    expect(sameData.output).toMatch(/The service on port \d+ uses .*SELVEDGE_STATE/);
    await second.stop();
  });

  test('LOC-5: of three starts at once on one state folder one serves, and two say why they do not', async () => {
    const folder = await mkdtemp(join(state, 'shared-'));
    const starts = [1, 2, 3].map(() => startUntilSettled(folder));
    const settled = await Promise.all(starts);
    expect(settled.map(({ code }) => code).sort()).toEqual([1, 1, null]);
    for (const { code, output } of settled) {
      expect(output).not.toContain('    at ');
      if (code === 1) expect(output).toMatch(/uses .*Stop it, or choose another folder: SELVEDGE_STATE/);
    }
  });

  test('LOC-6, LOC-7: a revoked local key works again after a start, and what has aged is removed', async () => {
    const first = await start();
    expect((await listKeys(first, 'sk-local')).status).toBe(200);
    await first.stop();
    await changeDatabase(
      state,
      'keys',
      "UPDATE keys SET revoked_at = 1, scopes = '[]' WHERE id = 'key_local'",
    );
    await changeDatabase(
      state,
      'feedback',
      "INSERT INTO feedback VALUES ('feedback_old', 'tenant_local', 'key_local', 'none', NULL, 1, NULL, NULL, 0)",
    );

    const second = await start();
    expect((await listKeys(second, 'sk-local')).status).toBe(200);
    const old = () =>
      fetch(`${second.url}/api/feedback`, { headers: { authorization: 'Bearer sk-local' } }).then((r) =>
        r.text(),
      );
    await expect.poll(old, { timeout: 20_000 }).not.toContain('feedback_old');
    await second.stop();
  });

  test('LOC-8: what cannot start ends at once, with one sentence', async () => {
    const damaged = await mkdtemp(join(state, 'damaged-'));
    const folder = join(damaged, 'v3', 'd1', 'miniflare-D1DatabaseObject');
    await cp(join(state, 'v3', 'd1', 'miniflare-D1DatabaseObject'), folder, { recursive: true });
    for (const name of await readdir(folder))
      await writeFile(join(folder, name), 'This is not a database.'.repeat(999));
    const cases: readonly [Record<string, string>, RegExp][] = [
      [{ CATALOGUE: '{"models": [' }, /^CATALOGUE is not valid JSON\.$/],
      [{ CATALOGUE: '{"aliases": {"default": "gpt-9"}}' }, /^CATALOGUE: the alias 'default' names 'gpt-9'/],
      [{ PORT: 'high' }, /^PORT: expected a number from 1 to 65535, got 'high'\.$/],
      [
        { SELVEDGE_STATE: damaged, PORT: String(await freePort()) },
        /^A database in .* is damaged\. Restore the folder/,
      ],
    ];
    for (const [environment, sentence] of cases) {
      const { code, output } = await runStart({ SELVEDGE_STATE: join(state, 'refused'), ...environment });
      // What workerd itself prints about a damaged file may stand before it.
      expect(output.trim().split('\n').at(-1)).toMatch(sentence);
      expect(output).not.toContain('    at ');
      expect(code).toBe(1);
    }
  });

  test('brings the sample collection once; who deletes it is rid of it', async () => {
    const first = await start({ SELVEDGE_SAMPLE: '' });
    const [sample, ...others] = (await clientOf(first).vectorStores.list()).data;
    expect(others).toEqual([]);
    expect(sample).toMatchObject({ name: 'Sample: Kingfisher Cycles', status: 'completed' });
    expect(sample?.file_counts).toMatchObject({ completed: 7, total: 7 });
    await clientOf(first).vectorStores.delete(sample?.id ?? '');
    await first.stop();

    const second = await start({ SELVEDGE_SAMPLE: '' });
    expect((await clientOf(second).vectorStores.list()).data).toEqual([]);
    await second.stop();
  });

  test('where no model can be downloaded it starts all the same and says what is missing', async () => {
    const service = await start({
      SELVEDGE_MODELS: join(state, 'no-models'),
      HF_ENDPOINT: 'http://127.0.0.1:9',
      PIP_NO_INDEX: '1',
    });
    expect(service.output()).toMatch(
      /bge-small-en-v1\.5 could not be downloaded\. Xenova\/bge-small-en-v1\.5: /,
    );
    expect(service.output()).toMatch(/^Embedding missing: .*npm run models/m);
    expect(service.output()).toMatch(/^Embedding missing: .*documents are found by full text alone/m);
    const health = await fetch(`${service.url}/health`);
    expect(health.status).toBe(200);
    expect(await health.json()).toMatchObject({ models: { embedding: { state: 'missing' } } });
    await service.stop();
  });

  test.each([
    ['npm', (service: Service) => service.pid],
    ['the start command', (service: Service) => pidOfCommand(service.pid, /local\/start\.ts/)],
    ['the model server', (service: Service) => pidOfCommand(service.pid, /models\/server\.ts/)],
    ['the account', (service: Service) => pidOfCommand(service.pid, /account-process\.ts/)],
  ])('a SIGKILL of %s leaves no process', async (_, pidOf) => {
    const service = await start({ PATH: await slimPath() });
    const processes = await descendants(service.pid);
    process.kill(await pidOf(service), 'SIGKILL');
    expect(await allEnd([service.pid, ...processes])).toEqual([]);
  });
});

/** The process below `pid` that runs a command; the innermost where a shell stands before it. */
async function pidOfCommand(pid: number, command: RegExp): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,args=']);
  const below = new Set(await descendants(pid));
  const found = stdout
    .split('\n')
    .map((line) => ({ pid: Number.parseInt(line, 10), line }))
    .filter((each) => below.has(each.pid) && command.test(each.line) && !/ sh -c /.test(each.line));
  const [only] = found;
  if (only === undefined || found.length > 1) throw new Error(`${found.length} processes run ${command}.`);
  return only.pid;
}

/** A start that either serves (then its code is null, and it is stopped after the test) or gives up. */
async function startUntilSettled(folder: string): Promise<{ code: number | null; output: string }> {
  try {
    const service = await startService({ state: folder });
    running.push(service);
    return { code: null, output: service.output() };
  } catch (error) {
    return { code: 1, output: errorMessage(error) };
  }
}

/** `npm start` that is expected to give up by itself. */
async function runStart(
  environment: Record<string, string>,
): Promise<{ code: number | null; output: string }> {
  const child = spawn('npm', ['start', '--silent'], { env: { ...process.env, ...environment } });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (piece: Buffer) => {
      output += piece;
    });
  const [code] = await once(child, 'close');
  return { code, output };
}
