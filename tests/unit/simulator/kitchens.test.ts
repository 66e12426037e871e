import { strict as assert } from 'node:assert';
import { comparePrepTimes } from '#simulator/kitchens/compare.js';
import { gainExperience } from '#simulator/kitchens/experience.js';
import { Random } from '#simulator/random.js';
import { prepRows } from '#simulator/report.js';

describe('learned preparation times of simulated kitchens', () => {
  for (const seed of [1, 2, 3]) {
    it(`at least halve the error of the restaurants' own numbers, with seed ${seed}`, () => {
      const { fixed, hours, load, orders } = comparePrepTimes(seed);
      assert.ok(orders > 5000, `${orders} orders`);
      assert.ok(load <= fixed / 2, `${load} of ${fixed} minutes`);
      assert.ok(hours < fixed * 0.7, `${hours} of ${fixed} minutes`);
    });
  }
});

describe('the experience of a kitchen', () => {
  it('makes it promise somewhat less than it says, at any hour', () => {
    const nowMs = Date.parse('2026-03-02T12:00:00Z');
    const { samples, prepTimes } = gainExperience(new Random(7), 10, 'Europe/Vienna', nowMs);
    assert.equal(prepTimes.orders, samples.length);
    assert.ok(samples.every(({ atMs }) => atMs < nowMs));
    assert.ok(prepTimes.all.minutes >= 7 && prepTimes.all.minutes <= 9, `${prepTimes.all.minutes} minutes`);
  });
});

describe('the report of preparation times', () => {
  it("compares the errors with that of the kitchen's own number", () =>
    assert.deepEqual(prepRows({ fixed: 8, hours: 4.04, load: 3, orders: 70 }), [
      ['70 orders', 'minutes off', ''],
      ["the kitchen's own number", '8.0', '100 %'],
      ['learned by hour', '4.0', '51 %'],
      ['learned by hour and load', '3.0', '38 %'],
    ]));
});
