import { strict as assert } from 'node:assert';
import type { Journal, OrderEvent } from '#functions/contract/orders.js';
import type { Refund } from '#functions/contract/payments.js';
import {
  decideRefund,
  selectRefunder,
  type DecidedRefund,
  type RefundInput,
} from '#functions/payments/model/refund.js';
import { START_MS } from '#fixtures/catalogue.js';
import { aRefund } from '#fixtures/documents/orders.js';
import { anOrder, aQuote, type OrderFacts } from '#fixtures/orders.js';

const WHOLE = { type: 'whole' } as const;
const PART = { type: 'amount', amountMinor: 100 } as const;

/** After so many refunds of one cent by each. */
function decided(
  earlier: Partial<Record<Refund['by'], number>>,
  by: Refund['by'],
  what: RefundInput['request']['what'],
) {
  const small = { ...aRefund(), amountMinor: 1, taxMinor: 0, merchantMinor: 1, lines: [], parts: [], creditMinor: 0 };
  const refunds = (['merchant', 'operator', 'system'] as const).flatMap((one) =>
    Array.from({ length: earlier[one] ?? 0 }, (): Refund => ({ ...small, by: one })),
  );
  const order = anOrder({ status: 'completed' });
  const outcome = decideRefund({
    order: { ...order, payment: { ...order.payment, refundedMinor: refunds.length } },
    quote: aQuote(),
    earlier: refunds,
    courierRefused: false,
    by,
    nowMs: START_MS,
    request: {
      orderId: 'order-1',
      idempotencyKey: 'refund-key-1',
      what,
      liable: 'merchant',
      reason: 'cold',
      to: 'card',
    },
  });
  return outcome.ok ? outcome.value.refund.amountMinor : [outcome.reason, outcome.details['refunds']];
}

describe('decideRefund, of an order with many small refunds', () => {
  it('refuses the kitchen after thirty of its own, but not an operator', () => {
    assert.equal(decided({ merchant: 29 }, 'merchant', PART), 100);
    assert.deepEqual(decided({ merchant: 30 }, 'merchant', PART), ['LIMIT_REACHED', 30]);
    assert.equal(decided({ merchant: 30 }, 'operator', PART), 100);
    assert.equal(decided({ operator: 30 }, 'merchant', PART), 100);
  });

  it('always lets an operator refund all that is left', () => {
    const before = { merchant: 30, operator: 14 };
    assert.equal(decided(before, 'operator', PART), 100);
    assert.equal(decided({ ...before, system: 1 }, 'operator', WHOLE), 2895);
    assert.deepEqual(decided({ ...before, system: 1 }, 'operator', PART), ['LIMIT_REACHED', 45]);
    assert.deepEqual(decided({ ...before, system: 1 }, 'system', PART), ['LIMIT_REACHED', 45]);
    assert.deepEqual(decided({ ...before, system: 1 }, 'system', WHOLE), ['LIMIT_REACHED', 45]);
  });
});

type Request = RefundInput['request'];

const aRequest = (changes: Partial<Request> = {}): Request => ({
  orderId: 'order-1',
  idempotencyKey: 'refund-key-1',
  what: WHOLE,
  liable: 'merchant',
  reason: 'cold',
  to: 'card',
  ...changes,
});

type Facts = Partial<Omit<RefundInput, 'order' | 'request'>> & { order?: OrderFacts; request?: Partial<Request> };

/** An operator's refund of a completed order of 29.40 at the merchant's cost. */
const decide = ({ order = {}, request = {}, ...facts }: Facts = {}) =>
  decideRefund({
    order: anOrder({ status: 'completed', ...order }),
    quote: aQuote(),
    earlier: [],
    courierRefused: false,
    by: 'operator',
    nowMs: START_MS,
    request: aRequest(request),
    ...facts,
  });

function accepted(facts: Facts = {}): DecidedRefund {
  const outcome = decide(facts);
  assert.ok(outcome.ok, outcome.ok ? '' : outcome.reason);
  return outcome.value;
}

const refusal = (facts: Facts): unknown => {
  const outcome = decide(facts);
  return outcome.ok ? 'accepted' : [outcome.reason, outcome.details];
};

const entriesOf = (journal: Journal | null): string[] | undefined =>
  journal?.entries.map(({ account, amountMinor }) => `${account.split(':')[0]} ${amountMinor}`);

/** The events of a completed order that paid the merchant so. */
const paidBy = (money: OrderEvent['money']): OrderEvent[] =>
  anOrder({ status: 'completed' }).events.map((event) => (event.action === 'complete' ? { ...event, money } : event));

describe('decideRefund', () => {
  it('returns the charge to the card, and takes each part from the party that earned it', () => {
    const { refund, moneyMinor, refunded, reversed } = accepted();
    assert.deepEqual(refund, {
      customerId: 'carla',
      restaurantId: 'rosa',
      by: 'operator',
      what: WHOLE,
      liable: 'merchant',
      reason: 'cold',
      currency: 'EUR',
      atMs: START_MS,
      amountMinor: 2940,
      taxMinor: 287,
      merchantMinor: 1600,
      courierMinor: 0,
      promotionMinor: 0,
      reversalMinor: 0,
      lines: [],
      parts: [{ intentId: 'pi_1', amountMinor: 2940, status: 'pending' }],
      creditMinor: 0,
      status: 'pending',
    });
    assert.equal(moneyMinor, 2940);
    assert.deepEqual(entriesOf(refunded), [
      'restaurantTax 200',
      'platformTax 154',
      'commission 333',
      'merchant 1600',
      'refundLosses 653',
      'stripe -2940',
    ]);
    assert.equal(reversed, null);
  });

  it('gives it as credit where that is asked for', () => {
    const { refund, refunded } = accepted({ request: { to: 'credit' } });
    assert.deepEqual([refund.parts, refund.creditMinor], [[], 2940]);
    assert.deepEqual(entriesOf(refunded)?.at(-1), 'credit -2940');
  });

  it('returns to a card only what earlier refunds left on it', () => {
    const earlier = [
      { ...aRefund(), amountMinor: 1100, taxMinor: 100, merchantMinor: 800, lines: [{ line: 0, quantity: 1 }] },
    ].map((one): Refund => ({ ...one, parts: [{ intentId: 'pi_1', amountMinor: 1100, status: 'sent' }] }));
    const { refund } = accepted({ order: { payment: { refundedMinor: 1100 } }, earlier });
    assert.deepEqual([refund.amountMinor, refund.parts.map(({ amountMinor }) => amountMinor)], [1840, [1840]]);
  });

  it('returns to a card only the money that is left, and as credit what credit paid', () => {
    const { pricing, ...quote } = aQuote();
    const totals = { ...pricing.totals, creditMinor: 700, totalMinor: 2240 };
    const earlier = [{ ...aRefund(), amountMinor: 1100, taxMinor: 100, merchantMinor: 800 }];
    const { refund, moneyMinor } = accepted({
      order: { payment: { capturedMinor: 2240, refundedMinor: 1100 } },
      quote: { ...quote, pricing: { ...pricing, totals } },
      earlier: earlier.map((one): Refund => ({
        ...one,
        parts: [{ intentId: 'pi_1', amountMinor: 1100, status: 'sent' }],
      })),
    });
    assert.deepEqual([refund.amountMinor, moneyMinor, refund.creditMinor], [1840, 1140, 700]);
  });

  it('takes back from the connected account only what it was paid', () => {
    const reversal = (money: OrderEvent['money']) => {
      const { refund, reversed } = accepted({ order: { events: paidBy(money) } });
      return [refund.reversalMinor, entriesOf(reversed)];
    };
    assert.deepEqual(reversal({ type: 'transfer', amountMinor: 1600 }), [1600, ['stripe 1600', 'merchant -1600']]);
    assert.deepEqual(reversal({ type: 'transfer', amountMinor: 1600, owedMinor: 1600 }), [0, undefined]);
    assert.deepEqual(reversal(undefined), [0, undefined]);
  });

  it('lets the sales fall by what it takes back, where the kitchen had a sale', () => {
    const { returned } = accepted().refunded ?? {};
    assert.deepEqual([returned?.grossMinor, returned?.commissionMinor, returned?.keptMinor], [2000, 400, 0]);
    const events = anOrder({ status: 'cancelled' }).events.map((event): OrderEvent => {
      return event.action === 'cancel' ? { ...event, scope: 'items' } : event;
    });
    const grossOf = (merchantMinor: number) => {
      const { pricing, ...quote } = aQuote();
      const lines = pricing.lines.map((line) => ({ ...line, merchantMinor }));
      const order: OrderFacts = { status: 'cancelled', events, payment: { capturedMinor: 2200 } };
      return accepted({ order, quote: { ...quote, pricing: { ...pricing, lines } } }).refunded?.returned?.grossMinor;
    };
    assert.deepEqual([grossOf(1600), grossOf(0)], [2000, undefined]);
  });

  it('refuses an order of which nothing was charged, in money or credit', () => {
    const cancelled = (scope: OrderEvent['scope']) =>
      anOrder({ status: 'cancelled' }).events.map((event) => (event.action === 'cancel' ? { ...event, scope } : event));
    const ended = (scope: OrderEvent['scope'], quote = aQuote()) =>
      refusal({ order: { status: 'cancelled', events: cancelled(scope), payment: { capturedMinor: 2200 } }, quote });
    assert.deepEqual(ended('none'), ['NOT_CHARGED', { status: 'cancelled' }]);
    assert.equal(ended('items'), 'accepted');
    assert.deepEqual(refusal({ order: { status: 'picked_up' } }), ['NOT_CHARGED', { status: 'picked_up' }]);
    assert.equal(refusal({ order: { status: 'delivered' } }), 'accepted');
    const quote = aQuote();
    const totals = { ...quote.pricing.totals, tipMinor: 0, creditMinor: 2740, totalMinor: 0 };
    const paidByCredit = { ...quote, pricing: { ...quote.pricing, totals } };
    assert.equal(refusal({ order: { payment: { capturedMinor: 0 } }, quote: paidByCredit }), 'accepted');
  });

  it('refuses it where the quote is gone, or the payment is disputed', () => {
    assert.deepEqual(refusal({ quote: null }), ['QUOTE_NOT_FOUND', {}]);
    assert.deepEqual(refusal({ order: { payment: { disputed: true } } }), ['ORDER_DISPUTED', {}]);
  });

  it('gives cash back as credit only', () => {
    const inCash = (to: Request['to']) => refusal({ order: { payment: { method: 'cash' } }, request: { to } });
    assert.deepEqual([inCash('card'), inCash('credit')], [['CREDIT_ONLY', {}], 'accepted']);
    // The provider takes dinars in steps of ten fils; a credit for cash has none.
    const { pricing, ...quote } = aQuote();
    const given = (payment: OrderFacts['payment'] = {}) =>
      accepted({
        order: { currency: 'KWD', payment },
        quote: { ...quote, pricing: { ...pricing, currency: 'KWD' } },
        request: { what: { type: 'amount', amountMinor: 105 }, to: 'credit' },
      }).refund.amountMinor;
    assert.deepEqual([given(), given({ method: 'cash' })], [100, 105]);
  });

  it('makes a courier liable only where there was one', () => {
    const byCourier = (courierId: string | null, liable: Request['liable'] = 'courier') =>
      refusal({ order: { courierId }, request: { liable } });
    assert.deepEqual([byCourier(null), byCourier('omar')], [['COURIER_REQUIRED', {}], 'accepted']);
    assert.equal(byCourier(null, 'platform'), 'accepted');
  });

  it('takes from a merchant no more than it earned less its part of a late credit', () => {
    const merchantMinor = (merchantBearsMinor: number, earlier: readonly Refund[] = []) =>
      accepted({ order: { payment: { merchantBearsMinor, refundedMinor: earlier.length * 1100 } }, earlier }).refund
        .merchantMinor;
    assert.deepEqual([merchantMinor(0), merchantMinor(300)], [1600, 1300]);
    // Of 11.00 that it bears, 8.00 are by the earlier refund.
    const first = { ...aRefund(), amountMinor: 1100, taxMinor: 100, merchantMinor: 800 };
    assert.deepEqual([merchantMinor(800, [first]), merchantMinor(1100, [first])], [800, 500]);
  });

  it('sets a credit for lateness off', () => {
    const events = anOrder({ status: 'completed' }).events.map((event): OrderEvent =>
      event.action === 'deliver' ? { ...event, late: { minutes: 20, leg: 'courier', creditMinor: 300 } } : event,
    );
    assert.equal(accepted({ order: { events } }).refund.amountMinor, 2640);
  });

  it('takes nothing from a courier or a kitchen whose pay was refused', () => {
    const courierMinor = (courierRefused: boolean) =>
      accepted({ courierRefused, request: { liable: 'courier' } }).refund.courierMinor;
    assert.deepEqual([courierMinor(false), courierMinor(true)], [650, 0]);
    const merchantMinor = (kitchenPay?: 'refused') =>
      accepted({ order: kitchenPay ? { kitchenPay } : {} }).refund.merchantMinor;
    assert.deepEqual([merchantMinor(), merchantMinor('refused')], [1600, 0]);
  });
});

describe('selectRefunder', () => {
  const lines: Request['what'] = { type: 'lines', lines: [{ line: 0, quantity: 1 }] };
  const select = (
    uid: string,
    staffRole: Parameters<typeof selectRefunder>[2],
    request: Partial<Request> = { what: lines },
    claims: Parameters<typeof selectRefunder>[1]['claims'] = {},
  ) => {
    const outcome = selectRefunder(anOrder({ status: 'completed' }), { uid, claims }, staffRole, aRequest(request));
    return outcome.ok ? outcome.value : outcome.reason;
  };
  it('lets owners and managers refund food at their own cost', () => {
    assert.deepEqual([select('mario', 'owner'), select('mario', 'manager')], ['merchant', 'merchant']);
    assert.equal(select('kim', 'kitchen'), 'ROLE_NOT_ALLOWED');
    assert.equal(select('mario', 'owner', { what: WHOLE }), 'ROLE_NOT_ALLOWED');
    assert.equal(select('mario', 'owner', { what: lines, liable: 'platform' }), 'ROLE_NOT_ALLOWED');
  });
  it('names the role, and the action that it may not take', () => {
    const order = anOrder({ status: 'completed' });
    const detailsOf = (uid: string) => {
      const outcome = selectRefunder(order, { uid, claims: {} }, 'owner', aRequest());
      return outcome.ok ? {} : outcome.details;
    };
    assert.deepEqual(
      [detailsOf('mario'), detailsOf('carla')],
      [{ role: 'merchant', action: 'refund' }, { role: 'merchant' }],
    );
  });
  it('lets an operator refund anything, at the cost of any party', () =>
    assert.equal(select('olga', null, { what: WHOLE, liable: 'courier' }, { role: 'operator' }), 'operator'));
  it('hides the order from others, the customer included', () =>
    assert.deepEqual([select('nina', null), select('carla', null)], ['ORDER_NOT_FOUND', 'ORDER_NOT_FOUND']));
  it('refuses staff who are the customer or the courier of the order', () =>
    assert.deepEqual([select('carla', 'owner'), select('omar', 'owner')], ['PARTY_CONFLICT', 'PARTY_CONFLICT']));
});
