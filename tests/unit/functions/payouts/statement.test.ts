import assert from 'node:assert/strict';
import type { Journal } from '#functions/contract/orders.js';
import { ACCOUNTS } from '#functions/ledger/model/chart.js';
import {
  courierPayoutJournal,
  returnedPayoutJournal,
  setOffJournal,
} from '#functions/ledger/model/courier-journals.js';
import { tipJournal } from '#functions/ledger/model/journals.js';
import { listStatementLines, toStatementCsv } from '#functions/payouts/model/statement.js';

const AT_MS = Date.parse('2026-03-02T19:00:00Z');
const PAYOUT = {
  courierId: 'omar',
  currency: 'EUR',
  type: 'instant',
  amountMinor: 500,
  feeMinor: 50,
  setOffMinor: 100,
} as const;
const ofOrder = (kind: Journal['kind'], entries: readonly (readonly [string, number])[]): Journal => ({
  orderId: 'order-1',
  kind,
  currency: 'EUR',
  atMs: AT_MS,
  entries: entries.map(([account, amountMinor]) => ({ account, amountMinor })),
});
const pay = ACCOUNTS.courier('omar');

describe('listStatementLines', () => {
  const lines = (journal: Journal | null) => {
    assert.ok(journal);
    return listStatementLines('omar', [{ id: 'journal-1', journal }]).map((one) => [
      one.account,
      one.type,
      one.amountMinor,
    ]);
  };

  it('divides the pay of an order into ride and tip', () =>
    assert.deepEqual(
      lines(
        ofOrder('settlement', [
          ['stripe', 2000],
          [pay, -650],
          ['courierCost', 450],
          ['commission', -1800],
        ]),
      ),
      [
        ['pay', 'ride', 450],
        ['pay', 'tip', 200],
      ],
    ));

  it('lists cash that was collected with an order, besides its pay', () =>
    assert.deepEqual(
      lines(
        ofOrder('settlement', [
          [ACCOUNTS.cash('omar'), 2000],
          [pay, -450],
          ['courierCost', 450],
          ['commission', -2000],
        ]),
      ),
      [
        ['pay', 'ride', 450],
        ['cash', 'collected', 2000],
      ],
    ));

  it('lists a payout and its fee', () =>
    assert.deepEqual(lines(courierPayoutJournal(PAYOUT, AT_MS)), [
      ['pay', 'payout', -500],
      ['pay', 'fee', -50],
    ]));

  it('lists a payment by hand', () =>
    assert.deepEqual(lines(courierPayoutJournal({ ...PAYOUT, type: 'manual', feeMinor: 0 }, AT_MS)), [
      ['pay', 'payout', -500],
    ]));

  it('lists cash that was set off on both accounts', () =>
    assert.deepEqual(lines(setOffJournal(PAYOUT, AT_MS)), [
      ['pay', 'setOff', -100],
      ['cash', 'setOff', -100],
    ]));

  it('lists a returned payout with its fee', () =>
    assert.deepEqual(lines(returnedPayoutJournal('payout-1', PAYOUT, AT_MS)), [['pay', 'returnedPayout', 550]]));

  it('lists a tip, a refund at the cost of the courier and a correction', () => {
    assert.deepEqual(lines(tipJournal({ orderId: 'order-1', currency: 'EUR', courierId: 'omar' }, 300, AT_MS)), [
      ['pay', 'tip', 300],
    ]);
    assert.deepEqual(
      lines(
        ofOrder('refund', [
          [pay, 200],
          ['stripe', -200],
        ]),
      ),
      [['pay', 'refund', -200]],
    );
    assert.deepEqual(
      lines(
        ofOrder('correction', [
          [ACCOUNTS.held('omar'), 450],
          [pay, -450],
        ]),
      ),
      [['pay', 'correction', 450]],
    );
  });

  it('lists nothing of journals of others', () =>
    assert.deepEqual(
      lines(
        ofOrder('settlement', [
          ['stripe', 2000],
          ['courierCost', 450],
          [ACCOUNTS.courier('other'), -2450],
        ]),
      ),
      [],
    ));
});

describe('toStatementCsv', () => {
  it('formats amounts with the decimals of the currency', () => {
    const line = { day: '2026-03-02', journalId: 'payout-1', orderId: null, account: 'pay', type: 'payout' } as const;
    assert.equal(
      toStatementCsv([
        { ...line, currency: 'EUR', amountMinor: -520 },
        { ...line, currency: 'JPY', amountMinor: -520 },
      ]),
      'day,journal,order,account,type,currency,amount\r\n' +
        '2026-03-02,payout-1,,pay,payout,EUR,-5.20\r\n2026-03-02,payout-1,,pay,payout,JPY,-520\r\n',
    );
  });
});
