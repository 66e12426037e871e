import fc from 'fast-check';
import { ROLES, type Role } from '#functions/contract/common.js';
import {
  LIABLE_PARTIES,
  UNAVAILABLE_CHOICES,
  type LineChange,
  type Order,
  type OrderKind,
  type Payment,
  type Quote,
  type Reservation,
} from '#functions/contract/orders.js';
import type { RefundWish } from '#functions/contract/payments.js';
import type { AuthorizedPayment, OrderCommand, SentRider } from '#functions/orders/model/order-command.js';
import { decide } from '#functions/orders/model/decide.js';
import { buildOrder } from '#functions/orders/model/build-order.js';
import { listSteps } from '#functions/orders/model/actions/actions.js';
import { findSettlement } from '#functions/orders/model/settlement-scope.js';
import { splitRefund, type Part } from '#functions/payments/model/split-amounts.js';
import { refundJournal, reversalJournal } from '#functions/ledger/model/journals.js';
import { computeTakenBack } from '#functions/payments/model/taken-back.js';
import { priceRefund, type PricedRefund } from '#functions/pricing/refund.js';
import {
  aMenu,
  aPromotion,
  aRestaurant,
  aZonePricing,
  BELIEVING,
  DOOR_AT,
  MINUTE,
  START_MS,
  theLimits,
} from '#fixtures/catalogue.js';
import { aFix, aQuote } from '#fixtures/orders.js';
import { priced } from '../pricing/price.js';
import { COURIER, pay, payoutWish, type Ledger, type Payouts } from './walk-payouts.js';

/** How the customer of a walk pays. */
const WAYS = ['card', 'cash', 'deferred', 'credit'] as const;
type Way = (typeof WAYS)[number];

/** All that a walk has made so far: one order with its documents. */
export interface World {
  way: Way;
  order: Order;
  quote: Quote;
  ledger: Ledger;
  payouts: Payouts;
  /** What the placing took, and what was given back since. */
  taken: Reservation;
  released: Reservation[];
  refunds: { refund: PricedRefund & { what: RefundWish }; parts: Part[] }[];
  nowMs: number;
  applied: number;
}

/** The menu of a walk has something dearer, so that an edit may need a second hold. */
const MENU = aMenu({
  items: [
    ...aMenu().items,
    {
      id: 'diavola',
      name: 'Diavola',
      description: '',
      category: 'Pizza',
      priceMinor: 1900,
      taxCategory: 'food',
      groupIds: [],
    },
  ],
});
const PROMOTION = {
  ...aPromotion({ kind: 'order', benefit: { type: 'percent', ratePpm: 100_000 }, merchantFundedPpm: 400_000 }),
  perUserLimit: 3,
};
const HOUR = 60 * MINUTE;

export interface Beginning {
  kind: OrderKind;
  way: Way;
  /** Of the customer's credit; used where that is the way. */
  creditMinor: number;
  quantity: number;
  tipPpm: number;
  ifUnavailable: Quote['ifUnavailable'];
}

export const beginning: fc.Arbitrary<Beginning> = fc
  .record({
    kind: fc.constantFrom<OrderKind>('delivery', 'delivery', 'delivery', 'pickup'),
    way: fc.constantFrom(...WAYS),
    creditMinor: fc.constantFrom(500, 2500, 100_000),
    quantity: fc.integer({ min: 1, max: 5 }),
    tipPpm: fc.constantFrom(0, 150_000),
    ifUnavailable: fc.constantFrom(...UNAVAILABLE_CHOICES),
  })
  // Cash is for what is delivered.
  .map((facts) => (facts.kind === 'pickup' && facts.way === 'cash' ? { ...facts, way: 'card' } : facts));

/** A placed order of two lines with a coupon, partly on credit where that is the way. */
export function begin({ kind, way, quantity, tipPpm, ifUnavailable, creditMinor: has }: Beginning): World {
  const lines = [
    { itemId: 'margherita', quantity },
    { itemId: 'cola', quantity: 2 },
  ];
  const creditMinor = way === 'credit' ? has : 0;
  const tip = kind === 'pickup' ? 0 : tipPpm;
  const pricing = priced({ kind, lines, promotions: [PROMOTION], creditMinor, tipPpm: tip, menu: MENU });
  const quote = aQuote({
    kind,
    pricing,
    ifUnavailable,
    tipPpm: tip,
    paymentMethod: way === 'cash' ? 'cash' : 'card',
    useCredit: way === 'credit',
    scheduledForMs: way === 'deferred' ? START_MS + 14 * 24 * HOUR : null,
    lines: lines.map((line) => ({ ...line, modifiers: [] })),
    rules: { pricing: aZonePricing(), menu: MENU, promotions: [PROMOTION] },
  });
  const isHeld = (way === 'card' || way === 'credit') && pricing.totals.totalMinor > 0;
  const intentId = isHeld ? 'pi_1' : null;
  const placing = {
    quoteId: 'order-1',
    restaurant: aRestaurant(),
    customerName: 'Carla',
    causeId: 'place-key-1',
    sealedDelivery: null,
  };
  const taken: Reservation = {
    promotions: [{ id: PROMOTION.id, shard: null }],
    uses: [PROMOTION.id],
    slotMs: START_MS,
    stock: { cola: 2 },
    creditMinor: pricing.totals.creditMinor,
  };
  const order = buildOrder({
    ...placing,
    quote,
    intentId,
    inCash: way === 'cash',
    nowMs: START_MS,
    limits: theLimits(),
  });
  return {
    way,
    quote,
    taken,
    order: { ...order, reserved: taken },
    ledger: [],
    payouts: [],
    released: [],
    refunds: [],
    nowMs: START_MS,
    applied: 0,
  };
}

type Make = (world: World, nowMs: number) => OrderCommand;

const plain = (
  ...actions: (
    | 'expire'
    | 'release'
    | 'remind'
    | 'escalate'
    | 'complete'
    | 'settle'
    | 'assign'
    | 'startPreparing'
    | 'markReady'
    | 'presumeDelivered'
    | 'payOut'
    | 'contact'
  )[]
): fc.Arbitrary<Make> => fc.constantFrom(...actions).map((action) => () => ({ action }));
const made = (make: Make) => fc.constant(make);

/** What the provider says of the order's first payment, or that none is needed now. */
function heldBy({ way, order }: World, late: boolean): AuthorizedPayment {
  const authorized: AuthorizedPayment = {
    status: 'authorized',
    intentId: 'pi_1',
    authorizedMinor: order.totals.totalMinor,
  };
  if (way === 'cash') return { status: 'cash', intentId: null, authorizedMinor: 0, method: 'cash' };
  if (way === 'deferred' && !late) return { status: 'deferred', intentId: null, authorizedMinor: 0 };
  return order.totals.totalMinor === 0 ? { status: 'none', intentId: null, authorizedMinor: 0 } : authorized;
}

/** What brings an order on. */
const forward: fc.Arbitrary<Make> = fc.oneof(
  plain('release', 'remind', 'escalate', 'complete', 'settle', 'assign', 'startPreparing', 'markReady', 'payOut'),
  made((world) => ({ action: 'confirmPayment', payment: heldBy(world, false) })),
  made((world) => ({ action: 'authorize', payment: heldBy(world, true) })),
  fc
    .constantFrom(undefined, 5, 30)
    .map((prepMinutes): Make => () => ({ action: 'accept', ...(prepMinutes && { prepMinutes }) })),
  made((_, nowMs) => ({ action: 'pickUp', code: '5678', fix: aFix('kitchen', nowMs) })),
  made((_, nowMs) => ({ action: 'deliver', fix: aFix('door', nowMs), proof: { type: 'pin', pin: '1234' } })),
  made(() => ({ action: 'pickUp' })),
  made(() => ({ action: 'confirmDelivery', pin: '1234' })),
  made(() => ({ action: 'collect', pin: '1234' })),
  made(() => ({ action: 'restore', reason: 'a slip' })),
);

const change: fc.Arbitrary<LineChange> = fc.oneof(
  fc.record({
    type: fc.constant('reduce' as const),
    line: fc.nat({ max: 1 }),
    quantity: fc.integer({ min: 0, max: 3 }),
  }),
  fc.integer({ min: 1, max: 4 }).map((quantity): LineChange => {
    return { type: 'substitute', line: 0, by: { itemId: 'diavola', quantity, modifiers: [] } };
  }),
);

/** A yes is followed by the payment of what the holds lack. */
const answerPaid: Make = ({ order }) => {
  const lackMinor = Math.max(0, (order.edit?.totalMinor ?? 0) - order.payment.authorizedMinor);
  const intentId = `pi_edit_${order.edit?.event ?? 0}`;
  if (lackMinor === 0 || order.payment.status === 'cash') return { action: 'answerEdit', reason: 'approved' };
  if (order.edit?.topUpIntentId === undefined)
    return { action: 'answerEdit', reason: 'approved', topUpIntentId: intentId };
  return { action: 'answerEdit', reason: 'paid', topUp: { intentId, authorizedMinor: lackMinor } };
};

const editing: fc.Arbitrary<Make> = fc.oneof(
  fc
    .array(change, { minLength: 1, maxLength: 2 })
    .map((changes): Make => () => ({ action: 'edit', changes, reason: 'x' })),
  made(answerPaid),
  made(() => ({ action: 'answerEdit', reason: 'declined' })),
  made(() => ({ action: 'answerEdit', reason: 'unanswered' })),
);

const liable = fc.constantFrom(undefined, ...LIABLE_PARTIES);
/** What ends it, or takes it back. */
const away: fc.Arbitrary<Make> = fc.oneof(
  plain('expire', 'presumeDelivered'),
  made(() => ({ action: 'failPayment', reason: 'declined' })),
  made(() => ({ action: 'reject', reason: 'closing' })),
  made(() => ({ action: 'unassign', reason: 'flat tyre' })),
  made(() => ({ action: 'restartSearch', reason: 'no courier' })),
  fc
    .constantFrom<SentRider>({ type: 'own' }, { type: 'outside', name: 'Rita', feeMinor: 900 })
    .map((rider): Make => () => ({ action: 'sendRider', rider, reason: 'no courier' })),
  fc
    .constantFrom(COURIER, 'omar-2')
    .map((courierId): Make => () => ({ action: 'handOver', courierId, reason: 'flat tyre' })),
  fc.oneof(
    plain('contact'),
    made(() => ({ action: 'delay', minutes: 10, reason: 'the oven is cold' })),
  ),
  made(() => ({ action: 'fail', reason: 'no answer' })),
  liable.map((party): Make => (_, nowMs) => ({
    action: 'return',
    fix: aFix('kitchen', nowMs),
    ...(party && { liable: party }),
  })),
  liable.map((party): Make => () => ({ action: 'cancel', reason: 'x', ...(party && { liable: party }) })),
);

const refundWish: fc.Arbitrary<RefundWish> = fc.oneof(
  fc.record({
    type: fc.constant('lines' as const),
    lines: fc.tuple(fc.record({ line: fc.nat({ max: 1 }), quantity: fc.integer({ min: 1, max: 2 }) })),
  }),
  fc.record({ type: fc.constant('amount' as const), amountMinor: fc.integer({ min: 1, max: 900 }) }),
  fc.constant<RefundWish>({ type: 'whole' }),
);

export const step = fc.record({
  make: fc.oneof({ arbitrary: forward, weight: 12 }, { arbitrary: editing, weight: 3 }, { arbitrary: away, weight: 1 }),
  by: fc.constantFrom<Role>(...ROLES),
  /** Otherwise by an actor who may, so that walks get far. */
  byAnyRole: fc.integer({ min: 0, max: 9 }).map((one) => one === 0),
  waitMs: fc.constantFrom(0, 1000, 61_000, 5 * MINUTE, 11 * MINUTE),
  /** The provider says at once that it is done. */
  confirmed: fc.boolean(),
  /** Now and then something is given back. */
  refund: fc.option(fc.record({ what: refundWish, liable: fc.constantFrom('merchant', 'courier', 'platform') }), {
    freq: 4,
  }),
  payout: fc.option(payoutWish, { freq: 8 }),
});
export type WalkStep = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** One thing asked of the order, and perhaps a refund or a payment to the courier; refusals change nothing. */
export function walk(world: World, wish: WalkStep, index: number): World {
  const moved = move({ ...world, nowMs: world.nowMs + wish.waitMs }, wish, index);
  const after = wish.refund ? refunded(moved, wish.refund, index) : moved;
  return wish.payout ? pay(after, wish.payout, index) : after;
}

function move(world: World, { make, by: anyRole, byAnyRole, confirmed }: WalkStep, index: number): World {
  const { order, quote, nowMs } = world;
  const asked = make(world, nowMs);
  const isPayout = asked.action === 'complete' || asked.action === 'payOut';
  const command = isPayout ? { ...asked, taken: confirmed } : asked;
  const able = listSteps(order.status, command.action, order.kind)[0]?.by;
  const role = byAnyRole ? anyRole : (able?.[index % able.length] ?? anyRole);
  const facts = {
    nowMs,
    // Or hardly a courier of a walk would be paid at once.
    limits: theLimits(confirmed ? { credibility: BELIEVING } : {}),
    quote,
    menu: MENU,
    pin: '1234',
    pickUpCode: '5678',
    courier: { name: 'Omar', vehicle: 'bicycle' as const },
    photoSeen: false,
    conflict: null,
    storeCanAccept: true,
    // Without a stream of positions the courier's pay is held.
    position: confirmed ? { fixes: [{ ...DOOR_AT, agoMs: 0 }], at: nowMs } : null,
    proofExists: false,
  };
  const actor = { role, uid: role === 'system' ? null : COURIER };
  const outcome = decide({ orderId: 'order-1', order, command, actor, causeId: `cause-${index}`, facts });
  if (!outcome.ok) return world;
  const { journal, event, released } = outcome.value;
  return {
    ...world,
    order: confirmed ? atProvider(outcome.value.order) : outcome.value.order,
    quote: outcome.value.quote ?? quote,
    ledger: journal ? [...world.ledger, [`order-1-${event.n}`, journal]] : world.ledger,
    released: released ? [...world.released, released] : world.released,
    applied: world.applied + 1,
  };
}

/** What was let go is noted at once; what was taken, with the payout. */
function atProvider(order: Order): Order {
  const { payment } = order;
  return payment.status === 'voiding' ? { ...order, payment: { ...payment, status: 'voided' } } : order;
}

/** A refund as the shell of it writes it: the order's sums and the journals. */
function refunded(world: World, { what, liable: party }: NonNullable<WalkStep['refund']>, index: number): World {
  const { order, quote, refunds, nowMs } = world;
  const { payment, restaurantId, courierId, customerId, currency } = order;
  const settlement = findSettlement(order, quote);
  const isOver = settlement !== null && settlement.captureMinor + settlement.creditMinor > 0;
  if (!isOver || (party === 'courier' && courierId === null)) return world;
  const earlier = refunds.map(({ refund }) => refund);
  const moneyLeftMinor = payment.capturedMinor - payment.refundedMinor;
  const outcome = priceRefund({ pricing: quote.pricing, settlement, earlier, moneyLeftMinor, what, liable: party });
  if (!outcome.ok) return world;
  const refund = { ...outcome.value, what };
  const charged = { status: order.status, restaurantId, pricing: quote.pricing, settlement, lateCreditMinor: 0 };
  const takenBack = computeTakenBack(charged, earlier, refund);
  const parties = {
    orderId: 'order-1',
    restaurantId,
    courierId,
    customerId,
    currency,
    inCash: payment.method === 'cash',
  };
  const toCardMinor = payment.method === 'cash' ? 0 : refund.moneyMinor;
  const sent = refunds.flatMap(({ parts }) => parts);
  const parts = splitRefund(payment, sent, toCardMinor);
  const isPaidOut = order.events.some((event) => event.money?.type === 'transfer');
  const journals = [
    refundJournal(parties, refund, takenBack, toCardMinor, nowMs),
    reversalJournal(parties, isPaidOut ? refund.merchantMinor : 0, nowMs),
  ];
  const posted = journals.flatMap((one, n): World['ledger'] => (one ? [[`order-1-refund-${index}-${n}`, one]] : []));
  return {
    ...world,
    order: { ...order, payment: given(payment, refund) },
    ledger: [...world.ledger, ...posted],
    refunds: [...refunds, { refund, parts }],
  };
}

const given = (payment: Payment, { moneyMinor, merchantMinor }: PricedRefund): Payment => ({
  ...payment,
  refundedMinor: payment.refundedMinor + moneyMinor,
  merchantBearsMinor: (payment.merchantBearsMinor ?? 0) + merchantMinor,
});
