import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FairLine } from './fair-line.ts';

const never = new AbortController().signal;

/** One server that finishes an item when it is told to, and says in which order it was given them. */
function handServer() {
  const served: string[] = [];
  const pending: (() => void)[] = [];
  const server = (item: string): Promise<string> => {
    served.push(item);
    return new Promise((resolve) => pending.push(() => resolve(`${item}!`)));
  };
  const finishOne = async (): Promise<void> => {
    pending.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { server, served, finishOne };
}

describe('the line', () => {
  test('a question overtakes a document that is being embedded', async () => {
    const { server, served, finishOne } = handServer();
    const line = new FairLine([server], () => 1);
    const document = line.run(['d1', 'd2', 'd3', 'd4', 'd5', 'd6', 'd7', 'd8', 'd9'], never);
    const question = line.run(['q'], never);
    for (let step = 0; step < 10; step++) await finishOne();
    expect(served.indexOf('q')).toBe(1);
    expect(await question).toEqual(['q!']);
    expect(await document).toHaveLength(9);
  });

  test('questions without end do not starve a document: every fourth turn is its own', async () => {
    const { server, served, finishOne } = handServer();
    const line = new FairLine([server], () => 1);
    const document = line.run(['d1', 'd2', 'd3', 'd4', 'd5'], never);
    let asked = 0;
    while (served.filter((item) => item.startsWith('d')).length < 5) {
      void line.run([`q${asked++}`], never);
      void line.run([`q${asked++}`], never);
      await finishOne();
    }
    await finishOne();
    expect(await Promise.race([document, Promise.resolve('late')])).not.toBe('late');
    expect(served.length).toBeLessThanOrEqual(20);
  });

  test('an aborted job is given up: its waiting items are never served', async () => {
    const { server, served, finishOne } = handServer();
    const line = new FairLine([server], () => 1);
    const gone = new AbortController();
    const job = line.run(['a', 'b', 'c'], gone.signal);
    gone.abort(new Error('The client went away.'));
    await expect(job).rejects.toThrow('The client went away.');
    await finishOne();
    expect(await Promise.all([line.run(['x'], never), finishOne()])).toEqual([['x!'], undefined]);
    expect(served).toEqual(['a', 'x']);
  });

  test('a failing item fails its own job and no other', async () => {
    const line = new FairLine(
      [async (item: number) => (item < 0 ? Promise.reject(new Error('negative')) : item * 2)],
      () => 1,
    );
    const [bad, good] = await Promise.allSettled([line.run([1, -1, 2], never), line.run([3, 4], never)]);
    expect(bad).toMatchObject({ status: 'rejected', reason: { message: 'negative' } });
    expect(good).toEqual({ status: 'fulfilled', value: [6, 8] });
  });

  test('whatever the jobs and the servers, each job gets its own results in its own order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.nat(50), { maxLength: 12 }), { maxLength: 8 }),
        fc.integer({ min: 1, max: 4 }),
        async (jobs, servers) => {
          const wait = async (item: number) => {
            for (let turn = 0; turn < item % 5; turn++) await Promise.resolve();
            return item + 1;
          };
          const line = new FairLine(
            Array.from({ length: servers }, () => wait),
            (item) => item,
          );
          const results = await Promise.all(jobs.map((job) => line.run(job, never)));
          expect(results).toEqual(jobs.map((job) => job.map((item) => item + 1)));
        },
      ),
    );
  });
});
