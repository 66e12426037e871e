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
const transfer = { id: 'tr_1', orderId: 'order-1', accountId: 'acct_rosa', amountMinor: 1500 };

describe('listPayouts', () => {
  const payouts = listPayouts(
    'rosa',
    { payouts: [paid('order-1', 1600), paid('order-2', 700)], reversals: [] },
    new Map([['order-1', transfer]]),
  );

  it('lists each payout beside its transfer, and null where it is missing', () =>
    assert.deepEqual(payouts, [
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

  it('sums by currency', () => {
    const yen = listPayouts('rosa', { payouts: [paid('order-3', 900, 'JPY')], reversals: [] }, new Map());
    assert.deepEqual(sumPayouts([...payouts, ...yen]), {
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
  it('uses the decimals of the currency', () => {
    assert.match(lineOf('EUR'), /\r\n2026-03-02,order-1,EUR,16\.00,,0\.00\r\n$/);
    assert.match(lineOf('JPY'), /\r\n2026-03-02,order-1,JPY,1600,,0\r\n$/);
    assert.match(lineOf('KWD'), /\r\n2026-03-02,order-1,KWD,1\.600,,0\.000\r\n$/);
  });
});
