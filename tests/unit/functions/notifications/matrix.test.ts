import { strict as assert } from 'node:assert';
import { MUTABLE_TOPICS, type Preferences } from '#functions/contract/notifications.js';
import { ORDER_ACTIONS, type OrderEvent, type PendingEdit } from '#functions/contract/orders.js';
import { getMessageKind, MESSAGES, type MessageKey } from '#functions/notifications/model/messages.js';
import { mayNotify } from '#functions/notifications/model/topics.js';
import { listEffects } from '#functions/orders/model/effects.js';
import { START_MS } from '#fixtures/catalogue.js';
import { anOrder, type OrderFacts } from '#fixtures/orders.js';

type Role = 'customer' | 'merchant' | 'courier';
type Told = `${Role} ${MessageKey}`;

const aProposal: PendingEdit = {
  event: 9,
  changes: [{ type: 'reduce', line: 0, quantity: 1 }],
  lines: [],
  totalMinor: 1,
  ifUnavailable: 'refund',
  untilMs: START_MS,
};

/**
 * The notifications that each step sends, for an order of carla's that rosa cooks and, where a row has a courier, omar
 * delivers. The actor of the step and parties without a need for it are not notified.
 */
const STEPS: readonly (readonly [what: string, OrderEvent['action'], OrderFacts, Partial<OrderEvent>, Told[]])[] = [
  ['is placed, but not paid', 'place', { status: 'pending_payment' }, {}, []],
  ['is paid', 'confirmPayment', { status: 'placed' }, {}, ['merchant order_placed']],
  ['is paid for a later time', 'confirmPayment', { status: 'scheduled' }, {}, []],
  ['expires unpaid', 'expire', { status: 'expired' }, {}, []],
  ['has its card charged before its slot', 'authorize', { status: 'scheduled' }, {}, []],
  ['has its card refused before its slot', 'failPayment', { status: 'scheduled' }, {}, ['customer payment_failed']],
  ['comes to the kitchen at its time', 'release', { status: 'placed' }, {}, ['merchant order_placed']],
  ['waits for an answer', 'remind', { status: 'placed' }, {}, ['merchant order_waiting']],
  ['is accepted', 'accept', { status: 'accepted' }, {}, ['customer order_accepted']],
  ['is rejected', 'reject', { status: 'rejected' }, { reason: 'too_busy' }, ['customer order_rejected']],
  [
    'is rejected by the time that passed',
    'reject',
    { status: 'rejected' },
    { reason: 'no_answer' },
    ['customer order_rejected'],
  ],
  ['is being prepared', 'startPreparing', { status: 'preparing' }, {}, []],
  ['is made smaller', 'edit', { status: 'accepted' }, {}, ['customer order_edited']],
  ['may have something else in it', 'edit', { status: 'accepted', edit: aProposal }, {}, ['customer edit_proposed']],
  ['is answered by the customer', 'answerEdit', { status: 'accepted' }, { by: 'customer' }, ['merchant edit_answered']],
  [
    'is answered by the time that passed',
    'answerEdit',
    { status: 'accepted' },
    { by: 'system' },
    ['merchant edit_answered', 'customer order_edited'],
  ],
  ['gets its courier', 'assign', { status: 'accepted', courierId: 'omar' }, {}, []],
  ['has its search begun again', 'restartSearch', { status: 'ready' }, { by: 'operator' }, []],
  [
    'is assigned by an operator',
    'assign',
    { status: 'accepted', courierId: 'omar' },
    { by: 'operator' },
    ['courier order_assigned'],
  ],
  [
    'is brought by a rider of the restaurant',
    'sendRider',
    { status: 'ready', rider: { type: 'own' } },
    { by: 'operator' },
    ['merchant own_rider_needed'],
  ],
  [
    'is brought by an outside rider',
    'sendRider',
    { status: 'ready', rider: { type: 'outside', feeMinor: 900 } },
    { by: 'operator' },
    ['merchant rider_comes'],
  ],
  [
    'is taken over by another courier',
    'handOver',
    { status: 'picked_up', courierId: 'omar' },
    { by: 'operator' },
    ['courier order_assigned'],
  ],
  ['is given back by its courier', 'unassign', { status: 'accepted' }, { by: 'courier', courierId: 'omar' }, []],
  ['is ready for its courier', 'markReady', { status: 'ready', courierId: 'omar' }, {}, ['courier order_ready']],
  ['is ready, and has no courier', 'markReady', { status: 'ready' }, {}, []],
  ['is ready at the counter', 'markReady', { status: 'ready', kind: 'pickup' }, {}, ['customer order_ready']],
  [
    'has its courier near the counter',
    'arrive',
    { status: 'ready', courierId: 'omar' },
    { from: 'ready', reason: 'near' },
    [],
  ],
  [
    'has its courier at the counter',
    'arrive',
    { status: 'ready', courierId: 'omar' },
    { from: 'ready', reason: 'here' },
    ['merchant courier_at_counter'],
  ],
  ['is picked up', 'pickUp', { status: 'picked_up', courierId: 'omar' }, {}, ['customer order_picked_up']],
  [
    'is near the door',
    'arrive',
    { status: 'picked_up', courierId: 'omar' },
    { from: 'picked_up', reason: 'near' },
    ['customer courier_near'],
  ],
  [
    'is at the door',
    'arrive',
    { status: 'picked_up', courierId: 'omar' },
    { from: 'picked_up', reason: 'here' },
    ['customer courier_here'],
  ],
  ['waits at the door', 'contact', { status: 'picked_up', courierId: 'omar' }, {}, ['customer courier_waits']],
  [
    'is brought by its rider',
    'confirmDelivery',
    { status: 'delivered', rider: { type: 'own' } },
    {},
    ['customer order_delivered'],
  ],
  ['is delivered', 'deliver', { status: 'delivered', courierId: 'omar' }, {}, ['customer order_delivered']],
  [
    'is delivered late',
    'deliver',
    { status: 'delivered', courierId: 'omar' },
    { late: { minutes: 20, leg: 'courier', creditMinor: 200 } },
    ['customer order_delivered', 'customer late_credit'],
  ],
  [
    'is taken for delivered',
    'presumeDelivered',
    { status: 'delivered', courierId: 'omar' },
    {},
    ['customer order_delivered'],
  ],
  ['is collected', 'collect', { status: 'collected', kind: 'pickup' }, {}, ['customer order_delivered']],
  [
    'finds no customer at the door',
    'fail',
    { status: 'undeliverable', courierId: 'omar' },
    {},
    ['customer order_undeliverable'],
  ],
  [
    'finds no person of the age at the door',
    'fail',
    { status: 'undeliverable', courierId: 'omar' },
    { cause: 'id_check' },
    ['customer age_not_proven'],
  ],
  ['is brought back', 'return', { status: 'returned', courierId: 'omar' }, {}, []],
  ['is late in the kitchen', 'escalate', { status: 'preparing' }, {}, ['customer order_delayed']],
  ['will be ready later', 'delay', { status: 'preparing' }, { by: 'merchant' }, ['customer order_postponed']],
  [
    'will be ready later, and has a courier',
    'delay',
    { status: 'accepted', courierId: 'omar' },
    { by: 'merchant' },
    ['customer order_postponed', 'courier pick_up_postponed'],
  ],
  ['is late on its way', 'escalate', { status: 'picked_up', courierId: 'omar' }, {}, ['customer order_delayed']],
  ['is not fetched', 'escalate', { status: 'ready', courierId: 'omar' }, {}, []],
  [
    'is cancelled',
    'cancel',
    { status: 'cancelled', courierId: 'omar' },
    {},
    ['customer order_cancelled', 'merchant order_cancelled', 'courier order_cancelled'],
  ],
  [
    'is cancelled without a courier',
    'cancel',
    { status: 'cancelled' },
    {},
    ['customer order_cancelled', 'merchant order_cancelled'],
  ],
  [
    'is cancelled before it comes to the kitchen',
    'cancel',
    { status: 'cancelled' },
    { from: 'scheduled', by: 'customer' },
    ['customer order_cancelled'],
  ],
  [
    'is cancelled since its card had used the promotion',
    'cancel',
    { status: 'cancelled' },
    { reason: 'promotion_used' },
    ['customer promotion_used', 'merchant order_cancelled'],
  ],
  [
    'is cancelled by a customer who says the same',
    'cancel',
    { status: 'cancelled' },
    { by: 'customer', reason: 'promotion_used' },
    ['customer order_cancelled', 'merchant order_cancelled'],
  ],
  ['is settled after its cancellation', 'settle', { status: 'cancelled' }, {}, []],
  ['goes on after all', 'restore', { status: 'accepted' }, {}, ['customer order_restored', 'merchant order_restored']],
  ['is completed', 'complete', { status: 'completed', courierId: 'omar' }, {}, []],
  ['is paid out', 'payOut', { status: 'returned', courierId: 'omar' }, {}, []],
];

const ROLES: Readonly<Record<string, Role>> = { carla: 'customer', rosa: 'merchant', omar: 'courier' };

function toldOf(action: OrderEvent['action'], facts: OrderFacts, event: Partial<OrderEvent>): string[] {
  const order = anOrder(facts);
  const base = {
    n: 9,
    action,
    from: order.status,
    to: order.status,
    by: 'system',
    atMs: START_MS,
    causeId: 'x',
  } as const;
  const pushes = listEffects(order, { ...base, ...event }).filter((effect) => effect.type === 'push');
  return pushes.map(({ to, message }) => `${ROLES[to.type === 'user' ? to.uid : to.restaurantId]} ${message}`);
}

describe('the notifications of an order that', () => {
  for (const [what, action, facts, event, expected] of STEPS)
    it(`${what}: ${expected.join(', ') || 'none'}`, () => assert.deepEqual(toldOf(action, facts, event), expected));

  it('cover every action', () =>
    assert.deepEqual(new Set(STEPS.map(([, action]) => action)), new Set(['place', ...ORDER_ACTIONS])));
});

interface Nature {
  /** True where a phone may switch it off: not the steps of an order, offers to couriers and decisions of support. */
  off: boolean;
  /** True where quiet hours hold it back: not what a user waits for or must answer. */
  waits: boolean;
  /** True where the inbox keeps it. The history of an order is in the order itself. */
  kept: boolean;
}
const STEP: Nature = { off: false, waits: false, kept: false };
const MONEY: Nature = { off: true, waits: true, kept: true };

const NATURES: Readonly<Record<MessageKey, Nature>> = {
  order_placed: STEP,
  order_waiting: STEP,
  order_accepted: STEP,
  order_rejected: STEP,
  order_assigned: STEP,
  own_rider_needed: STEP,
  rider_comes: STEP,
  order_ready: STEP,
  order_picked_up: STEP,
  order_delivered: STEP,
  order_edited: STEP,
  edit_proposed: STEP,
  edit_answered: STEP,
  payment_failed: STEP,
  order_delayed: STEP,
  order_postponed: STEP,
  pick_up_postponed: STEP,
  order_undeliverable: STEP,
  age_not_proven: STEP,
  order_cancelled: STEP,
  promotion_used: STEP,
  order_restored: STEP,
  courier_at_counter: STEP,
  courier_near: STEP,
  courier_here: STEP,
  courier_waits: STEP,
  courier_offer: STEP,
  chat_message: { off: true, waits: false, kept: false },
  cart_sold_out: { off: true, waits: true, kept: false },
  order_refunded: MONEY,
  late_credit: MONEY,
  tip_received: MONEY,
  courier_paid: MONEY,
  courier_payout_failed: MONEY,
  support_message: { off: false, waits: false, kept: true },
  support_answer: { off: false, waits: false, kept: true },
  review_answered: { off: true, waits: true, kept: true },
  content_removed: { off: true, waits: true, kept: true },
  claim_rejected: { off: false, waits: true, kept: true },
};

/** From ten in the evening to seven in the morning in Vienna. */
const QUIET = { fromMinute: 1320, toMinute: 420, timeZone: 'Europe/Vienna' };
const NIGHT_MS = Date.parse('2026-01-10T23:30:00+01:00');
const DAY_MS = Date.parse('2026-01-10T12:00:00+01:00');

describe('the notifications of a phone, by its preferences and the hour', () => {
  for (const [key, { off, waits, kept }] of entriesOf(NATURES)) {
    const { topic, kept: isKept = false } = getMessageKind(key);
    const own = MUTABLE_TOPICS.filter((one) => one === topic);
    const others = MUTABLE_TOPICS.filter((one) => one !== topic);
    const told = (preferences: Preferences, atMs: number) => mayNotify(preferences, topic, atMs);

    it(`${key}: ${off ? 'may be switched off' : 'always'}, ${waits ? 'by day' : 'at night too'}${kept ? ', kept' : ''}`, () => {
      assert.deepEqual([own.length === 1, isKept], [off, kept]);
      for (const [muted, isOff] of [
        [undefined, false],
        [others, false],
        [own, off],
        [[...MUTABLE_TOPICS], off],
      ] as const) {
        const preferences = { ...(muted && { muted: [...muted] }) };
        assert.deepEqual(
          [
            told(preferences, DAY_MS),
            told(preferences, NIGHT_MS),
            told({ ...preferences, quietHours: QUIET }, DAY_MS),
            told({ ...preferences, quietHours: QUIET }, NIGHT_MS),
          ],
          [!isOff, !isOff, !isOff, !isOff && !waits],
          `off: ${muted?.join(', ') ?? 'nothing said'}`,
        );
      }
    });
  }

  it('have a row for every message', () =>
    assert.deepEqual(Object.keys(NATURES).toSorted(), Object.keys(MESSAGES).toSorted()));
});

function entriesOf<K extends string, V>(record: Readonly<Record<K, V>>): [K, V][] {
  return (Object.keys(record) as K[]).map((key) => [key, record[key]]);
}
