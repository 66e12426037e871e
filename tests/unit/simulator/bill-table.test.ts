import assert from 'node:assert/strict';
import { type Bill, type Usage } from '#simulator/bill.js';
import { moneyTables } from '#simulator/bill-table.js';
import { warningRows } from '#simulator/warnings.js';

const NOTHING: Usage = {
  reads: 0,
  indexReads: 0,
  listenerReads: 0,
  ruleReads: 0,
  aggregationReads: 0,
  writes: 0,
  deletes: 0,
};

/** Two customers and a function, in ten orders. */
const BILL: Bill = {
  prices: {
    asOf: '2026-11',
    location: 'nam5',
    currency: 'USD',
    reads: 0.06,
    writes: 0.18,
    deletes: 0.02,
    invocations: 0.4,
  },
  callers: {
    'user:customer-1': { orders: { ...NOTHING, listenerReads: 10 } },
    'user:customer-2': { orders: { ...NOTHING, listenerReads: 20 }, users: { ...NOTHING, reads: 5 } },
    'function:placeOrder': { orders: { ...NOTHING, writes: 10 } },
  },
};

describe('the money tables of a simulation', () => {
  const { byCaller, byCollection } = moneyTables(BILL, 10);

  it('group users by role and list each function, the most expensive first', () => {
    assert.deepEqual(
      byCaller.map((row) => [row[0], row[1], row[3], row[6], row[8]]),
      [
        ['caller', 'reads', 'by listeners', 'writes', 'USD per 1,000 orders (nam5, 2026-11)'],
        ['customers', '0.5', '3.0', '·', '0.002'],
        ['function:placeOrder', '·', '·', '1.0', '0.002'],
        ['all', '0.5', '3.0', '1.0', '0.004'],
      ],
    );
  });

  it('have the same sum by collection', () => {
    assert.deepEqual(
      byCollection.map((row) => row[0]),
      ['collection', 'orders', 'users', 'all'],
    );
    assert.deepEqual(byCollection.at(-1), byCaller.at(-1));
  });
});

describe('the warnings of a simulation', () => {
  it('have one row for the documents of a collection, with the text of the worst', () => {
    const warning = (place: string, figure: number) => ({
      kind: 'writeRate',
      place,
      figure,
      text: `${place}: ${figure}`,
    });
    assert.deepEqual(warningRows([warning('orders/a', 2), warning('orders/b', 3), warning('couriers/c/live/p', 1)]), [
      ['writeRate', 'orders', '2', 'orders/b: 3'],
      ['writeRate', 'couriers/live', '1', 'couriers/c/live/p: 1'],
    ]);
  });
});
