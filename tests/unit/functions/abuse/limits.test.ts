import assert from 'node:assert/strict';
import { findCountedLimit, findFreeLimit } from '#functions/abuse/model/limits.js';
import { CALLABLES, type CallableName } from '#functions/calls/callables.js';

describe('a callable that asks the payment provider', () => {
  const names = Object.keys(CALLABLES) as CallableName[];
  const asking = names.filter((name) => CALLABLES[name].secrets?.includes('STRIPE_SECRET_KEY'));

  for (const name of asking)
    it(`is counted over all instances: ${name}`, () =>
      assert.ok(findCountedLimit(name) ?? findFreeLimit(name), 'neither in COUNTED_CALLS nor in FREE_CALLS'));

  it('is found by its secret', () => {
    for (const name of ['payoutsReport', 'moveOrder', 'placeOrder'] as const) assert.ok(asking.includes(name), name);
    assert.ok(!asking.includes('createProfile'));
  });
});
