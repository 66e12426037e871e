import { strict as assert } from 'node:assert';
import type { Due } from '#functions/contract/orders.js';
import { toDeadlineCommand } from '#functions/orders/model/deadline-command.js';
import type { OrderCommand } from '#functions/orders/model/order-command.js';
import { START_MS } from '#fixtures/catalogue.js';
import { anOrder, type OrderFacts } from '#fixtures/orders.js';

const proposal = (ifUnavailable: 'refund' | 'cancel' | 'bestMatch'): OrderFacts => ({
  status: 'accepted',
  edit: { event: 4, changes: [], lines: [], totalMinor: 0, ifUnavailable, untilMs: START_MS },
});
const underReview: OrderFacts = {
  status: 'undeliverable',
  events: anOrder({ status: 'undeliverable' }).events.map((event) =>
    event.action === 'fail' ? { ...event, review: true } : event,
  ),
};

describe('the command of a deadline', () => {
  const rows: readonly (readonly [what: string, kind: Due['kind'], facts: OrderFacts, expected: OrderCommand])[] = [
    ['an unpaid order', 'expire', {}, { action: 'expire' }],
    ['a slot', 'release', {}, { action: 'release' }],
    ['an order that waits for an answer', 'remind', {}, { action: 'remind' }],
    ['an order without an answer', 'reject', {}, { action: 'reject', reason: 'no_answer' }],
    ['a late kitchen', 'overdue', {}, { action: 'escalate' }],
    ['a late courier', 'escalate', {}, { action: 'escalate' }],
    ['an order without a courier', 'noCourier', {}, { action: 'cancel', reason: 'no_courier' }],
    ['a courier who does not come', 'noArrival', {}, { action: 'unassign', reason: 'no_arrival' }],
    ['a customer who does not come', 'noShow', {}, { action: 'cancel', reason: 'no_show' }],
    ['a slot that was not paid', 'fixPayment', {}, { action: 'cancel', reason: 'payment_failed' }],
    ['a slot whose card gave no answer', 'authorize', {}, { action: 'failPayment', reason: 'no_answer' }],
    ['a postponed settlement', 'settle', {}, { action: 'settle' }],
    ['a delivered order', 'complete', {}, { action: 'complete', taken: false }],
    ['a cancelled order that is owed to the kitchen', 'payOut', {}, { action: 'payOut', taken: false }],
    ['a proposal', 'editLapse', proposal('refund'), { action: 'answerEdit', reason: 'unanswered' }],
    [
      'a proposal for the best match',
      'editLapse',
      proposal('bestMatch'),
      { action: 'answerEdit', reason: 'unanswered' },
    ],
    ['a proposal or nothing', 'editLapse', proposal('cancel'), { action: 'cancel', reason: 'edit_unanswered' }],
    ['a proposal that is gone', 'editLapse', { status: 'accepted' }, { action: 'answerEdit', reason: 'unanswered' }],
    ['a hold before the pick-up', 'holdLapse', { status: 'ready' }, { action: 'cancel', reason: 'hold_lapses' }],
    ['a hold during the ride', 'holdLapse', { status: 'picked_up' }, { action: 'presumeDelivered' }],
    ['a hold of a failed delivery', 'holdLapse', { status: 'undeliverable' }, { action: 'return' }],
    ['a hold of a failure under review', 'holdLapse', underReview, { action: 'return', liable: 'platform' }],
  ];
  for (const [what, kind, facts, expected] of rows)
    it(`is ${Object.values(expected).join(', ')} for ${what}`, () =>
      assert.deepEqual(toDeadlineCommand(anOrder(facts), kind), expected));

  it('pays out once the provider reports that it has the money', () =>
    assert.deepEqual(toDeadlineCommand(anOrder(), 'complete', true), { action: 'complete', taken: true }));
});
