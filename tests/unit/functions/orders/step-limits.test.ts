import { strict as assert } from 'node:assert';
import type { Role } from '#functions/contract/common.js';
import type { OrderAction, OrderEvent } from '#functions/contract/orders.js';
import type { OrderCommand } from '#functions/orders/model/order-command.js';
import { MINUTE } from '#fixtures/catalogue.js';
import { aFix, anOrder, type OrderFacts } from '#fixtures/orders.js';
import { COMMANDS } from './commands.js';
import { NOW, reason } from './deciding.js';

const event = (action: OrderAction, facts: Partial<OrderEvent> = {}): OrderEvent => ({
  n: 9,
  action,
  from: 'picked_up',
  to: 'picked_up',
  by: 'courier',
  atMs: NOW - 5 * MINUTE,
  causeId: `${action}-cause`,
  ...facts,
});
const repeat = (count: number, one: OrderEvent): OrderEvent[] => Array.from({ length: count }, () => one);

interface Step {
  order: OrderFacts;
  by: Role;
  command: OrderCommand;
}

/** The answer to a step of an order with these events after those of its status. */
const answer = ({ order, by, command }: Step, ...later: readonly OrderEvent[]) =>
  reason({ order: { ...order, events: [...anOrder(order).events, ...later] }, by, command });

const EDIT: Step = { order: { status: 'accepted' }, by: 'merchant', command: COMMANDS.edit };
const ASSIGN: Step = { order: { status: 'ready' }, by: 'courier', command: COMMANDS.assign };
const ARRIVE: Step = { order: { status: 'ready', courierId: 'omar' }, by: 'courier', command: COMMANDS.arrive };
const AT_DOOR: Step = {
  order: { status: 'picked_up' },
  by: 'courier',
  command: { action: 'arrive', fix: aFix('door', NOW) },
};
const CONTACT: Step = { order: { status: 'picked_up' }, by: 'courier', command: COMMANDS.contact };
const RESTORE: Step = {
  order: { status: 'cancelled', due: { kind: 'settle', atMs: NOW } },
  by: 'operator',
  command: COMMANDS.restore,
};
const APPROVE: Step = {
  order: {
    status: 'accepted',
    edit: {
      event: 4,
      changes: [{ type: 'reduce', line: 0, quantity: 1 }],
      lines: [],
      totalMinor: 1840,
      ifUnavailable: 'refund',
      untilMs: NOW + MINUTE,
    },
  },
  by: 'customer',
  command: { action: 'answerEdit', reason: 'approved', topUpIntentId: 'pi_2' },
};
/** Without a second hold. */
const DECLINE: Step = { ...APPROVE, command: { action: 'answerEdit', reason: 'approved' } };
const arrival = event('arrive', { reason: 'here' });
/** A report that is not credible does not count as an arrival, but as a step. */
const doubtful = event('arrive', { reason: 'here', review: true, from: 'ready', to: 'ready' });
const cancelled = event('cancel', { from: 'accepted', to: 'cancelled', liable: 'merchant', scope: 'none', atMs: NOW });

describe('the limits of a repeated step', () => {
  const [free, full] = ['allowed', 'TOO_MANY_STEPS'];
  const itEnds = (what: string, max: number, refusal: string, ask: (count: number) => string) =>
    it(`allow ${max} ${what}`, () => assert.deepEqual([ask(max - 1), ask(max)], [free, refusal]));

  itEnds('edits', 10, 'TOO_MANY_EDITS', (count) => answer(EDIT, ...repeat(count, event('edit'))));
  itEnds('approvals that open a second hold', 20, 'TOO_MANY_EDITS', (count) =>
    answer(APPROVE, ...repeat(count, event('answerEdit'))),
  );
  itEnds('couriers who hand the order back', 12, full, (count) => answer(ASSIGN, ...repeat(count, event('unassign'))));
  itEnds('arrivals of a courier at the counter', 6, full, (count) => answer(ARRIVE, ...repeat(count, doubtful)));
  itEnds('calls of a courier at the door', 6, 'TOO_MANY_CONTACTS', (count) =>
    answer(CONTACT, arrival, ...repeat(count, event('contact'))),
  );
  itEnds('restored cancellations', 5, full, (count) => answer(RESTORE, ...repeat(count, event('restore')), cancelled));
  itEnds('second holds', 4, 'TOO_MANY_TOP_UPS', (count) => {
    const topUps = Array.from({ length: count }, (_, index) => ({ intentId: `pi_${index}`, authorizedMinor: 1 }));
    return answer({ ...APPROVE, order: { ...APPROVE.order, payment: { topUps } } });
  });

  it('count the calls and arrivals of the current courier alone', () => {
    const others = repeat(6, doubtful);
    assert.equal(answer(ARRIVE, ...others, event('assign', { courierId: 'omar' })), free);
    assert.equal(answer(AT_DOOR, ...repeat(5, { ...doubtful, from: 'picked_up' })), free);
    assert.equal(answer(AT_DOOR, ...repeat(6, { ...doubtful, from: 'picked_up' })), full);
  });
  it('do not end an approval that opens no hold', () =>
    assert.equal(answer(DECLINE, ...repeat(20, event('answerEdit'))), free));

  it('end the steps of a party that keep the status from 100 events on', () => {
    const after = (step: Step, total: number, ...last: OrderEvent[]) =>
      answer(step, ...repeat(total - anOrder(step.order).events.length - last.length, event('remind')), ...last);
    for (const [step, ...last] of [[EDIT], [APPROVE], [ARRIVE], [AT_DOOR], [CONTACT, arrival]] as const)
      assert.deepEqual([after(step, 99, ...last), after(step, 100, ...last)], [free, full], step.command.action);
    assert.equal(after(DECLINE, 100), free);
  });
});
