import { strict as assert } from 'node:assert';
import type { Journal } from '#functions/contract/orders.js';
import { toCsv, listPayouts, sumPayouts } from '#functions/payments/model/payouts.js';
import { START_MS } from '#fixtures/catalogue.js';

const paid = (orderId: string, amountMinor: number, currency = 'EUR'): Journal => ({
  orderId,
  kind: 'payout',
  currency,
  atMs: START_MS,
  entries: [
    { account: 'merchant:rosa', amountMinor },
    { account: 'stripe', amountMinor: -amountMinor },
  ],
});
const transfer = { id: 'tr_1', orderId: 'order-1', payoutId: null, accountId: 'acct_rosa', amountMinor: 1500 };

describe('listPayouts', () => {
  const list = () =>
    listPayouts(
      'rosa',
      { payouts: [paid('order-1', 1600), paid('order-2', 700)], reversals: [] },
      new Map([['order-1', transfer]]),
    );

  it('lists each payout beside its transfer, and null where it is missing', () =>
    assert.deepEqual(list(), [
      {
        orderId: 'order-1',
        day: '2026-03-02',
        amountMinor: 1600,
        currency: 'EUR',
        transferId: 'tr_1',
        transferredMinor: 1500,
      },
      {
        orderId: 'order-2',
        day: '2026-03-02',
        amountMinor: 700,
        currency: 'EUR',
        transferId: null,
        transferredMinor: 0,
      },
    ]));

  it('subtracts the later reversals of the same order', () => {
    const back = (orderId: string, amountMinor: number): Journal => ({
      ...paid(orderId, -amountMinor),
      kind: 'reversal',
      atMs: START_MS + 86_400_000,
    });
    const left = listPayouts(
      'rosa',
      {
        payouts: [paid('order-1', 1600), paid('order-2', 700)],
        reversals: [back('order-1', 300), back('order-1', 100), back('order-3', 50)],
      },
      new Map(),
    );
    assert.deepEqual(
      left.map(({ orderId, day, amountMinor }) => [orderId, day, amountMinor]),
      [
        ['order-1', '2026-03-02', 1200],
        ['order-2', '2026-03-02', 700],
      ],
    );
  });

  it('lists only payouts of orders, and what they moved on the account of this restaurant', () => {
    const listed = (restaurantId: string, payout: Journal) =>
      listPayouts(restaurantId, { payouts: [payout], reversals: [] }, new Map()).map(({ amountMinor }) => amountMinor);
    assert.deepEqual(listed('rosa', paid('order-1', 1600)), [1600]);
    assert.deepEqual(listed('luigi', paid('order-1', 1600)), [0]);
    assert.deepEqual(listed('rosa', { ...paid('order-1', 1600), orderId: null }), []);
  });

  it('sums by currency', () => {
    const yen = listPayouts('rosa', { payouts: [paid('order-3', 900, 'JPY')], reversals: [] }, new Map());
    assert.deepEqual(sumPayouts([...list(), ...yen]), {
      EUR: { paidOutMinor: 2300, transferredMinor: 1500 },
      JPY: { paidOutMinor: 900, transferredMinor: 0 },
    });
  });
});

describe('toCsv', () => {
  const lineOf = (currency: string) =>
    toCsv(listPayouts('rosa', { payouts: [paid('order-1', 1600, currency)], reversals: [] }, new Map()));

  it('is a header alone without payouts', () =>
    assert.equal(toCsv([]), 'day,order,currency,amount,transfer,transferred\r\n'));
  it('names the transfer and its amount beside the payout', () => {
    const payouts = { payouts: [paid('order-1', 1600), paid('order-2', 705)], reversals: [] };
    assert.equal(
      toCsv(listPayouts('rosa', payouts, new Map([['order-1', transfer]]))),
      'day,order,currency,amount,transfer,transferred\r\n' +
        '2026-03-02,order-1,EUR,16.00,tr_1,15.00\r\n' +
        '2026-03-02,order-2,EUR,7.05,,0.00\r\n',
    );
  });
  it('uses the decimals of the currency', () => {
    assert.match(lineOf('EUR'), /\r\n2026-03-02,order-1,EUR,16\.00,,0\.00\r\n$/);
    assert.match(lineOf('JPY'), /\r\n2026-03-02,order-1,JPY,1600,,0\r\n$/);
    assert.match(lineOf('KWD'), /\r\n2026-03-02,order-1,KWD,1\.600,,0\.000\r\n$/);
  });
});
