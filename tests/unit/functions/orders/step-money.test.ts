import { strict as assert } from 'node:assert';
import type { OrderStatus, Payment } from '#functions/contract/orders.js';
import type { MoneyRule } from '#functions/orders/model/actions/action-spec.js';
import type { Verdict } from '#functions/orders/model/cancellation.js';
import type { Facts } from '#functions/orders/model/order-command.js';
import { computeStepMoney } from '#functions/orders/model/step-money.js';
import { anOrder, type OrderFacts } from '#fixtures/orders.js';
import { theFacts } from './deciding.js';

const CASH: Partial<Payment> = { status: 'cash', method: 'cash', intentId: null, authorizedMinor: 0 };
const FREE: Partial<Payment> = { status: 'none', intentId: null, authorizedMinor: 0 };
const DEFERRED: Partial<Payment> = { ...FREE, status: 'deferred' };

interface Step {
  order?: OrderFacts;
  to?: OrderStatus;
  rule: MoneyRule['type'];
  verdict?: Verdict | null;
  facts?: Partial<Facts>;
}
const money = ({ order = { status: 'picked_up' }, to = 'delivered', rule, verdict = null, facts = {} }: Step) =>
  computeStepMoney(anOrder(order), { to, rule, verdict, facts: theFacts(facts) });
/** The scope, the provider's task, and the payment's status with what was authorised and captured. */
const inWords = (step: Step): string => {
  const { settled, effect, payment } = money(step);
  const amount = effect && effect.type !== 'void' ? ` ${effect.amountMinor}` : '';
  const task = effect ? `${effect.type}${amount}` : 'nothing';
  return `${settled?.scope ?? 'unsettled'}, ${task}, ${payment.status} ${payment.capturedMinor} of ${payment.authorizedMinor}`;
};

describe('the money of a step', () => {
  it('stays where the step moves none', () =>
    assert.equal(inWords({ rule: 'none' }), 'unsettled, nothing, authorized 0 of 2940'));

  it('is released where no party is paid', () => {
    const released = (payment: Partial<Payment>) => inWords({ order: { payment }, rule: 'void' });
    assert.equal(released({}), 'none, void, voiding 0 of 2940');
    assert.equal(released(CASH), 'none, nothing, voided 0 of 0');
    assert.equal(released(DEFERRED), 'none, nothing, voided 0 of 0');
    assert.equal(released(FREE), 'none, nothing, none 0 of 0');
  });
  it('is captured where the customer has the food, in cash at the door', () => {
    const captured = (payment: Partial<Payment>) =>
      inWords({ order: { status: 'picked_up', payment }, rule: 'captureAll' });
    assert.equal(captured({}), 'all, capture 2940, capturing 2940 of 2940');
    assert.equal(captured({ authorizedMinor: 3380 }), 'all, capture 2940, capturing 2940 of 3380');
    assert.equal(captured(CASH), 'all, nothing, captured 2940 of 2940');
  });
  it('follows the verdict of a policy, and is released where that charges nothing', () => {
    const decided = (verdict: Verdict, payment: Partial<Payment> = {}) =>
      inWords({ order: { status: 'ready', payment }, to: 'cancelled', rule: 'byPolicy', verdict });
    assert.equal(decided({ liable: 'customer', scope: 'items' }), 'items, capture 2200, capturing 2200 of 2940');
    assert.equal(decided({ liable: 'merchant', scope: 'none' }), 'none, void, voiding 0 of 2940');
    assert.equal(
      decided({ liable: 'platform', scope: 'platformPaysKitchen' }),
      'platformPaysKitchen, void, voiding 0 of 2940',
    );
    assert.equal(
      decided({ liable: 'customer', scope: 'items' }, CASH),
      'platformPaysKitchen, nothing, voided 0 of 0',
      'cash is never paid without the food',
    );
  });
  it('pays the way back only for food that is returned', () => {
    const verdict: Verdict = { liable: 'customer', scope: 'allLessTip' };
    const courierMinor = (to: OrderStatus, liable = verdict.liable) =>
      money({ order: { status: 'undeliverable' }, to, rule: 'byPolicy', verdict: { ...verdict, liable } }).settled
        ?.settlement.split.courierMinor;
    assert.deepEqual(
      [courierMinor('returned'), courierMinor('cancelled'), courierMinor('returned', 'courier')],
      [720, 450, 0],
    );
  });
  it('is never moved without the quote, without a verdict, or beyond what is authorised', () => {
    for (const rule of ['captureAll', 'transfer'] as const)
      assert.throws(() => money({ rule, facts: { quote: null } }), /has read the quote/);
    assert.throws(() => money({ rule: 'byPolicy' }), /a policy has a verdict/);
    const short = { status: 'picked_up', payment: { authorizedMinor: 2939 } } as const;
    assert.throws(() => money({ order: short, rule: 'captureAll' }), /no more is captured than authorised/);
  });
});

describe('the payout of an order', () => {
  const paidOut = (payment: Partial<Payment> = {}, more: OrderFacts = {}, facts: Partial<Facts> = {}) =>
    money({ order: { status: 'delivered', payment, ...more }, to: 'completed', rule: 'transfer', facts });

  it("transfers the kitchen's part, less what it bears of refunds", () => {
    const transferred = (merchantBearsMinor?: number) =>
      paidOut(merchantBearsMinor === undefined ? {} : { merchantBearsMinor }).effect;
    assert.deepEqual(transferred(), { type: 'transfer', amountMinor: 1600 });
    assert.deepEqual(transferred(100), { type: 'transfer', amountMinor: 1500 });
    assert.deepEqual(transferred(1601), { type: 'transfer', amountMinor: 0 });
  });
  it('transfers nothing to a kitchen without an account, which is owed its part', () =>
    assert.deepEqual(paidOut({}, {}, { hasNoAccount: true }).effect, {
      type: 'transfer',
      amountMinor: 0,
      owedMinor: 1600,
    }));
  it('deducts what the merchant owes the platform, up to its part', () => {
    const deducted = (merchantDebtMinor: number) => paidOut({}, {}, { merchantDebtMinor }).effect;
    assert.deepEqual(deducted(450), { type: 'transfer', amountMinor: 1150, debtMinor: 450 });
    assert.deepEqual(deducted(2000), { type: 'transfer', amountMinor: 0, debtMinor: 1600 });
    assert.deepEqual(deducted(0), { type: 'transfer', amountMinor: 1600 });
  });
  it('transfers nothing where the order ended without a settlement', () =>
    assert.deepEqual(paidOut({}, { status: 'ready' }).effect, { type: 'transfer', amountMinor: 0 }));
  it('transfers nothing while the pay is held, or was refused', () => {
    for (const kitchenPay of ['held', 'refused'] as const)
      assert.equal(paidOut({}, { kitchenPay }).effect, null, kitchenPay);
  });
  it('records the capture that it follows', () => {
    const status = (payment: Partial<Payment>, more: OrderFacts = {}) => paidOut(payment, more).payment.status;
    assert.equal(status({ status: 'capturing' }), 'captured');
    assert.equal(status({ status: 'capturing' }, { kitchenPay: 'held' }), 'captured');
    assert.equal(status({ status: 'voiding', capturedMinor: 0 }), 'voiding');
    assert.equal(status({ status: 'voided', capturedMinor: 0 }), 'voided');
    assert.equal(status({ status: 'none' }), 'none');
  });
});
