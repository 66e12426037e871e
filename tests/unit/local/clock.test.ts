import assert from 'node:assert/strict';
import { once, EventEmitter } from 'node:events';
import { LocalClock } from '#local/clock.js';

describe('LocalClock', () => {
  it('fires timers in order of time, then of registration, each at its own time', () => {
    const clock = new LocalClock(0, 1_000);
    const fired: string[] = [];
    for (const [name, atMs] of [
      ['b', 1_020],
      ['a', 1_010],
      ['c', 1_020],
    ] as const)
      clock.at(atMs, () => fired.push(`${name}@${clock.now()}`));
    clock.advance(50);
    assert.deepEqual(fired, ['a@1010', 'b@1020', 'c@1020']);
    assert.equal(clock.now(), 1_050);
  });

  it('fires a timer that another one sets within the same stretch', () => {
    const clock = new LocalClock(0, 0);
    const fired: number[] = [];
    clock.at(10, () => clock.at(20, () => fired.push(clock.now())));
    clock.advance(20);
    assert.deepEqual(fired, [20]);
  });

  it('does not fire a cancelled timer', () => {
    const clock = new LocalClock(0, 0);
    const cancel = clock.at(10, () => assert.fail('fired'));
    cancel();
    clock.advance(20);
  });

  it('fires by itself, sooner at a higher speed', async () => {
    const clock = new LocalClock(1_000);
    const bell = new EventEmitter();
    const startedAt = Date.now();
    clock.at(clock.now() + 20_000, () => bell.emit('rung'));
    await once(bell, 'rung');
    clock.stop();
    assert.ok(Date.now() - startedAt < 5_000);
  });
});
