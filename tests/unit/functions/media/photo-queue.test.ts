import assert from 'node:assert/strict';
import { inPhotoQueue } from '#functions/media/photo-queue.js';

describe('the queue of photos to be decoded', () => {
  it('runs one at a time, in order, also after one that failed', async () => {
    const steps: string[] = [];
    const decode = (name: string, fails = false) =>
      inPhotoQueue(async () => {
        steps.push(`${name} begins`);
        await Promise.resolve();
        steps.push(`${name} ends`);
        if (fails) throw new Error(name);
        return name;
      });
    const results = await Promise.allSettled([decode('one'), decode('two', true), decode('three')]);
    assert.deepEqual(
      results.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled'],
    );
    assert.deepEqual(
      steps,
      ['one', 'two', 'three'].flatMap((name) => [`${name} begins`, `${name} ends`]),
    );
  });

  it('is full with sixteen photos: one more is to be repeated, and has room when one is done', async () => {
    let open = (): void => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    const sixteen = Array.from({ length: 16 }, () => inPhotoQueue(() => gate));
    await assert.rejects(
      inPhotoQueue(() => Promise.resolve()),
      { reason: 'BUSY' },
    );
    open();
    await Promise.all(sixteen);
    assert.equal(await inPhotoQueue(() => Promise.resolve('room')), 'room');
  });
});
