import { strict as assert } from 'node:assert';
import { withShift } from '#functions/couriers/model/shift-limits.js';

const NOW = 1_000;
const shift = (id: string, fromMs: number, untilMs: number, left = 1) => ({ id, fromMs, untilMs, places: 5, left });
const held = (...hours: [number, number][]) =>
  hours.map(([fromMs, untilMs], index) => ({ id: `h${index}`, fromMs, untilMs }));
const take = (mine: ReturnType<typeof held>, wanted: ReturnType<typeof shift>) => {
  const outcome = withShift(mine, wanted, 'take', NOW);
  return outcome.ok ? outcome.value.shifts.map((one) => one.id).join(' ') : outcome.reason;
};

describe('withShift', () => {
  it('adds a shift in chronological order, and drops those that have ended', () =>
    assert.equal(take(held([500, 1000], [5000, 6000]), shift('new', 2000, 3000)), 'new h1'));
  it('refuses one that overlaps another, not one that only touches it', () => {
    assert.deepEqual(
      [take(held([2000, 3000]), shift('new', 2999, 4000)), take(held([2000, 3000]), shift('new', 3000, 4000))],
      ['SHIFT_CLASH', 'h0 new'],
    );
  });
  it('refuses a fifth, and one that has ended or is full', () => {
    const three = held([2000, 2001], [2001, 2002], [2002, 2003]);
    assert.equal(take(three, shift('new', 3000, 4000)), 'h0 h1 h2 new');
    assert.equal(
      take(held([2000, 2001], [2001, 2002], [2002, 2003], [2003, 2004]), shift('new', 3000, 4000)),
      'SHIFT_CLASH',
    );
    assert.equal(take([], shift('new', 500, NOW)), 'SHIFT_CLASH');
    assert.equal(take([], shift('new', 2000, 3000, 0)), 'SHIFT_FULL');
  });
  it('gives one back before it begins, not after', () => {
    const back = (fromMs: number) => {
      const outcome = withShift(held([fromMs, 9000]), shift('h0', fromMs, 9000), 'giveBack', NOW);
      return outcome.ok ? outcome.value : outcome.reason;
    };
    assert.deepEqual([back(1001), back(1000)], [{ shifts: [], taken: -1 }, 'TOO_LATE']);
  });
});
