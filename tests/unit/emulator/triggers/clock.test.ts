import assert from 'node:assert/strict';
import { AcceleratedClock } from '#emulator/triggers/clock.js';

const DAY_MS = 86_400_000;

describe('the clock of deliveries', () => {
  it('stands still at speed 0, until it is advanced', () => {
    const clock = new AcceleratedClock(0);
    assert.equal(clock.now(), 0);
    clock.adjust(0, DAY_MS);
    assert.equal(clock.now(), DAY_MS);
  });

  it('runs timers that are due in the order of their times, and no others', async () => {
    const clock = new AcceleratedClock(0);
    const called: string[] = [];
    const last = new Promise<void>((resolve) => clock.after(3 * DAY_MS, resolve));
    clock.after(4 * DAY_MS, () => called.push('too early'));
    clock.after(2 * DAY_MS, () => called.push('second'));
    clock.after(DAY_MS, () => called.push('first'));
    clock.adjust(0, 3 * DAY_MS);
    await last;
    assert.deepEqual([called, clock.waiting], [['first', 'second'], 1]);
  });

  it('runs a day in milliseconds when it is fast enough', async () => {
    const clock = new AcceleratedClock(1e9);
    await new Promise<void>((resolve) => clock.after(DAY_MS, resolve));
    assert.ok(clock.now() >= DAY_MS);
  });

  it('does not run a cancelled timer', async () => {
    const clock = new AcceleratedClock(0);
    const callOff = clock.after(1, () => assert.fail('called'));
    const later = new Promise<void>((resolve) => clock.after(2, resolve));
    callOff();
    clock.adjust(0, 2);
    await later;
    assert.equal(clock.waiting, 0);
  });
});
