import assert from 'node:assert/strict';
import { surgeBreaches } from '#simulator/invariants/surge.js';
import { aQuote } from '#fixtures/orders.js';

describe('the surge of quotes', () => {
  const breachesWith = (surgePpm: number) =>
    surgeBreaches({
      orders: [],
      couriers: [],
      ledger: [],
      nowMs: 0,
      quotes: [['quote-1', { ...aQuote(), surgePpm }]],
    });

  it('is within its bounds', () => {
    assert.deepEqual([1_000_000, 5_000_000].flatMap(breachesWith), []);
    assert.deepEqual([999_999, 5_000_001].flatMap(breachesWith), [
      'quote quote-1: a surge of 999999 ppm',
      'quote quote-1: a surge of 5000001 ppm',
    ]);
  });
});
