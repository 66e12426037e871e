import assert from 'node:assert/strict';
import { createQueue, runAtOnce } from '#functions/core/work-queue.js';

describe('createQueue', () => {
  it('runs each work after the one before it, also after a failure', async () => {
    const queue = createQueue();
    const order: string[] = [];
    const step = (name: string, fails = false) =>
      queue(async () => {
        order.push(`${name} begins`);
        await Promise.resolve();
        order.push(`${name} ends`);
        if (fails) throw new Error(name);
        return name;
      });
    const results = await Promise.allSettled([step('first'), step('second', true), step('third')]);
    assert.deepEqual(order, [
      'first begins',
      'first ends',
      'second begins',
      'second ends',
      'third begins',
      'third ends',
    ]);
    assert.deepEqual(
      results.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled'],
    );
  });

  it('returns the result of the work, as work that runs at once does', async () => {
    assert.equal(await createQueue()(() => Promise.resolve(7)), 7);
    assert.equal(await runAtOnce(() => Promise.resolve(7)), 7);
  });
});
