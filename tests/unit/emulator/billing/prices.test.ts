import assert from 'node:assert/strict';
import { PRICES, computePrice } from '#emulator/billing/prices.js';

const NOTHING = { reads: 0, indexReads: 0, listenerReads: 0, ruleReads: 0, aggregationReads: 0, writes: 0, deletes: 0 };

describe('the price list', () => {
  it('states its date and location', () => {
    assert.match(PRICES.asOf, /^20\d\d-\d\d$/);
    assert.deepEqual([PRICES.location, PRICES.currency], ['nam5', 'USD']);
  });

  it('charges every kind of read as a read', () => {
    const usage = {
      ...NOTHING,
      reads: 1e5,
      indexReads: 1e5,
      listenerReads: 1e5,
      ruleReads: 1e5,
      aggregationReads: 1e5,
    };
    assert.equal(computePrice(usage).toFixed(6), '0.300000');
  });

  it('charges writes and deletes at prices of their own', () => {
    assert.equal(computePrice({ ...NOTHING, writes: 1e5 }).toFixed(6), '0.180000');
    assert.equal(computePrice({ ...NOTHING, deletes: 1e5 }).toFixed(6), '0.020000');
    assert.equal(computePrice(NOTHING), 0);
  });
});
