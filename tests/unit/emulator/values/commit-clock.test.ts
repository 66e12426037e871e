import assert from 'node:assert/strict';
import { CommitClock } from '#emulator/values/time.js';

const TEN_MINUTES_MS = 600_000;

describe('the clock of commits', () => {
  it('gives every commit a later time when the clock of the computer goes back, and then follows it again', () => {
    let nowMs = 1_000_000;
    const clock = new CommitClock(() => nowMs);
    const before = clock.next();
    nowMs -= TEN_MINUTES_MS;
    assert.deepEqual([clock.current(), clock.next(), clock.next()], [before, before + 1, before + 2]);
    nowMs += TEN_MINUTES_MS + 1;
    assert.equal(clock.next(), before + 1000);
  });

  it('reads at no time that a later commit has', () => {
    let nowMs = 1_000_000;
    const clock = new CommitClock(() => nowMs);
    for (const step of [0, -TEN_MINUTES_MS, 1, TEN_MINUTES_MS, -1]) {
      nowMs += step;
      const read = clock.current();
      assert.ok(clock.next() > read);
    }
  });
});
